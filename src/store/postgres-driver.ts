/**
 * Kysely's driver over a pool of connections to Postgres. Any number may read; who writes is alone, in this process and in all others, as with
 * SQLite's `begin immediate`: every transaction, and every statement that writes by itself, first takes one lock.
 */
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import type { Pool, PoolClient, QueryResult as Answer } from 'pg';
import { lockTimeoutMs } from './engine.ts';
import type { NamedQuery } from './prepared.ts';
import { toPostgres } from './postgres-text.ts';
import { makeTurns } from './write-turns.ts';

/** Of the lock: any number that no other program in the database takes; this one says `signet`. */
const lock = '126888139056500';

/** Whatever the server's default is: the first look at the tables must come after the lock. */
const beginning = `begin isolation level read committed read write; select pg_advisory_xact_lock(${lock})`;

/** A connection that takes one of the pool's only while it has something to ask. */
interface Connection extends DatabaseConnection {
  begin(): Promise<void>;
  end(how: 'commit' | 'rollback'): Promise<void>;
}

export interface PostgresAccess {
  readonly pool: Pool;
  /** Turns what went wrong into what the store throws. */
  readonly fault: (error: unknown) => unknown;
  /** Told of every answer. */
  readonly onAnswer: () => void;
}

export function postgresDriver(access: PostgresAccess): Driver {
  const { pool } = access;
  const turns = makeTurns(lockTimeoutMs);
  return {
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(connectionOver(access, turns)),
    beginTransaction: (connection) => (connection as Connection).begin(),
    commitTransaction: (connection) => (connection as Connection).end('commit'),
    rollbackTransaction: (connection) => (connection as Connection).end('rollback'),
    releaseConnection: () => Promise.resolve(),
    destroy: () => pool.end(),
  };
}

function connectionOver({ pool, fault, onAnswer }: PostgresAccess, turns: ReturnType<typeof makeTurns>): Connection {
  /** While a transaction runs. */
  let writer: PoolClient | undefined;
  let done: (() => void) | undefined;

  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      const result = await work();
      onAnswer();
      return result;
    } catch (error) {
      throw fault(error);
    }
  };

  /** @param error of the connection, which is not used again */
  const release = (error?: unknown): void => {
    writer?.off('error', ignored);
    writer?.release(error !== undefined);
    writer = undefined;
    done?.();
    done = undefined;
  };

  const take = async (): Promise<PoolClient> => {
    done = await turns.take();
    try {
      writer = await pool.connect();
    } catch (error) {
      release();
      throw error;
    }
    // Whoever waits for an answer hears of it.
    writer.on('error', ignored);
    return writer;
  };

  /** In one round trip: the server answers all three, and a statement that fails takes the transaction with it. */
  const writeAlone = async (query: CompiledQuery): Promise<Answer> => {
    const client = await take();
    const asked = [client.query(beginning), client.query(asking(query)), client.query('commit')] as const;
    const [begun, written, committed] = await Promise.allSettled(asked);
    const failed = [begun, written, committed].find(({ status }) => status === 'rejected');
    release(committed.status === 'rejected' ? committed.reason : undefined);
    if (failed?.status === 'rejected') throw failed.reason;
    return (written as PromiseFulfilledResult<Answer>).value;
  };

  return {
    executeQuery: (query) =>
      attempt(async () => {
        const client = writer ?? (query.query.kind === 'SelectQueryNode' ? pool : undefined);
        return resultOf(await (client?.query(asking(query)) ?? writeAlone(query))) as QueryResult<never>;
      }),
    begin: () =>
      attempt(async () => {
        const client = await take();
        try {
          await client.query(beginning);
        } catch (error) {
          release(error);
          throw error;
        }
      }),
    end: (how) =>
      attempt(async () => {
        const client = writer;
        // The commit failed, and nothing is left to be undone.
        if (client === undefined) return;
        try {
          const { command } = await client.query(how);
          if (how === 'commit' && command !== 'COMMIT') throw new Error('A transaction that had failed was committed');
          release();
        } catch (error) {
          release(error);
          // What a connection leaves that breaks off is undone by the server.
          if (how === 'commit') throw error;
        }
      }),
    streamQuery: () => {
      throw new Error('The store reads whole answers');
    },
  };
}

const ignored = (): void => undefined;

const asking = ({ sql: text, parameters, name }: NamedQuery) => ({
  ...(name !== undefined && { name }),
  text,
  values: parameters.map((value) => (typeof value === 'string' ? toPostgres(value) : value)),
});

const writing = new Set(['INSERT', 'UPDATE', 'DELETE']);

const resultOf = ({ command, rowCount, rows }: Answer): QueryResult<unknown> => ({
  rows: rows as unknown[],
  ...(writing.has(command) && { numAffectedRows: BigInt(rowCount ?? 0) }),
});
