/** The other processes of one Signet, each of which keeps what it has seen of requests. */
import { counting, type Numbering } from '../journal/ring.ts';

/** How long an answer may take. */
export interface Patience {
  readonly milliseconds: number;
  /** Nobody wants the answer any more once it is aborted. */
  readonly signal?: AbortSignal;
}

export interface Peers {
  /** How each process numbers what it keeps, so that what is later in one has a higher number than what was earlier in another. */
  readonly numbering: Numbering;
  /** A number as high as all that have been given so far; 0 where this process is alone. */
  readonly now: () => number;
  readonly count: () => number;
  /** One answer for each peer; undefined from one that ends, or that does not answer in time. */
  readonly ask: (question: string, args: readonly unknown[], patience: Patience) => readonly Promise<unknown>[];
  /** Says how this process answers; what is asked and answered can be written down (structured clone). */
  readonly answer: (answer: Answer) => void;
  /** Calls whenever a peer has come, until what this gives is called. */
  readonly onJoined: (listener: () => void) => () => void;
}

export type Answer = (question: string, args: readonly unknown[], signal: AbortSignal) => unknown;

/** A process that is alone. */
export const noPeers: Peers = {
  numbering: counting,
  now: () => 0,
  count: () => 0,
  ask: () => [],
  answer: () => undefined,
  onJoined: () => () => undefined,
};
