/** The databases that every test of the store runs over; a further engine is one more row. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { onTestFinished, vi } from 'vitest';
import { openStore } from '../../src/store/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { postgresDatabase } from '../support/postgres-database.ts';

/** By name: gives the URL of a new, empty database. */
export const databases: readonly (readonly [name: string, newUrl: () => string | Promise<string>])[] = [
  ['sqlite in memory', () => 'sqlite::memory:'],
  ['sqlite in a file', () => `sqlite:${join(temporaryFolder(), 'state.sqlite')}`],
  ['postgres', postgresDatabase],
];

/** Goes away with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signet-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** For a database that has no place for a key file. */
const ownKey = Buffer.alloc(32, 7);

/** Closed with the test, if not before. */
export async function opened(where: string | Promise<string>, given?: Uint8Array): Promise<Store> {
  const url = await where;
  const masterKey = given ?? (url.startsWith('postgres:') ? ownKey : undefined);
  const store = await openStore({ url, ...(masterKey && { masterKey }) });
  onTestFinished(() => store.close());
  return store;
}

/** Runs this just before SQLite prepares such a statement, or in the place of that where it throws. */
export function beforeStatement(wanted: string, work: () => void): void {
  const { prepare } = DatabaseSync.prototype as { prepare: (this: DatabaseSync, text: string) => StatementSync };
  vi.spyOn(DatabaseSync.prototype, 'prepare').mockImplementation(function (this: DatabaseSync, text: string) {
    if (text === wanted) work();
    return prepare.call(this, text);
  });
}
