/**
 * Makes dist/: the types, and in js/ the client, the middleware for backends and the program with all that it depends on, in a few files: to
 * load the 800 that they are made of takes longer than all the rest of the start. Files in js/ lie as deep as those in src/crypto/, so that
 * relative paths stay right.
 */
import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { parse } from 'yaml';

rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
const seed = readFileSync('seeds/default.yaml', 'utf8');
const { metafile } = await build({
  entryPoints: [
    'src/main.ts',
    'src/index.ts',
    'src/crypto/signing-worker.ts',
    'src/crypto/diagnosis/diagnosis-worker.ts',
  ],
  outdir: 'dist/js',
  entryNames: '[name]',
  bundle: true,
  splitting: true,
  metafile: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  define: { BUILT_SEED: JSON.stringify({ sha256: hash('sha256', seed), file: parse(seed) as unknown }) },
  plugins: [
    replaced({
      // By import, each of their parts is looked at: 15 ms for a web client that nobody uses.
      'node:http': "module.exports = process.getBuiltinModule('node:http');",
      'node:https': "module.exports = process.getBuiltinModule('node:https');",
      // Express loads them whether they are used or not: 30 ms. Bodies are read in src/http/body.ts.
      'body-parser': 'module.exports = {};',
      debug: 'module.exports = () => () => undefined;',
      'mime-db': `module.exports = ${JSON.stringify(typesOf(['css', 'html', 'js', 'json', 'pem', 'svg', 'txt', 'yaml']))};`,
      // As a file beside the program: to parse it takes less than to compile it, and nothing keeps its text.
      './openapi.json': `
        import { readFileSync } from 'node:fs';
        export default JSON.parse(readFileSync(new URL('./openapi.json', import.meta.url), 'utf8'));`,
    }),
  ],
  // What is written in CommonJS asks for Node's own modules by require.
  banner: {
    js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
  },
});
copyFileSync('src/contract/openapi.json', 'dist/js/openapi.json');
// For programs of others, and for browsers: one file without Node.js.
await build({
  entryPoints: ['src/client/client.ts'],
  outdir: 'dist/js',
  bundle: true,
  platform: 'neutral',
  format: 'esm',
  target: 'es2022',
});
// For backends of others: files that stand alone and need nothing but Node.js.
await build({
  entryPoints: ['src/verify-gateway/verify-gateway.ts', 'src/verify-oci/verify-oci.ts'],
  outdir: 'dist/js',
  entryNames: '[name]',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
});
writeFileSync('dist/THIRD-PARTY-LICENSES.txt', licenses(Object.keys(metafile.inputs)));

/** Puts modules in the place of others. */
function replaced(modules: Readonly<Record<string, string>>): Plugin {
  const filter = new RegExp(`^(?:${Object.keys(modules).join('|')})$`);
  return {
    name: 'replaced',
    setup: (building) => {
      building.onResolve({ filter }, ({ path }) => ({ path, namespace: 'replaced' }));
      building.onLoad({ filter, namespace: 'replaced' }, ({ path }) => ({
        contents: modules[path] ?? '',
        loader: 'js',
      }));
    },
  };
}

/** Of the media types, those of these extensions: the program has no other files. */
function typesOf(extensions: readonly string[]): object {
  const all = createRequire(import.meta.url)('mime-db') as Readonly<Record<string, { extensions?: readonly string[] }>>;
  return Object.fromEntries(
    Object.entries(all).filter(([, { extensions: own = [] }]) => own.some((one) => extensions.includes(one))),
  );
}

/** The licences of the packages that these files are from. */
function licenses(files: readonly string[]): string {
  const folders = files.map((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  const texts = [...new Set(folders)].sort().flatMap((folder) => {
    if (folder === undefined) return [];
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
      string,
      string
    >;
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    return [
      `${name} ${version} (${license})\n\n${file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim()}\n`,
    ];
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}
