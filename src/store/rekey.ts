/** A new master key for a state that is there: every sealed value is opened with the old one and sealed with the new one. */
import { randomBytes } from 'node:crypto';
import { Kysely, sql, type SqlBool, type Transaction } from 'kysely';
import { createSealing, masterKeyBytes, SealBroken, type Sealing } from '../crypto/sealing.ts';
import { StoreUnusable, type Engine } from './engine.ts';
import { openEngine } from './engines.ts';
import { comingFile, promoteKey, writeComingKey } from './key-files.ts';
import { sealOf, writeCheck } from './master-key.ts';
import { migrate } from './migrations.ts';
import type { Schema } from './schema.ts';
import { sealedAs } from './sealed-as.ts';

export interface RekeyOptions {
  /** Of a state that outlives the process. */
  readonly url: string;
  /** The old one, 32 bytes; undefined where it is in a key file. */
  readonly masterKey?: Uint8Array | undefined;
  /** 32 bytes; a random one takes the place of that in a key file. */
  readonly newMasterKey?: Uint8Array | undefined;
}

/**
 * All of it in one transaction, or nothing; no Signet may be at work on the state meanwhile.
 * @returns how many values there are
 * @throws StoreUnusable with a message for the person who asked for it
 */
export async function rekey({ url, masterKey, newMasterKey }: RekeyOptions): Promise<number> {
  const engine = await openEngine({ url, isAlone: true });
  const db = new Kysely<Schema>({ dialect: engine.dialect });
  try {
    if (!engine.durable) throw new StoreUnusable('A state in memory has no master key.');
    const keyFile = masterKey === undefined ? engine.keyFile : undefined;
    const key = newMasterKey ?? (keyFile === undefined ? undefined : randomBytes(masterKeyBytes));
    const keys = { masterKey, key, keyFile };
    const count = await db.transaction().execute((transaction) => reseal(transaction, engine, keys));
    if (keyFile !== undefined) takeIntoUse(keyFile);
    engine.forget?.();
    return count;
  } catch (cause) {
    if (cause instanceof SealBroken) throw new StoreUnusable(`${cause.message}. Nothing was changed.`, { cause });
    const explanation = engine.explain(cause);
    throw explanation === undefined ? cause : new StoreUnusable(explanation, { cause });
  } finally {
    await db.destroy();
  }
}

function takeIntoUse(keyFile: string): void {
  try {
    promoteKey(keyFile);
  } catch (cause) {
    const where = `it is in ${comingFile(keyFile)}, which could not be renamed to ${keyFile}`;
    throw new StoreUnusable(`The values are under the new master key already; ${where}. Keep both files.`, { cause });
  }
}

interface Keys {
  readonly masterKey: Uint8Array | undefined;
  /** The new one. */
  readonly key: Uint8Array | undefined;
  readonly keyFile: string | undefined;
}

async function reseal(db: Transaction<Schema>, engine: Engine, { masterKey, key, keyFile }: Keys): Promise<number> {
  if (!(await migrate(db, engine))) throw new StoreUnusable('There is no state yet that a master key has sealed.');
  const old = await sealOf(db, engine, masterKey);
  if (key === undefined)
    throw new StoreUnusable('The new master key is missing: SIGNET_NEW_MASTER_KEY or --new-master-key.');
  if (Buffer.from(old.key).equals(key)) throw new StoreUnusable('The new master key is the old one.');
  const sealing = createSealing(key);
  let count = 0;
  for (const kind of sealedValues) count += await resealAll(db as never, kind, old.sealing, sealing);
  await writeCheck(db, sealing);
  // On the disk before anything that needs it.
  if (keyFile !== undefined) writeComingKey(keyFile, key);
  return count;
}

/** Where sealed values stand, and as what they were sealed; a test looks for columns that are missing here. */
interface SealedValues {
  readonly table: keyof Schema;
  /** What tells its rows apart. */
  readonly id: readonly string[];
  readonly column: string;
  readonly as: (...id: never[]) => string;
}

export const sealedValues: readonly SealedValues[] = [
  { table: 'accessKeys', id: ['access'], column: 'secret', as: sealedAs.accessKey },
  { table: 'users', id: ['id'], column: 'totpSecret', as: sealedAs.totpSecret },
  { table: 'materials', id: ['keyId', 'version'], column: 'secret', as: sealedAs.material },
  { table: 'importTickets', id: ['hash'], column: 'privateKey', as: sealedAs.importTicket },
  { table: 'documents', id: ['kind', 'name'], column: 'content', as: sealedAs.document },
  { table: 'signatureKeys', id: ['id'], column: 'secret', as: sealedAs.signatureKey },
  { table: 'ociDeployments', id: ['id'], column: 'specification', as: sealedAs.ociDeployment },
];

type Row = Readonly<Record<string, unknown>>;

/** Rows that are read at once: a value may be some megabytes long. */
const most = 100;

async function resealAll(
  db: Kysely<Record<string, Row>>,
  { table, id, column, as }: SealedValues,
  old: Sealing,
  sealing: Sealing,
): Promise<number> {
  const rows = db
    .selectFrom(table)
    .select([...id, column])
    .where(column, 'is not', null)
    .limit(most);
  const inOrder = id.reduce((query, name) => query.orderBy(name), rows);
  let count = 0;
  for (let last: Row | undefined; ;) {
    const from = last;
    const page = await (from === undefined ? inOrder : inOrder.where(isAfter(id, from))).execute();
    for (const row of page) {
      const context = as(...(id.map((name) => row[name]) as never[]));
      const value = sealing.seal(old.open(row[column] as Uint8Array, context), context);
      await db
        .updateTable(table)
        .set({ [column]: value })
        .where((one) => one.and(Object.fromEntries(id.map((name) => [name, row[name]]))))
        .execute();
    }
    count += page.length;
    last = page.at(-1);
    if (last === undefined) return count;
  }
}

/** In the order of these columns. */
const isAfter = (id: readonly string[], row: Row) =>
  sql<SqlBool>`(${sql.join(id.map((name) => sql.ref(name)))}) > (${sql.join(id.map((name) => row[name]))})`;
