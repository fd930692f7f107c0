import type { Store } from '../store/store.ts';

/** What all of the control plane works with. */
export interface ApigContext {
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** 32 lower-case hex digits, new every time. */
  readonly newId: () => string;
}
