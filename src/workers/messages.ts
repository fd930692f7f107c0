/** What the first process and its workers say to each other. */

/** A worker's first word is that it is there; then it has begun, or could not. */
export type FromWorker =
  { readonly kind: 'here' } | ({ readonly kind: 'ready' } & Ready) | ({ readonly kind: 'failed' } & Failure) | Mail;

export type ToWorker =
  ({ readonly kind: 'orders' } & Orders) | ({ readonly kind: 'stop' } & Dismissal) | Mail | PeerList;

export interface Dismissal {
  /** Milliseconds in which clients may go on with their connections. */
  readonly linger: number;
  /** Whether another worker goes on. */
  readonly isRelieved: boolean;
}

/** Of all, at the end: long enough for requests that are on their way. Milliseconds. */
export const stopping: Dismissal = { linger: 200, isRelieved: false };

/** What a worker is to know that is not in its settings. */
export interface Orders {
  /** Of this run, the same for all. */
  readonly adminToken: string;
  /** Those that the workers before it listen on as well. */
  readonly port: number;
  readonly tlsPort: number;
  /** A number that no other worker of this run has. */
  readonly serial: number;
}

export interface Ready {
  readonly url: string;
  readonly tlsUrl: string | undefined;
  readonly signCommand: string | undefined;
  readonly isPublic: boolean;
}

/** For the person who starts it, and the exit code. */
export interface Failure {
  readonly text: string;
  readonly exitCode: number;
}

/** The serial numbers of the workers that can be asked, the reader's own among them. */
export interface PeerList {
  readonly kind: 'peers';
  readonly serials: readonly number[];
}

/** From one worker to others; the first process only passes it on. */
export interface Mail {
  readonly kind: 'mail';
  readonly from: number;
  readonly to: readonly number[];
  readonly letter: Letter;
}

export type Letter =
  | { readonly kind: 'question'; readonly id: number; readonly name: string; readonly args: readonly unknown[] }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'withdrawn'; readonly id: number };
