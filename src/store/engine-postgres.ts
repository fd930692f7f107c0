/** Postgres: a state for any number of processes. */
import pg from 'pg';
import { lockTimeoutMs, StoreUnusable, type Engine, type EngineOptions } from './engine.ts';
import { checkName } from './master-key.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { postgresDriver } from './postgres-driver.ts';
import { fromPostgres } from './postgres-text.ts';
import { isOutOfReach, troubleWith } from './postgres-troubles.ts';
import { StoreUnreachable } from './store.ts';

/** Of the lock that every connection of a Signet shares; any number that no other program in the database takes. */
const presence = '126888139056501';

/** Milliseconds. */
const patience = { connect: 5000, lock: lockTimeoutMs, standstill: 15_000, statement: 30_000, answer: 35_000 };

const oids = { int8: 20, text: 25 };

/** Of types without names. */
const getTypeParser = pg.types.getTypeParser as (oid: number, format: 'text') => unknown;

/** Instants and counts are within what a number holds exactly. */
const types = {
  getTypeParser: (oid: number, format: 'text') =>
    oid === oids.int8 ? Number : oid === oids.text ? fromPostgres : getTypeParser(oid, format),
} as pg.CustomTypesConfig;

/**
 * Of every new connection, in one round trip: what it is to be like, and what the server is. A commit is acknowledged when it is on the disk:
 * where the server's default is weaker, ours is not; what waits for other servers, too, stays.
 */
const setUp = (isAlone: boolean): string => `select
  set_config('synchronous_commit', case current_setting('synchronous_commit') when 'off' then 'on' else current_setting('synchronous_commit') end, false),
  set_config('lock_timeout', '${patience.lock}', false),
  set_config('statement_timeout', '${patience.statement}', false),
  set_config('idle_in_transaction_session_timeout', '${patience.standstill}', false),
  current_setting('server_version_num')::int as "version",
  current_setting('server_encoding') as "encoding",
  pg_is_in_recovery() as "isReplica",
  ${isAlone ? `pg_try_advisory_lock(${presence})` : `pg_advisory_lock_shared(${presence}) is not null`} as "isLetIn"`;

interface Server {
  readonly version: number;
  readonly encoding: string;
  readonly isReplica: boolean;
  readonly isLetIn: boolean;
}

/** What makes a server unfit. */
const flaws: readonly (readonly [isFlaw: (server: Server) => boolean, flaw: string])[] = [
  [({ version }) => version < 130_000, 'it is older than Postgres 13'],
  [({ encoding }) => encoding !== 'UTF8', 'its encoding is not UTF8'],
  [({ isLetIn }) => !isLetIn, 'a Signet is at work on it; stop it first'],
  [({ isReplica }) => isReplica, 'it can only be read from: it is a standby server'],
];

export function openPostgres({ url, log, isAlone = false }: EngineOptions): Engine | undefined {
  const config: pg.PoolConfig = {
    ...{ connectionString: url, types, pipeline: true, keepAlive: true, fallback_application_name: 'signet' },
    ...{ max: isAlone ? 1 : 10, min: 1, idleTimeoutMillis: 60_000 },
    ...{ connectionTimeoutMillis: patience.connect, query_timeout: patience.answer },
  };
  const place = placeOf(config);
  if (place === undefined) return undefined;
  const explain = (error: unknown): string | undefined => {
    if (error instanceof StoreUnusable) return error.message;
    if (error instanceof StoreUnreachable) return error.why;
    const trouble = troubleWith(error);
    return trouble && `${place} cannot be used: ${trouble}`;
  };
  /** Undefined until it has answered once: before that, nobody can count on it. */
  let isReachable: boolean | undefined;
  const turn = (to: boolean, message: string): void => {
    if (isReachable === !to) log?.(message);
    if (to || isReachable !== undefined) isReachable = to;
  };
  const fault = (error: unknown): unknown => {
    // Of the pool, where all connections are taken: that says nothing of the server.
    if (error instanceof Error && error.message === 'timeout exceeded when trying to connect')
      return new StoreUnreachable('Other requests of this process take too long');
    if (!isOutOfReach(error) && !(error instanceof StoreUnusable)) return error;
    const trouble = explain(error) ?? String(error);
    turn(false, trouble);
    return new StoreUnreachable(trouble);
  };
  let check: string | undefined;
  const onAnswer = (): void => turn(true, `${place} can be used again`);
  const pool = new pg.Pool({
    ...config,
    // Waited for, whatever its type says.
    onConnect: (client) => prepare(client, { place, isAlone, check }) as unknown,
  });
  // Of connections that nobody uses: the pool has let go of it already.
  pool.on('error', () => undefined);
  return {
    dialect: postgresDialect(postgresDriver({ pool, fault, onAnswer })),
    durable: true,
    // Not those of extensions, which many servers come with.
    tables: `select relname as "name" from pg_class
      where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
        and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'e')`,
    revision: async () => {
      try {
        const { rows } = await pool.query<{ revision: string }>(revision);
        onAnswer();
        return rows[0]?.revision ?? '';
      } catch (error) {
        throw fault(error);
      }
    },
    stayWith: (given) => (check = given),
    isDuplicate: (error) => codeOf(error) === '23505',
    isOrphan: (error) => codeOf(error) === '23503',
    explain,
  };
}

/**
 * Two that are the same see the same rows: each names the transactions that it does not see. Every request waits for it, so that a server which
 * is gone without a word must not hold it for as long as another answer may take.
 */
const revision = {
  ...{ name: 'signet_revision', text: 'select pg_current_snapshot()::text as "revision"' },
  query_timeout: patience.connect,
};

interface Expected {
  readonly place: string;
  readonly isAlone: boolean;
  /** Of the master key; undefined as long as nobody knows it. */
  readonly check: string | undefined;
}

async function prepare(client: pg.ClientBase, { place, isAlone, check }: Expected): Promise<void> {
  const [{ rows }, same] = await Promise.all([
    client.query<Server>(setUp(isAlone)),
    // By a statement of its own: this one sees what was committed before the first had its lock.
    check === undefined
      ? undefined
      : client.query(`select from signet where name = '${checkName}' and value = $1`, [check]),
  ]);
  const [, flaw = same?.rowCount === 0 ? otherKey : undefined] =
    flaws.find(([isFlaw]) => rows[0] && isFlaw(rows[0])) ?? [];
  if (flaw !== undefined) throw new StoreUnusable(`${place} cannot be used: ${flaw}`);
}

const otherKey = 'its master key was changed; start Signet again with the new one';

/** For people: without user and password. Undefined when the URL makes no sense. */
function placeOf(config: pg.PoolConfig): string | undefined {
  try {
    const { host, port, database } = new pg.Client(config);
    return `The database ${database ?? ''} at ${host.includes(':') ? `[${host}]` : host}:${port}`;
  } catch {
    // Not as a cause: it may repeat the URL, and with it the password.
    return undefined;
  }
}

const codeOf = (error: unknown): unknown => (error instanceof pg.DatabaseError ? error.code : undefined);
