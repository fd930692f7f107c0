/** New material for a key; what earlier material encrypted, that material still opens. */
import { keySpecs, type KeySpecName } from '../crypto/key-specs.ts';
import type { Key, Store } from '../store/store.ts';
import { DAY } from './days.ts';
import { holdKey } from './key-hold.ts';

/** What a rotation changes. */
export interface Rotation {
  readonly materialVersion: number;
  readonly lastRotationAt: number;
  readonly nextRotationAt?: number;
}

/**
 * Gives an enabled key new material; gives the key as it then is.
 * @param decide the rotation of the key as it is when its turn has come; undefined where none is to be made (any more)
 */
export async function rotate(store: Store, key: Key, decide: (current: Key) => Rotation | undefined): Promise<Key> {
  const { secret } = await keySpecs[key.spec as KeySpecName].generate();
  return holdKey(store, key, async ({ keys }, current) => {
    const rotation = current.state === 2 ? decide(current) : undefined;
    if (rotation === undefined) return current;
    await keys.addMaterial(key.id, rotation.materialVersion, secret);
    await keys.update(key.projectId, key.id, [2], rotation);
    return { ...current, ...rotation };
  });
}

/** The rotation that is due at this instant, with those of missed intervals, each of which counts; undefined when none is. */
export function dueRotation({ nextRotationAt, rotationDays, materialVersion }: Key, now: number): Rotation | undefined {
  if (nextRotationAt === null || nextRotationAt > now) return undefined;
  const interval = rotationDays * DAY;
  const missed = Math.floor((now - nextRotationAt) / interval);
  const lastRotationAt = nextRotationAt + missed * interval;
  return {
    materialVersion: materialVersion + missed + 1,
    lastRotationAt,
    nextRotationAt: lastRotationAt + interval,
  };
}
