/**
 * Files of SQLite. One is looked through before anything is written to it: SQLite itself reads and writes on until it comes across what is
 * damaged. What is found damaged is left as it is, and so is its log.
 */
import { randomBytes } from 'node:crypto';
import { accessSync, closeSync, constants, copyFileSync, linkSync, openSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync, type DatabaseSyncOptions } from 'node:sqlite';
import { StoreUnusable } from './engine.ts';
import { damageOfLog } from './sqlite-log.ts';
import { codeOf, isOutside, troubleWith } from './sqlite-troubles.ts';

/** Bytes up to which a file is compared with its indexes, too, which takes a quarter of a second for 10,000 keys. */
const mostToCompare = 32 * 1024 * 1024;

/** Bytes. */
const smallestPage = 512;

/**
 * Not opened but by SQLite: whoever else closes it drops all locks that this process holds on it (sqlite.org/howtocorrupt.html, section 2.2).
 * @param options their `timeout` is also how long each look into the file waits for those who write
 * @throws StoreUnusable for what is damaged, or the error of SQLite or of the system
 */
export function openFile(file: string, options: DatabaseSyncOptions, mayCreate: boolean): DatabaseSync {
  try {
    accessSync(file, constants.R_OK | constants.W_OK);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    if (!mayCreate) throw new StoreUnusable(`${file} is not there`, { cause: error });
    create(file);
  }
  if (statSync(file).isDirectory()) throw new StoreUnusable(`${file} cannot be used: it is a folder`);
  assertNotCutToNothing(file);
  const { timeout = 0 } = options;
  if (sizeOf(logOf(file)) > 0) assertSoundWithLog(file, timeout);
  else assertSound(file, timeout);
  return new DatabaseSync(file, options);
}

/** For its owner alone, and never empty: an empty file is one that was cut short. */
function create(file: string): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    closeSync(openSync(draft, 'wx', 0o600));
    const database = new DatabaseSync(draft);
    // Before anybody else sees it: later, others who use it can be in the way.
    database.exec('pragma journal_mode = wal; pragma application_id = 0x5369676e');
    database.close();
    putInPlace(draft, file);
  } catch (error) {
    // Another process was faster.
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    for (const name of [draft, logOf(draft), `${draft}-shm`]) rmSync(name, { force: true });
  }
}

/** What systems say whose files have one name each. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

function putInPlace(draft: string, file: string): void {
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!noLinks.has(codeOf(error))) throw error;
    copyFileSync(draft, file, constants.COPYFILE_EXCL);
  }
}

function assertNotCutToNothing(file: string): void {
  const size = sizeOf(file);
  // SQLite takes what is shorter than its smallest page for an empty file.
  if (size > 0 && size < smallestPage) refuse(file, 'it is not a SQLite database');
  const left = size > 0 ? undefined : [`${file}.key`, logOf(file)].find((name) => sizeOf(name) > 0);
  if (left !== undefined) refuse(file, `it is empty, and yet there is ${left}`);
}

/** Its contents stay as they are; only where a transaction was cut off, reading undoes it. */
function assertSound(file: string, timeout: number): void {
  const database = new DatabaseSync(file, { timeout });
  try {
    // In one transaction: what is read and how long the file is are of one moment.
    database.exec('begin');
    refuse(file, damageIn(database, file) ?? lossOf(database, file));
    database.exec('rollback');
  } finally {
    database.close();
  }
}

/** Others have it open, or the last who had was killed. */
function assertSoundWithLog(file: string, timeout: number): void {
  // Who closes last writes the log into the file, unless he may only read: this one closes last where there is damage.
  const witness = new DatabaseSync(file, { readOnly: true, timeout });
  try {
    refuse(file, damageIn(witness, file));
    const writer = new DatabaseSync(file, { timeout });
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
    // Which says nothing of what is in it.
    if (isOutside(error)) throw error;
    // What SQLite has no code for, it says in words.
    if (error instanceof Error && 'errcode' in error) return troubleWith(error) ?? error.message;
    throw error;
  }
}

/** The header says how many pages there are (sqlite.org/fileformat2.html, section 1.3); SQLite reads zeros for what is missing of the last. */
function lossOf(database: DatabaseSync, file: string): string | undefined {
  const numberOf = (name: string): number => Number(database.prepare(`pragma ${name}`).get()?.[name]);
  const wanted = numberOf('page_size') * numberOf('page_count');
  // What somebody wrote just before this transaction may be in his log, which is there as long as it is read.
  return sizeOf(file) < wanted && sizeOf(logOf(file)) === 0 ? 'its end is missing' : undefined;
}

function refuse(file: string, damage: string | undefined): void {
  if (damage === undefined) return;
  throw new StoreUnusable(`${file} cannot be used: ${damage}. It was left as it is; put back a copy of it.`);
}

const logOf = (file: string): string => `${file}-wal`;

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
