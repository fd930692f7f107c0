/** Waiting for another process that writes to the same file. */
import { setTimeout as pause } from 'node:timers/promises';
import type { DatabaseConnection } from 'kysely';

/** Milliseconds between two attempts; SQLite itself waits as long, at most, and would hold up everybody else for that. */
export const PAUSE = 10;

/** Milliseconds after which a lock is another one, unless somebody has come across it meanwhile. */
const GAP = 10 * PAUSE;

export interface Patience {
  readonly isBusy: (error: unknown) => boolean;
  /** Milliseconds of waiting, after which the statement fails. */
  readonly most: number;
  /** Turns what went wrong into what the store throws. */
  readonly fault: (error: unknown) => unknown;
}

/** The one time for which the file is locked: who comes later does not wait for all of it again. */
interface Lock {
  /** When somebody first came across it, and when last: of performance.now(). */
  since: number;
  last: number;
}

const noLock = (): Lock => ({ since: 0, last: -Infinity });

/** Tries again while the file is locked; the rest of this process goes on meanwhile. */
export async function insist<T>(attempt: () => Promise<T> | T, patience: Patience, lock = noLock()): Promise<T> {
  const { isBusy, most, fault } = patience;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error)) throw fault(error);
      const now = performance.now();
      if (now - lock.last > GAP) lock.since = now;
      lock.last = now;
      if (now - lock.since >= most) throw fault(error);
    }
    await pause(PAUSE);
  }
}

/**
 * The same connection; a statement for which the file is locked is tried again. Such a statement has done nothing; a commit has left its
 * transaction open.
 */
export function patient(connection: DatabaseConnection, patience: Patience): DatabaseConnection {
  const lock = noLock();
  return {
    async executeQuery<Row>(...query: Parameters<DatabaseConnection['executeQuery']>) {
      const result = await insist(() => connection.executeQuery<Row>(...query), patience, lock);
      // Who reads gets through while another process writes.
      if (query[0].query.kind !== 'SelectQueryNode') lock.last = -Infinity;
      return result;
    },
    streamQuery: (...query) => connection.streamQuery(...query),
  };
}
