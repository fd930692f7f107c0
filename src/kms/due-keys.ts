import { ServiceError } from '../errors.ts';
import type { DueKey, Store } from '../store/store.ts';
import { dueRotation, rotate } from './key-rotation.ts';

/** What fell due by the clock and became of a key. */
export interface DueEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly event: 'key_rotated' | 'key_deleted' | 'material_expired';
  readonly keyId: string;
  readonly projectId: string;
}

const events = {
  deletion: 'key_deleted',
  expiry: 'material_expired',
  rotation: 'key_rotated',
} as const satisfies Record<DueKey['what'], DueEvent['event']>;

/** The last instant that there is, in milliseconds since 1970. */
const EVER = 8.64e15;

/** Deletion, rotation and expiry of keys by the clock. They happen to a key that is asked for; this is for a clock that moves. */
export class DueKeys {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** When something falls due next, or fell due before; undefined when nothing will. */
  readonly next = async (): Promise<number | undefined> => (await this.#store.keys.due(EVER, 1))[0]?.at;

  /** Does what is due at this instant, and tells at most so much of it. The rest of what rotates waits for the next time, or for who asks. */
  readonly run = async (now: number, most: number): Promise<readonly DueEvent[]> => {
    const due = await this.#settle(now, most);
    for (const { what, projectId, keyId } of due) if (what === 'rotation') await this.#rotate(projectId, keyId, now);
    return due.map(({ at, what, keyId, projectId }) => ({ at, event: events[what], keyId, projectId }));
  };

  /** What KeyFinder does for those who ask for several keys. A key that is deleted has no material that could expire. */
  #settle(now: number, most: number): Promise<readonly DueKey[]> {
    return this.#store.transaction(async ({ keys }) => {
      const due = await keys.due(now, most);
      if (due.every(({ what }) => what === 'rotation')) return due;
      const deleted = new Set(due.filter(({ what }) => what === 'deletion').map(({ keyId }) => keyId));
      await keys.removeDue(now);
      await keys.expireDue(now);
      return due.filter(({ what, keyId }) => what === 'deletion' || !deleted.has(keyId));
    });
  }

  async #rotate(projectId: string, keyId: string, now: number): Promise<void> {
    const key = await this.#store.keys.find(projectId, keyId);
    try {
      if (key !== undefined) await rotate(this.#store, key, (current) => dueRotation(current, now));
    } catch (error) {
      // Somebody has removed it meanwhile, with its project.
      if (!(error instanceof ServiceError)) throw error;
    }
  }
}
