/** Waiting for another process that writes to the same file. */
import { setTimeout as pause } from 'node:timers/promises';
import type { DatabaseConnection } from 'kysely';

/** Milliseconds between two attempts; SQLite itself waits as long, at most, and would hold up everybody else for that. */
export const PAUSE = 10;

export interface Patience {
  readonly isBusy: (error: unknown) => boolean;
  /** Milliseconds of waiting, after which the statement fails. */
  readonly most: number;
  /** Turns what went wrong into what the store throws. */
  readonly fault: (error: unknown) => unknown;
}

/**
 * The same connection; a statement for which the file is locked is tried again, and the rest of this process goes on meanwhile. Such a
 * statement has done nothing, also where it was a commit.
 */
export function patient(connection: DatabaseConnection, { isBusy, most, fault }: Patience): DatabaseConnection {
  return {
    async executeQuery<Row>(...query: Parameters<DatabaseConnection['executeQuery']>) {
      let until: number | undefined;
      for (;;) {
        try {
          return await connection.executeQuery<Row>(...query);
        } catch (error) {
          if (!isBusy(error)) throw fault(error);
          until ??= performance.now() + most;
          if (performance.now() >= until) throw fault(error);
        }
        await pause(PAUSE);
      }
    },
    streamQuery: (...query) => connection.streamQuery(...query),
  };
}
