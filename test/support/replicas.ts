/** Two Signets over one state, as replicas behind a load balancer are; in one process, so that a test holds both in its hands. */
import { join } from 'node:path';
import type { Signet, SignetOptions } from '../../src/index.ts';
import { freshPostgres } from './postgres-database.ts';
import { useFolder, useSignet } from './signet.ts';

/** By name: settings for a new state that several may use. */
export const manyCanUse: readonly (readonly [name: string, newState: () => Promise<SignetOptions>])[] = [
  ['a file', async () => ({ databaseUrl: `sqlite:${join(useFolder(), 'state.sqlite')}` })],
  ['Postgres', async () => ({ databaseUrl: await freshPostgres(), masterKey: Buffer.alloc(32, 7).toString('base64') })],
];

/** They start at the same time: one of them plants the seed, and it does not matter which. */
export async function useReplicas(
  newState: () => Promise<SignetOptions>,
  options: SignetOptions = {},
): Promise<readonly [Signet, Signet]> {
  const state = await newState();
  return Promise.all([useSignet({ ...options, ...state }), useSignet({ ...options, ...state })]);
}

/** Whichever of the two does something, the other one hears of it. */
export const bothWays = <Two>([one, other]: readonly [Two, Two]) =>
  [
    ['from the first to the second', one, other],
    ['from the second to the first', other, one],
  ] as const;
