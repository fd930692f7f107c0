import { defineConfig } from 'vitest/config';

const report = process.env['TEST_REPORT'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Processes, not threads: signing threads and SQLite files belong to one process each, and a crash names its file.
    pool: 'forks',
    testTimeout: 20_000,
    hookTimeout: 20_000,
    restoreMocks: true,
    // Numbers for .ci/run, besides what people read.
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
