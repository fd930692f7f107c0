/** What a fault rule makes of a call. */
export interface Effect {
  /** The rule. */
  readonly id: string;
  /** Whether the operation happens first. */
  readonly phase: 'before' | 'after';
  /** Milliseconds of real time. */
  readonly delay: number;
  /** In place of the answer; undefined: only late. */
  readonly end: Refused | Broken | undefined;
}

interface Refused {
  readonly kind: 'refused';
  /** Thrown in place of the answer. */
  readonly error: Error;
}

interface Broken {
  /** No answer at all, or half of it. */
  readonly kind: 'reset' | 'truncated';
}

/** What a rule may look at. */
export interface Spoilable {
  readonly operation: string;
  readonly projectId: string | undefined;
  /** As the request names it. */
  readonly keyId: string | undefined;
}

/** The fault that a call gets, if any; it counts as given. A promise only where a rule is for the call and other processes are asked, too. */
export type Spoil = (call: Spoilable) => Effect | undefined | Promise<Effect | undefined>;
