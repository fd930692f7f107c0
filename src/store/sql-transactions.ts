/** Several statements that belong together. */
import type { SqlAccess } from './schema.ts';

/** Runs the work in the transaction that there is, or in one of its own. */
export const atOnce = <T>(access: SqlAccess, work: (inner: SqlAccess) => Promise<T>): Promise<T> =>
  access.db.isTransaction ? work(access) : access.db.transaction().execute((inner) => work({ ...access, db: inner }));
