/** The master key of a state that outlives the process: given, or in a key file beside it; and the check that it is the right one. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { Transaction } from 'kysely';
import { createSealing, masterKeyBytes, SealBroken } from '../crypto/sealing.ts';
import type { Sealing } from '../crypto/sealing.ts';
import { StoreUnusable, type Engine } from './engine.ts';
import { comingFile, promoteKey, readKeyFile, writeComingKey } from './key-files.ts';
import type { Schema } from './schema.ts';

/** Its row in the table `signet`. */
export const checkName = 'masterKeyCheck';
const checkText = 'This master key is the right one.';

/** What opens the sealed values of a database. */
export interface Seal {
  readonly sealing: Sealing;
  readonly key: Uint8Array;
  /** To be called once the transaction is committed. */
  readonly commitKeyFile: () => void;
}

export interface CheckedSeal extends Seal {
  /** What the database says of the key: another text after every change of it. */
  readonly check: string;
}

/**
 * The seal of the database. One that has none yet takes the given key, that in its key file, or a new one.
 * @throws StoreUnusable when the key is missing, malformed or another than the one that sealed this database
 */
export async function sealOf(db: Transaction<Schema>, engine: Engine, given?: Uint8Array): Promise<CheckedSeal> {
  const row = await db.selectFrom('signet').select('value').where('name', '=', checkName).executeTakeFirst();
  const seal = given ? sealWith(given) : sealBeside(engine, row?.value);
  if (row === undefined) return { ...seal, check: await writeCheck(db, seal.sealing) };
  if (!fits(seal.sealing, row.value)) {
    const which = given ? 'The master key that was given' : `The master key in ${engine.keyFile ?? ''}`;
    throw new StoreUnusable(`${which} is not the one that sealed this database. The database was left as it is.`);
  }
  return { ...seal, check: row.value };
}

/** Says from now on which key is the right one. */
export async function writeCheck(db: Transaction<Schema>, sealing: Sealing): Promise<string> {
  const value = Buffer.from(sealing.seal(Buffer.from(checkText), checkName)).toString('base64');
  await db.deleteFrom('signet').where('name', '=', checkName).execute();
  await db.insertInto('signet').values({ name: checkName, value }).execute();
  return value;
}

const noKey =
  'This database needs a master key, and none is given. Make one (openssl rand -base64 32), keep it, and give it to every replica: SIGNET_MASTER_KEY or --master-key.';

function fits(sealing: Sealing, check: string): boolean {
  try {
    sealing.open(Buffer.from(check, 'base64'), checkName);
    return true;
  } catch (error) {
    if (error instanceof SealBroken) return false;
    throw error;
  }
}

const sealWith = (key: Uint8Array, commitKeyFile = (): void => undefined): Seal => ({
  ...{ sealing: createSealing(key), key, commitKeyFile },
});

function sealBeside({ keyFile }: Engine, check: string | undefined): Seal {
  if (keyFile === undefined) throw new StoreUnusable(noKey);
  if (check !== undefined) return sealThatFits(keyFile, check);
  const there = readKeyFile(keyFile);
  if (there !== undefined) return sealWith(there);
  const key = randomBytes(masterKeyBytes);
  writeComingKey(keyFile, key);
  return sealWith(key, () => promoteKey(keyFile));
}

/**
 * Two keys are there when somebody was about to put one in the place of the other. Which one fits is certain, for it is committed: the files
 * are put right at once, before another key is written there.
 */
function sealThatFits(keyFile: string, check: string): Seal {
  const coming = readKeyFile(comingFile(keyFile));
  const next = coming && sealWith(coming);
  if (next && fits(next.sealing, check)) {
    promoteKey(keyFile);
    return next;
  }
  const key = readKeyFile(keyFile);
  if (key === undefined) {
    throw new StoreUnusable(
      `The database is sealed and its master key is missing: neither given (SIGNET_MASTER_KEY), nor in ${keyFile}`,
    );
  }
  const seal = sealWith(key);
  if (next && fits(seal.sealing, check)) rmSync(comingFile(keyFile), { force: true });
  return seal;
}
