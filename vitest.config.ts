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

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Processes, not threads: signing threads and SQLite files belong to one process each, and a crash names its file.
    pool: 'forks',
    globalSetup: ['test/support/postgres-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    restoreMocks: true,
    // Numbers for .ci/run, besides what people read.
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    projects: [
      { extends: true, test: { name: 'all' } },
      {
        extends: true,
        test: { name: 'over Postgres', include: overPostgres, env: { SIGNET_TEST_DATABASE: 'postgres' } },
      },
    ],
  },
});
