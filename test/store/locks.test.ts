/** A file that others use at the same time: who waits for whom, how long, and what is said then. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { lockTimeoutMs } from '../../src/store/engine.ts';
import { openEngine, StoreUnusable } from '../../src/store/engines.ts';
import { StoreUnreachable } from '../../src/store/store.ts';
import { beforeStatement, opened, temporaryFolder } from './databases.ts';
import { settle } from './people.ts';

async function filled(): Promise<{ file: string; url: string }> {
  const file = join(temporaryFolder(), 'state.sqlite');
  const url = `sqlite:${file}`;
  const store = await opened(url);
  await settle(store);
  await store.close();
  return { file, url };
}

/** As Signet made them earlier, and as other programs make them. */
function makeOlder(file: string): void {
  const database = new DatabaseSync(file);
  database.exec('pragma journal_mode = delete');
  database.close();
}

test('a transaction holds off other writers from its beginning', async () => {
  const { file, url } = await filled();
  const store = await opened(url);
  const other = new DatabaseSync(file, { timeout: 0 });
  await store.transaction(() => {
    expect(() => other.exec('begin immediate')).toThrow('database is locked');
    return Promise.resolve();
  });
  other.exec('begin immediate');
  // Which in turn is waited for, though not for ever.
  await expect(store.setRegion('nowhere')).rejects.toThrow(StoreUnreachable);
  other.exec('rollback');
  other.close();
  await store.setRegion('eu-nl');
});

test('many writers wait for one lock together, not one after the other', { timeout: 30_000 }, async () => {
  const { file, url } = await filled();
  const store = await opened(url);
  const other = new DatabaseSync(file, { timeout: 0 });
  other.exec('begin immediate');
  const begun = performance.now();
  const ends = await Promise.allSettled(
    Array.from({ length: 4 }, async (_, index) => {
      await store.region();
      await store.setRegion(`nowhere ${index}`);
    }),
  );
  expect(performance.now() - begun).toBeLessThan(3 * lockTimeoutMs);
  expect(ends.map((end) => end.status === 'rejected' && end.reason instanceof StoreUnreachable)).not.toContain(false);
  other.exec('rollback');
  await store.setRegion('eu-nl');
  // The next lock is another one.
  other.exec('begin immediate');
  const waiting = store.setRegion('eu-de');
  await new Promise(setImmediate);
  other.exec('rollback');
  await waiting;
  other.close();
});

describe('a file that somebody else keeps locked', () => {
  test('is not taken for damaged', async () => {
    const { file, url } = await filled();
    const other = new DatabaseSync(file, { timeout: 0 });
    other.exec('pragma locking_mode = exclusive; begin exclusive');
    const message = `${file} cannot be used: a Signet, or another program, is at work on it and keeps it locked`;
    await expect(openEngine({ url, openingMs: 20 })).rejects.toThrow(new StoreUnusable(message));
    other.close();
    await opened(url);
  });

  test('is waited for when the state is asked for its revision', async () => {
    const { file, url } = await filled();
    makeOlder(file);
    const engine = await openEngine({ url });
    const other = new DatabaseSync(file, { timeout: 0 });
    other.exec('begin exclusive');
    const revision = engine.revision!();
    expect(revision).toBeInstanceOf(Promise);
    other.exec('rollback');
    other.close();
    expect(await revision).toMatch(/^\d+$/);
  });

  test('is waited for when it is older, until all may use it at once', async () => {
    const { file, url } = await filled();
    makeOlder(file);
    const engine = await openEngine({ url });
    const other = new DatabaseSync(file, { timeout: 0 });
    other.exec('begin; select * from signet');
    const enabled = engine.enableWal!();
    await new Promise(setImmediate);
    other.exec('rollback');
    other.close();
    await enabled;
    const later = new DatabaseSync(file);
    expect(later.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' });
    later.close();
  });
});

test('a new file lets processes read while one writes, before anybody else sees it', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'state.sqlite');
  await openEngine({ url: `sqlite:${file}` });
  const other = new DatabaseSync(file);
  expect(other.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' });
  other.close();
  expect(readdirSync(folder).filter((name) => !name.startsWith('state.sqlite-'))).toEqual(['state.sqlite']);
});

test('nobody writes between a look at its contents and one at its length', async () => {
  const { file, url } = await filled();
  makeOlder(file);
  const other = new DatabaseSync(file, { timeout: 0 });
  const looks: string[] = [];
  beforeStatement('pragma page_count', () => {
    looks.push('length');
    expect(() => other.exec('begin exclusive')).toThrow('database is locked');
  });
  await openEngine({ url });
  expect(looks).toHaveLength(1);
  other.close();
});
