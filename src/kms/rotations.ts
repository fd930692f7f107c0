import { keySpecs, type KeySpecName } from '../crypto/key-specs.ts';
import { ServiceError } from '../errors.ts';
import { isDefaultKey, type Key, type KeyChange, type Store } from '../store/store.ts';
import { DAY } from './days.ts';
import { kmsRefusals as refusals } from './errors.ts';
import type { KeyFinder } from './key-finder.ts';
import { holdKey } from './key-hold.ts';
import { rotate } from './key-rotation.ts';
import { assertEnabled } from './key-states.ts';

export interface RotationsOptions {
  readonly store: Store;
  readonly finder: KeyFinder;
  readonly now: () => number;
}

/**
 * Whether and how often keys get new material. Only symmetric keys that were made here do. Every method throws ServiceError with a refusal
 * of the KMS, looking in this order: key, vendor's own key, kind, origin, state, schedule.
 */
export class Rotations {
  readonly #store: Store;
  readonly #finder: KeyFinder;
  readonly #now: () => number;

  constructor({ store, finder, now }: RotationsOptions) {
    this.#store = store;
    this.#finder = finder;
    this.#now = now;
  }

  /** The first rotation is a whole interval away. */
  enable(projectId: string, id: string): Promise<void> {
    return this.#reschedule(projectId, id, ({ nextRotationAt, rotationDays }) => {
      if (nextRotationAt !== null) throw new ServiceError(refusals.rotationEnabled);
      return { nextRotationAt: this.#now() + rotationDays * DAY };
    });
  }

  /** The interval is kept for the time when rotation is enabled again. For a disabled key, too: without this it could not be deleted. */
  disable(projectId: string, id: string): Promise<void> {
    return this.#reschedule(
      projectId,
      id,
      ({ nextRotationAt }) => {
        if (nextRotationAt === null) throw new ServiceError(refusals.rotationDisabled);
        return { nextRotationAt: null };
      },
      assertInUse,
    );
  }

  /**
   * The new interval begins where the present one did, with the last rotation by schedule or with enabling; where it would be over already,
   * it begins now, so that asking for it rotates nothing.
   * @param days 30 to 365
   */
  setInterval(projectId: string, id: string, days: number): Promise<void> {
    return this.#reschedule(projectId, id, ({ nextRotationAt, rotationDays }) => {
      if (nextRotationAt === null) throw new ServiceError(refusals.rotationDisabled);
      const moved = nextRotationAt + (days - rotationDays) * DAY;
      const now = this.#now();
      return { rotationDays: days, nextRotationAt: moved > now ? moved : now + days * DAY };
    });
  }

  /** A key that may be rotated, in any state. */
  async find(projectId: string, id: string): Promise<Key> {
    const key = await this.#finder.find(projectId, id);
    assertRotates(key);
    return key;
  }

  /** Rotates a key now, whether or not it is rotated by schedule; the schedule stays as it is. */
  async rotate(projectId: string, id: string): Promise<Key> {
    const key = await this.find(projectId, id);
    assertEnabled(key);
    const rotated = await rotate(this.#store, key, ({ materialVersion }) => ({
      materialVersion: materialVersion + 1,
      lastRotationAt: this.#now(),
    }));
    // Where it was disabled meanwhile, it was not rotated.
    assertEnabled(rotated);
    return rotated;
  }

  async #reschedule(
    projectId: string,
    id: string,
    schedule: (current: Key) => KeyChange,
    assertState: (current: Key) => void = assertEnabled,
  ): Promise<void> {
    const key = await this.find(projectId, id);
    await holdKey(this.#store, key, async ({ keys }, current) => {
      assertState(current);
      await keys.update(projectId, id, [2, 3], schedule(current));
    });
  }
}

function assertInUse(key: Key): void {
  if (key.state !== 3) assertEnabled(key);
}

function assertRotates(key: Key): void {
  if (isDefaultKey(key)) throw new ServiceError(refusals.defaultKey);
  const { kind } = keySpecs[key.spec as KeySpecName];
  if (kind === 'asymmetric') throw new ServiceError(refusals.asymmetricKey);
  if (kind === 'hmac') throw new ServiceError(refusals.hmacKey);
  if (key.origin === 'external') throw new ServiceError(refusals.externalKeyCannotRotate);
}
