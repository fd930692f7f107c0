/**
 * Files that are damaged: refused at the start with a reason, and left as they are; or, where nobody can tell before it is read, an error
 * instead of an answer. What nobody can notice may be only what docs/adr/0012 names.
 */
import { copyFileSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';
import { beforeAll, describe, expect, test } from 'vitest';
import { StoreUnusable } from '../../src/store/engines.ts';
import { sealedValues } from '../../src/store/rekey.ts';
import { openStore } from '../../src/store/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { temporaryFolder } from './databases.ts';
import { fill } from './full-store.ts';
import { newAlias, newKey } from './people.ts';

const name = 'state.sqlite';

interface Sample {
  readonly files: Readonly<Record<string, Buffer>>;
  readonly answers: Answers;
}

/** By table and column, all values, in order. */
type Answers = Readonly<Record<string, string>>;

async function answersOf(store: Store): Promise<Answers> {
  const contents = await store.contents.read();
  const { documents } = store;
  const all = { ...contents, signet: [{ value: contents.region }], documents: await documents.all('snapshot') };
  const columns: Record<string, string[]> = {};
  for (const [table, rows] of Object.entries(all)) {
    if (!Array.isArray(rows)) continue;
    const inOrder = (rows as Record<string, unknown>[]).map((row) => Object.entries(row));
    for (const [column, value] of inOrder.flat()) {
      const text = value instanceof Uint8Array ? Buffer.from(value).toString('hex') : JSON.stringify(value);
      (columns[`${table}.${column}`] ??= []).push(text);
    }
  }
  // Rows come in no particular order.
  return Object.fromEntries(Object.entries(columns).map(([column, values]) => [column, values.toSorted().join('\n')]));
}

/** Closed in order, or as a process leaves its files that is killed. */
async function sampleOf(folder: string, isKilled: boolean): Promise<Sample> {
  const file = join(folder, name);
  const store = await openStore({ url: `sqlite:${file}` });
  await fill(store);
  for (let index = 0; index < 30; index++) {
    await store.keys.add(newKey(`more ${index}`, { description: `description of ${index}` }));
    await store.aliases.add(newAlias(`alias/more-${index}`, `more ${index}`));
  }
  await store.documents.put({ kind: 'snapshot', name: 'one', content: Buffer.alloc(9000, 'text'), createdAt: 1 });
  const answers = await answersOf(store);
  if (!isKilled) await store.close();
  const names = readdirSync(folder).filter((each) => !each.endsWith('-shm'));
  const files = Object.fromEntries(names.map((each) => [each, readFileSync(join(folder, each))]));
  if (isKilled) await store.close();
  return { files, answers };
}

type End = 'refused' | 'fails when it is read' | 'the same' | readonly string[];

/** What becomes of the sample after this damage; in the last case, the columns whose answers are wrong. */
async function endOf({ files, answers }: Sample, damage: (folder: string) => void): Promise<End> {
  const folder = temporaryFolder();
  for (const [each, bytes] of Object.entries(files)) writeFileSync(join(folder, each), bytes, { mode: 0o600 });
  damage(folder);
  const before = bytesOf(folder);
  let store: Store;
  try {
    store = await openStore({ url: `sqlite:${join(folder, name)}` });
  } catch (error) {
    expect(error).toBeInstanceOf(StoreUnusable);
    expect((error as Error).message).toMatch(/state\.sqlite|master key|database/i);
    expect(bytesOf(folder)).toEqual(before);
    return 'refused';
  }
  try {
    const now = await answersOf(store);
    const wrong = Object.keys({ ...answers, ...now }).filter((column) => now[column] !== answers[column]);
    return wrong.length === 0 ? 'the same' : wrong;
  } catch {
    return 'fails when it is read';
  } finally {
    await store.close();
  }
}

/** But for the index of a log, which whoever looks into one makes. */
const bytesOf = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((each) => !each.endsWith('-shm'))
      .map((each) => [each, readFileSync(join(folder, each)).toString('base64')]),
  );

function flip(folder: string, file: string, bit: number): void {
  const bytes = readFileSync(join(folder, file));
  const at = bit >> 3;
  bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (bit & 7)), at);
  writeFileSync(join(folder, file), bytes);
}

/** Bits, the same in each run: of the first bytes, where the header is, and of any byte that is not empty. */
function places(bytes: Buffer, count: number, seed: number): readonly number[] {
  const random = mersenne(seed);
  const early = Array.from({ length: Math.min(100, count, bytes.length) }, (_, index) => index);
  const used = Array.from(bytes.keys()).filter((index) => bytes[index] !== 0);
  const anywhere = Array.from(
    { length: count - early.length },
    () => used[uniformInt(random, 0, used.length - 1)] ?? 0,
  );
  return [...early, ...anywhere].map((at) => at * 8 + uniformInt(random, 0, 7));
}

/** Those that no index repeats and no seal guards: a bit in them can change without a trace. */
function unguarded(file: string): ReadonlySet<string> {
  const database = new DatabaseSync(file, { readOnly: true });
  const columns = database.prepare(
    `select t.name || '.' || c.name as it from sqlite_master t, pragma_table_info(t.name) c where t.type = 'table' and not exists
       (select 1 from pragma_index_list(t.name) l, pragma_index_info(l.name) i where i.name = c.name)`,
  );
  const all = columns.all().map(({ it }) => String(it));
  database.close();
  const sealed = new Set(sealedValues.map(({ table, column }) => `${table}.${column}`));
  // Both are one column to those who ask.
  return new Set([...all.filter((column) => !sealed.has(column)), 'apis.definition']);
}

