import { defineConfig } from 'vitest/config';

/**
 * What replicas promise, shown with the built program in processes that are killed: `npm run build && npm run test:proofs`. Apart from
 * `npm test`, since thousands of rounds take minutes.
 */
export default defineConfig({
  test: {
    include: ['test/replicas/*.proof.ts'],
    pool: 'forks',
    // Each has several processes of its own already.
    maxWorkers: 1,
    testTimeout: 900_000,
    hookTimeout: 60_000,
  },
});
