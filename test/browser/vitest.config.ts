import { defineConfig } from 'vitest/config';

/** The console in a real browser: `npm run test:browser`. Apart from `npm test`, since not every machine has Chromium. */
export default defineConfig({
  test: {
    include: ['test/browser/*.browser.ts'],
    pool: 'forks',
    // Each has a browser with processes of its own.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
