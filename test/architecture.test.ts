import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What a service may know: never another service, never HTTP, never SQL. What crosses goes through app.ts. */
const service = ['contract', 'crypto', 'errors.ts', 'store/store.ts'];
const services = ['kms', 'iam', 'apigw', 'oci', 'emulator'];

/** What each file or folder of `src/` may import of ours, besides itself. */
const house: Readonly<Record<string, readonly string[]>> = {
  'main.ts': ['command-line.ts', 'commands'],
  'command-line.ts': ['commands', 'config.ts', 'nearest.ts'],
  commands: [
    ...['client', 'config.ts', 'crypto', 'emulator/packaged.ts', 'emulator/seeds', 'index.ts', 'seed-checks.ts'],
    ...['store/rekey.ts', 'workers'],
  ],
  // For browsers too: types of the contract, and tables that are made from it.
  client: ['contract/openapi.ts', 'contract/operations.ts'],
  // For programs of others: no part of the server.
  'verify-gateway': ['crypto', 'raw-body.ts'],
  'verify-oci': ['crypto', 'raw-body.ts'],
  'raw-body.ts': [],
  'index.ts': ['config.ts', 'emulator/peers/peers.ts', 'instance.ts', 'notices.ts'],
  'instance.ts': ['app.ts'],
  'notices.ts': ['config.ts', 'config-values.ts'],
  workers: ['config.ts', 'config-values.ts', 'emulator/peers/peers.ts', 'instance.ts', 'notices.ts'],
  'app.ts': [
    ...['apigw/plane', 'config.ts', 'config-values.ts', 'contract', 'crypto', 'emulator', 'http', 'iam'],
    ...['oci/paths.ts', 'sandbox.ts', 'seed-checks.ts', 'spoilable.ts', 'store', 'vendors.ts', 'workbench.ts'],
  ],
  'vendors.ts': [
    ...['apigw', 'config.ts', 'contract', 'crypto', 'http', 'iam', 'kms', 'oci', 'spoilable.ts', 'store/store.ts'],
  ],
  'workbench.ts': ['config.ts', 'contract', 'emulator', 'http', 'sandbox.ts', 'vendors.ts'],
  'spoilable.ts': ['apigw', 'config.ts', 'contract', 'emulator/faults', 'iam', 'kms', 'oci'],
  'sandbox.ts': ['config.ts', 'emulator/seeds', 'store/store.ts'],
  'seed-checks.ts': ['emulator/faults', 'emulator/seeds', 'oci/gateway', 'spoilable.ts'],
  'config.ts': ['config-values.ts'],
  'config-values.ts': ['crypto'],
  'errors.ts': [],
  http: ['contract', 'errors.ts', 'pieces.ts'],
  ...Object.fromEntries(services.map((name) => [name, service])),
  apigw: [...service, 'pieces.ts'],
  emulator: [...service, 'nearest.ts', 'turns.ts', 'verify-gateway/check-signature.ts'],
  'nearest.ts': [],
  'turns.ts': [],
  'pieces.ts': [],
  contract: [],
  store: ['crypto', 'errors.ts', 'turns.ts'],
  // Of which it throws one that is no service's: Overloaded.
  crypto: ['errors.ts'],
};

/** Packages that one folder keeps to itself. */
const reserved: Readonly<Record<string, string>> = {
  express: 'http',
  'express-openapi-validator': 'http',
  kysely: 'store',
  pg: 'store',
};

interface Source {
  /** From the project's folder, with slashes. */
  readonly path: string;
  readonly text: string;
  /** The first name below `src/`. */
  readonly part: string;
  /** As written: `./sign.ts`, `express`. */
  readonly imports: readonly string[];
}

const read = (pattern: string): readonly Source[] =>
  globSync(pattern, { cwd: root, exclude: ['**/node_modules/**'] }).map((path) => {
    const text = readFileSync(posix.join(root, path), 'utf8');
    const imports = ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
    return { path, text, part: path.split('/')[1] ?? '', imports };
  });

const src = read('src/**/*.ts');
const everything = [...src, ...read('{test,bench}/**/*.ts'), ...read('*.config.ts')];
const written = everything.filter(({ path }) => path !== 'src/contract/openapi.ts');

/** Below `src/`, where a relative import of this file leads. */
const target = ({ path }: Source, name: string): string => posix.relative('src', posix.join(posix.dirname(path), name));
const isWithin = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`);
const isOurs = (name: string): boolean => name.startsWith('.');

describe('imports', () => {
  it('finds the sources', () => {
    expect(src.flatMap(({ imports }) => imports)).toContain('./app.ts');
  });

  it('knows every file and folder of src/', () => {
    expect(src.filter(({ part }) => !(part in house)).map(({ path }) => path)).toEqual([]);
  });

  it.each(Object.entries(house))('%s imports nothing of ours but %j', (part, allowed) => {
    const strangers = src
      .filter((source) => source.part === part)
      .flatMap((source) =>
        source.imports
          .filter((name) => isOurs(name) && ![part, ...allowed].some((place) => isWithin(target(source, name), place)))
          .map((name) => `${source.path} imports ${name}`),
      );
    expect(strangers).toEqual([]);
  });

  it.each(Object.entries(reserved))('%s is imported only by src/%s', (pack, owner) => {
    const strangers = src
      .filter(({ part, imports }) => part !== owner && imports.some((name) => isWithin(name, pack)))
      .map(({ path }) => path);
    expect(strangers).toEqual([]);
  });

  it('names our own files as they are: .ts, or .json', () => {
    const misnamed = everything.flatMap(({ path, imports }) =>
      imports.filter((name) => isOurs(name) && !/\.(?:ts|json)$/.test(name)).map((name) => `${path} imports ${name}`),
    );
    expect(misnamed).toEqual([]);
  });
});

describe('files', () => {
  it('are named for what they are about', () => {
    const vague = /(?:^|[/.-])(?:utils?|helpers?|common|misc|shared)(?:[/.-]|$)/;
    expect(everything.filter(({ path }) => vague.test(path)).map(({ path }) => path)).toEqual([]);
  });

  it('are imported by their own names: no index.ts below src/', () => {
    const indexes = src.filter(({ path }) => path.endsWith('/index.ts') && path !== 'src/index.ts');
    expect(indexes.map(({ path }) => path)).toEqual([]);
  });

  it('of src/ are one thing: 250 lines at most', () => {
    const long = written
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
      .filter(({ path, lines }) => path.startsWith('src/') && lines > 250);
    expect(long).toEqual([]);
  });

  it('are finished, and nothing in them is switched off', () => {
    // Each with a bracket, so that this line does not match itself.
    const unfinished = /\bTO[D]O\b|\bFIX[M]E\b|@ts-[i]gnore|@ts-no[c]heck|eslint-dis[a]ble|\.(?:skip|only|todo)\(/;
    const found = written.flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => (unfinished.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
    );
    expect(found).toEqual([]);
  });
});
