/** Whether an answer takes longer the more keys there are: the same requests to a database with few and to one with many. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applySeed, loadSeed } from '../src/emulator/seeds/seed.ts';
import { hashToken } from '../src/iam/tokens.ts';
import { openStore } from '../src/store/sql.ts';
import { signBody } from './plan.ts';
import { start, type Program } from './programs.ts';
import { cpuRatio } from './ratio.ts';

/** What is asked, and how many times as much CPU it takes with many keys. */
export interface Growth {
  readonly name: string;
  readonly ratio: number;
}

export const few = 10;
export const many = 10_000;

/** By alias, which is looked up in the database each time; what is found by its id is remembered. */
const key_id = 'alias/ec-p256';
const questions = [
  ['describe-key', { key_id }],
  ['sign', { ...signBody({ spec: 'EC_P256', type: 'RAW' }), key_id }],
] as const;

export async function growth(main: string, rounds: number, seconds: number): Promise<readonly Growth[]> {
  const folder = mkdtempSync(join(tmpdir(), 'signet-bench-'));
  const programs: Program[] = [];
  try {
    for (const count of [few, many]) {
      const url = `sqlite:${join(folder, `${String(count)}.sqlite`)}`;
      await fill(url, count);
      programs.push(await start(main, [], { SIGNET_DATABASE_URL: url }));
    }
    const growths: Growth[] = [];
    for (const [name, body] of questions) {
      const pair = [programs[0]!, programs[1]!] as const;
      growths.push({ name, ratio: await cpuRatio(pair, { operation: name, body }, rounds, seconds) });
    }
    return growths;
  } finally {
    await Promise.all(programs.map((program) => program.stop()));
    rmSync(folder, { recursive: true });
  }
}

/** The default seed, and its AES key again under other names until there are so many. */
async function fill(url: string, count: number): Promise<void> {
  const store = await openStore({ url });
  const seed = await loadSeed('', () => crypto.randomUUID());
  const pattern = seed.keys.find(({ spec }) => spec.name === 'AES_256')!;
  const more = Array.from({ length: count - seed.keys.length }, (_, index) => ({
    ...pattern,
    ...{ id: crypto.randomUUID(), name: `more-${String(index)}`, aliases: [] },
  }));
  await applySeed({ ...seed, keys: [...seed.keys, ...more] }, { store, now: Date.now, hashToken });
  await store.close();
}
