/**
 * Files of SQLite. One is looked through before anything is written to it: SQLite itself reads and writes on until it comes across what is
 * damaged. What is found damaged is left as it is, and so is its log.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, linkSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync, type DatabaseSyncOptions } from 'node:sqlite';
import { StoreUnusable } from './engine.ts';
import { damageOfLog } from './sqlite-log.ts';
import { codeOf, troubleWith } from './sqlite-troubles.ts';

/** Bytes up to which a file is compared with its indexes, too, which takes a quarter of a second for 10,000 keys. */
const mostToCompare = 32 * 1024 * 1024;

/** Bytes. */
const smallestPage = 512;

/** Milliseconds that the look into the log waits for those who write. */
const patience = 5000;

/** @throws StoreUnusable for what is damaged, or the error of SQLite or of the system */
export function openFile(file: string, options: DatabaseSyncOptions, mayCreate: boolean): DatabaseSync {
  try {
    closeSync(openSync(file, 'r+'));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    if (!mayCreate) throw new StoreUnusable(`${file} is not there`, { cause: error });
    create(file);
  }
  assertNotCutToNothing(file);
  if (sizeOf(logOf(file)) > 0) assertSoundWithLog(file);
  else assertSound(file);
  return new DatabaseSync(file, options);
}

/** For its owner alone, and never empty: an empty file is one that was cut short. */
function create(file: string): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    closeSync(openSync(draft, 'wx', 0o600));
    const database = new DatabaseSync(draft);
    database.exec('pragma application_id = 0x5369676e');
    database.close();
    linkSync(draft, file);
  } catch (error) {
    // Another process was faster.
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function assertNotCutToNothing(file: string): void {
  const size = sizeOf(file);
  // SQLite takes what is shorter than its smallest page for an empty file.
  if (size > 0 && size < smallestPage) refuse(file, 'it is not a SQLite database');
  const left = size > 0 ? undefined : [`${file}.key`, logOf(file)].find((name) => sizeOf(name) > 0);
  if (left !== undefined) refuse(file, `it is empty, and yet there is ${left}`);
}

/** Where a transaction was cut off, reading undoes it; otherwise nothing is written. */
function assertSound(file: string): void {
  const database = new DatabaseSync(file, { timeout: patience });
  try {
    refuse(file, damageIn(database, file) ?? lossOf(file));
  } finally {
    database.close();
  }
}

/** Others have it open, or the last who had was killed. */
function assertSoundWithLog(file: string): void {
  // Who closes last writes the log into the file, unless he may only read: this one closes last where there is damage.
  const witness = new DatabaseSync(file, { readOnly: true, timeout: patience });
  try {
    refuse(file, damageIn(witness, file));
    const writer = new DatabaseSync(file, { timeout: patience });
    try {
      // Nobody writes while it is read.
      writer.exec('begin immediate');
      const damage = damageOfLog(logOf(file));
      writer.exec('rollback');
      refuse(logOf(file), damage);
    } finally {
      writer.close();
    }
  } finally {
    witness.close();
  }
}

/** In SQLite's words. */
function damageIn(database: DatabaseSync, file: string): string | undefined {
  try {
    database.exec('pragma cell_size_check = on');
    const check = sizeOf(file) <= mostToCompare ? 'integrity_check' : 'quick_check';
    const found = database.prepare(`pragma ${check}(1)`).all()[0]?.[check];
    return found === 'ok' ? undefined : `its contents are damaged (${String(found).trim().split('\n').at(-1) ?? ''})`;
  } catch (error) {
    // What SQLite has no code for, it says in words.
    if (error instanceof Error && 'errcode' in error) return troubleWith(error) ?? error.message;
    throw error;
  }
}

/** The header says how many pages there are (sqlite.org/fileformat2.html, section 1.3); SQLite reads zeros for what is missing of the last. */
function lossOf(file: string): string | undefined {
  const header = Buffer.alloc(32);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, header);
  } finally {
    closeSync(descriptor);
  }
  const said = header.readUInt16BE(16);
  const wanted = (said === 1 ? 65_536 : said) * header.readUInt32BE(28);
  // What somebody has written meanwhile may be in his log.
  return sizeOf(file) < wanted && sizeOf(logOf(file)) === 0 ? 'its end is missing' : undefined;
}

function refuse(file: string, damage: string | undefined): void {
  if (damage === undefined) return;
  throw new StoreUnusable(`${file} cannot be used: ${damage}. It was left as it is; put back a copy of it.`);
}

const logOf = (file: string): string => `${file}-wal`;

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
