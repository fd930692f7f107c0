import { defineConfig } from 'vitest/config';

const report = process.env['TEST_REPORT'];

/**
 * What comes to every family of questions that the store is asked, once more over Postgres. `SIGNET_TEST_DATABASE=postgres vitest run --project all`
 * does that with everything.
 */
const overPostgres = [
  'test/apigw/{bindings,key-lists,publishing,signature-keys,story}.test.ts',
  'test/emulator/{oci-identities,projects,reset,snapshots,state-concurrency}.test.ts',
  'test/iam/{access-key-lock,agencies,lists,permissions,temporary-keys,token-life,tokens}.test.ts',
  'test/kms/{aliases,create-key,deletion,deletion-by-clock,grants,import,lifecycle-states,list-keys,rotation,tagged-keys,tags}.test.ts',
  'test/oci/{api-keys,parallel-uploads,retry-tokens,tenancies}.test.ts',
];

/** Files that put something in the place of a module (`vi.mock`): one process each, whose modules Vite loads. */
const mocked = 'test/**/*.mocked.test.ts';

/** Node loads the modules, once for all files of a process: Signet and what it needs take two seconds, and there are hundreds of files. */
const together = { isolate: false, experimental: { viteModuleRunner: false } };

export default defineConfig({
  test: {
    // Processes, not threads: signing threads and SQLite files belong to one process each.
    pool: 'forks',
    maxWorkers: '100%',
    globalSetup: ['test/support/postgres-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    restoreMocks: true,
    // Numbers for .ci/run, besides what people read.
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    // With what is said above; lists of both would be added up.
    projects: [
      { extends: true, test: { ...together, name: 'all', include: ['test/**/*.test.ts'], exclude: [mocked] } },
      { extends: true, test: { name: 'mocked', include: [mocked] } },
      {
        extends: true,
        test: { ...together, name: 'over Postgres', include: overPostgres, env: { SIGNET_TEST_DATABASE: 'postgres' } },
      },
    ],
  },
});
