/** What the store needs of a database. */
import type { Dialect } from 'kysely';

export interface Engine {
  readonly dialect: Dialect;
  /** Whether the state outlives the process; private material is then sealed. */
  readonly durable: boolean;
  /** Where the master key may lie when none is given; undefined for an engine that has no place of its own. */
  readonly keyFile?: string;
  /** SQL that gives the names of all tables that are there, whoever made them, as `name`. */
  readonly tables: string;
  /** SQL that gives every table and index, its `name` and `text`; undefined for an engine that looks after that itself. */
  readonly schema?: string;
  /** Lets processes read while one of them writes, where the database itself must be changed for that: once it is known to be Signet's. */
  enableWal?(): Promise<void>;
  /** From now on the database is refused where another master key has come in the place of the one with this check. */
  stayWith?(check: string): void;
  /** Leaves nothing of what was overwritten, where the engine keeps such things for a while. */
  forget?(): void;
  /**
   * Changes whenever somebody else may have changed what this engine would answer; perhaps more often. Undefined for a state that nobody
   * else can reach.
   */
  readonly revision?: () => Promise<string> | string;
  /** Whether this error says that a unique value was taken already. */
  isDuplicate(error: unknown): boolean;
  /** Whether this error says that a row was to belong to one that is not there. */
  isOrphan(error: unknown): boolean;
  /** What a person can do about this error; undefined for one that only a programmer can do something about. */
  explain(error: unknown): string | undefined;
}

export interface EngineOptions {
  readonly url: string;
  /** Told when the database cannot be reached any more, and when it is there again. */
  readonly log?: ((message: string) => void) | undefined;
  /** Whether it must be there, and nobody else may have it open until it is closed. */
  readonly isAlone?: boolean;
  /** Milliseconds that opening a file waits for others. */
  readonly openingMs?: number;
}

/** Milliseconds that a write waits for others, of this process and of all. */
export const lockTimeoutMs = 5000;

/** The database cannot be used; the message is for the person who starts the program. */
export class StoreUnusable extends Error {
  override name = 'StoreUnusable';
}
