/** The master key of a state that outlives the process: given, or in a key file beside it; and the check that it is the right one. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Transaction } from 'kysely';
import { createSealing, masterKeyBytes, parseMasterKey, SealBroken } from '../crypto/sealing.ts';
import type { Sealing } from '../crypto/sealing.ts';
import type { Engine } from './engines.ts';
import { StoreUnusable } from './engines.ts';
import type { Schema } from './schema.ts';

const checkName = 'masterKeyCheck';
const checkText = 'This master key is the right one.';

/**
 * The sealing under the database's master key. A database that has none yet takes the given one, or a new one from a key file.
 * @throws StoreUnusable when the key is missing, malformed or another than the one that sealed this database
 */
export async function sealingOf(db: Transaction<Schema>, engine: Engine, given?: Uint8Array): Promise<Sealing> {
  const check = await db.selectFrom('signet').select('value').where('name', '=', checkName).executeTakeFirst();
  const sealing = createSealing(given ?? keyBeside(engine, check !== undefined));
  if (check) verify(sealing, check.value);
  else {
    const value = Buffer.from(sealing.seal(Buffer.from(checkText), checkName)).toString('base64');
    await db.insertInto('signet').values({ name: checkName, value }).execute();
  }
  return sealing;
}

function verify(sealing: Sealing, check: string): void {
  try {
    sealing.open(Buffer.from(check, 'base64'), checkName);
  } catch (cause) {
    if (!(cause instanceof SealBroken)) throw cause;
    const message = 'The master key is not the one that sealed this database. The database was left as it is.';
    throw new StoreUnusable(message, { cause });
  }
}

function keyBeside({ keyFile }: Engine, inUse: boolean): Uint8Array {
  if (keyFile === undefined) throw new StoreUnusable('This database needs a master key, and none is given.');
  const mode = statSync(keyFile, { throwIfNoEntry: false })?.mode;
  if (mode === undefined && inUse) {
    throw new StoreUnusable(`The database is sealed and its master key is missing: neither given, nor in ${keyFile}`);
  }
  if (mode === undefined) createKeyFile(keyFile);
  else if (process.platform !== 'win32' && mode & 0o077) {
    throw new StoreUnusable(`Others may read the master key in ${keyFile}: chmod 600 it`);
  }
  try {
    return parseMasterKey(readFileSync(keyFile, 'utf8'));
  } catch (cause) {
    const message = `${keyFile} does not give a master key: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new StoreUnusable(message, { cause });
  }
}

/** Whole or not at all, and never over one that another process has made meanwhile. */
function createKeyFile(keyFile: string): void {
  const draft = `${keyFile}.${randomBytes(6).toString('hex')}`;
  try {
    const descriptor = openSync(draft, 'wx', 0o600);
    writeFileSync(descriptor, `${randomBytes(masterKeyBytes).toString('base64')}\n`);
    fsyncSync(descriptor);
    closeSync(descriptor);
    linkSync(draft, keyFile);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return;
    throw new StoreUnusable(`The key file ${keyFile} cannot be made; give a master key instead`, { cause });
  } finally {
    rmSync(draft, { force: true });
  }
}
