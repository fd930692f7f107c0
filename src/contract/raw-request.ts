import type { Check } from './observation.ts';

/** A request as it was sent, for those who check its credential. */
export interface RawRequest {
  readonly method: string;
  /** Path and query as they stand in the request line. */
  readonly target: string;
  /** The value of a header by its lower-case name, a byte in each character; empty when there is none. */
  readonly header: (name: string) => string;
  /** Names and values by turns, in the order in which they came. */
  readonly rawHeaders: readonly string[];
  /** The body, byte for byte, for every method. */
  readonly body: Uint8Array;
  /** What stands for the contract's names in the path. */
  readonly path: Readonly<Record<string, string>>;
  /** Told what is looked at next. */
  readonly checking: (check: Check) => void;
}
