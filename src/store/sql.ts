/** The one implementation of Store, over any engine. */
import { Kysely } from 'kysely';
import { unsealed } from '../crypto/sealing.ts';
import { openEngine, StoreUnusable } from './engines.ts';
import type { Engine } from './engines.ts';
import { sealOf } from './master-key.ts';
import { migrate } from './migrations.ts';
import { remembering } from './remembering.ts';
import type { Schema, SqlAccess } from './schema.ts';
import { sqlAliases } from './sql-aliases.ts';
import { sqlContents, writeRegion } from './sql-contents.ts';
import { sqlDocuments } from './sql-documents.ts';
import { sqlGateways } from './sql-gateways.ts';
import { sqlGrants } from './sql-grants.ts';
import { sqlIdentity } from './sql-identity.ts';
import { sqlImports } from './sql-imports.ts';
import { sqlKeys } from './sql-keys.ts';
import { sqlOci } from './sql-oci.ts';
import { sqlTags } from './sql-tags.ts';
import { sqlTokens } from './sql-tokens.ts';
import { DuplicateName, OwnerGone } from './store.ts';
import type { Store } from './store.ts';

export interface StoreOptions {
  /** `sqlite::memory:`, `sqlite:<file>` or `postgres://…`. */
  readonly url: string;
  /** 32 bytes; without it, a state in a file has a key file beside it. */
  readonly masterKey?: Uint8Array;
  /** Told when the state cannot be reached any more, and when it is there again. */
  readonly log?: (message: string) => void;
}

/**
 * Opens the state, and makes it or brings it to this program's format where needed: all of that, or nothing.
 * @throws StoreUnusable with a message for the person who starts the program
 */
export async function openStore({ url, masterKey, log }: StoreOptions): Promise<Store> {
  const engine = await openEngine({ url, log });
  const db = new Kysely<Schema>({ dialect: engine.dialect });
  try {
    const seal = await db.transaction().execute(async (transaction) => {
      await migrate(transaction, engine);
      return engine.durable ? sealOf(transaction, engine, masterKey) : undefined;
    });
    seal?.commitKeyFile();
    await engine.enableWal?.();
    if (seal) engine.stayWith?.(seal.check);
    const { sealing = unsealed } = seal ?? {};
    const store = sqlStore({ db, sealing, placed: placedIn(engine) }, engine.durable);
    return remembering(store, engine.revision);
  } catch (cause) {
    await db.destroy();
    const explanation = engine.explain(cause);
    throw explanation === undefined ? cause : new StoreUnusable(explanation, { cause });
  }
}

function sqlStore(access: SqlAccess, durable: boolean): Store {
  const { db } = access;
  const region: Store['region'] = async () => {
    const row = await db.selectFrom('signet').select('value').where('name', '=', 'region').executeTakeFirst();
    return row?.value;
  };
  return {
    identity: sqlIdentity(access),
    tokens: sqlTokens(access),
    keys: sqlKeys(access),
    aliases: sqlAliases(access),
    tags: sqlTags(access),
    grants: sqlGrants(access),
    imports: sqlImports(access),
    documents: sqlDocuments(access),
    gateways: sqlGateways(access),
    oci: sqlOci(access),
    contents: sqlContents(access),
    region,
    setRegion: (value) => writeRegion(db, value),
    isEmpty: async () => (await region()) === undefined,
    transaction: (work) => db.transaction().execute((inner) => work(sqlStore({ ...access, db: inner }, durable))),
    durable,
    catchUp: () => undefined,
    onChange: () => undefined,
    close: () => db.destroy(),
  };
}

function placedIn(engine: Engine): SqlAccess['placed'] {
  return async (what, work) => {
    try {
      return await work;
    } catch (cause) {
      if (engine.isDuplicate(cause)) throw new DuplicateName(`There is a ${what} already`, { cause });
      throw engine.isOrphan(cause) ? new OwnerGone(`What the ${what} belongs to is gone`, { cause }) : cause;
    }
  };
}