let closed: Sample;
let killed: Sample;
let guardless: ReadonlySet<string>;
beforeAll(async () => {
  const { mkdtempSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const folders = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'signet-')));
  const [first = '', second = ''] = folders;
  closed = await sampleOf(first, false);
  killed = await sampleOf(second, true);
  guardless = unguarded(join(first, name));
  return () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true }));
});

const tally = (ends: readonly End[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const end of ends) {
    const what = typeof end === 'string' ? end : 'wrong';
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
};
const wrongIn = (ends: readonly End[]): readonly string[] =>
  ends.flatMap((end) => (typeof end === 'string' ? [] : end)).filter((column) => !guardless.has(column));

test('the samples are what they should be', async () => {
  expect(await endOf(closed, () => undefined)).toBe('the same');
  expect(await endOf(killed, () => undefined)).toBe('the same');
  expect(Object.keys(closed.files)).toEqual([name, `${name}.key`]);
  expect(killed.files[`${name}-wal`]?.length).toBeGreaterThan(100_000);
});

describe('the file', () => {
  test('cut short, wherever, is refused', async () => {
    const size = closed.files[name]!.length;
    const lengths = [0, 1, 15, 16, 99, 100, 511, 512, 1024, 4095, size - 4096, size - 1];
    const more = places(closed.files[name]!, 160, 1)
      .slice(100)
      .map((bit) => bit >> 3);
    for (const length of [...lengths, ...more]) {
      const end = await endOf(closed, (folder) => truncateSync(join(folder, name), length));
      expect([length, end]).toEqual([length, 'refused']);
    }
  });

  test(
    'with a bit changed is refused, or fails, or answers the same; or nobody can tell',
    { timeout: 120_000 },
    async () => {
      const ends: End[] = [];
      for (const bit of places(closed.files[name]!, 300, 2)) {
        ends.push(await endOf(closed, (folder) => flip(folder, name, bit)));
      }
      expect(wrongIn(ends)).toEqual([]);
      expect(tally(ends)['refused']).toBeGreaterThan(60);
    },
  );

  test('with a page in the place of another is refused', async () => {
    const pages = closed.files[name]!.length / 4096;
    const ends: End[] = [];
    for (let page = 1; page < Math.min(pages, 40); page++) {
      ends.push(
        await endOf(closed, (folder) => {
          const bytes = readFileSync(join(folder, name));
          bytes.copy(bytes, page * 4096, ((page + 7) % pages) * 4096, ((page + 7) % pages) * 4096 + 4096);
          writeFileSync(join(folder, name), bytes);
        }),
      );
    }
    expect(wrongIn(ends)).toEqual([]);
    expect(tally(ends)['wrong']).toBeUndefined();
  });
});

describe('the log', () => {
  const log = `${name}-wal`;

  test('with a bit changed before its last transactions is refused', { timeout: 120_000 }, async () => {
    const ends: [number, End][] = [];
    for (const bit of places(killed.files[log]!.subarray(0, -80_000), 130, 3)) {
      ends.push([bit, await endOf(killed, (folder) => flip(folder, log, bit))]);
    }
    expect(ends.filter(([, end]) => end !== 'refused')).toEqual([]);
  });

  test('cut in its header is refused; cut later, it is one that was never longer', async () => {
    for (const length of [1, 20, 31]) {
      expect(await endOf(killed, (folder) => truncateSync(join(folder, log), length))).toBe('refused');
    }
    const later = await endOf(killed, (folder) => truncateSync(join(folder, log), killed.files[log]!.length - 1));
    expect(later).not.toBe('refused');
  });

  test('of a file that is empty is kept', async () => {
    expect(await endOf(killed, (folder) => truncateSync(join(folder, name), 0))).toBe('refused');
  });

  test('beside a file with a bit changed is kept', { timeout: 60_000 }, async () => {
    const ends: End[] = [];
    for (const bit of places(killed.files[name]!, 100, 4)) {
      ends.push(await endOf(killed, (folder) => flip(folder, name, bit)));
    }
    expect(wrongIn(ends)).toEqual([]);
  });
});

test('the key file with a bit changed, or cut short, is refused, or is the same key', async () => {
  const key = `${name}.key`;
  const { length } = closed.files[key]!;
  for (let at = 0; at < length; at++) {
    expect(['refused', 'the same']).toContain(await endOf(closed, (folder) => flip(folder, key, at * 8 + (at % 8))));
  }
  for (const shorter of [0, 1, 20, 42]) {
    expect(await endOf(closed, (folder) => truncateSync(join(folder, key), shorter))).toBe('refused');
  }
});

test('a copy of a sound file takes the place of a damaged one', async () => {
  const folder = temporaryFolder();
  const good = join(temporaryFolder(), name);
  writeFileSync(good, closed.files[name]!);
  writeFileSync(join(folder, `${name}.key`), closed.files[`${name}.key`]!, { mode: 0o600 });
  writeFileSync(join(folder, name), closed.files[name]!.subarray(0, 5000));
  const url = `sqlite:${join(folder, name)}`;
  await expect(openStore({ url })).rejects.toThrow(
    /state\.sqlite cannot be used: .*It was left as it is; put back a copy/,
  );
  copyFileSync(good, join(folder, name));
  const store = await openStore({ url });
  expect(await answersOf(store)).toEqual(closed.answers);
  await store.close();
});
