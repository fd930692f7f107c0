/** API keys that nobody has to sign for. */
import type { KeyObject } from 'node:crypto';
import { fingerprintOf, readPublicKey, UnusablePublicKey } from '../../crypto/oci/public-keys.ts';
import { refusalOf, ServiceError } from '../../errors.ts';
import { mostApiKeys, OwnerGone, type OciApiKey, type OciUser, type Store } from '../../store/store.ts';
import { emulatorRefusals as refusals } from '../errors.ts';

export interface FirstKeysContext {
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A UUID, new every time. */
  readonly newId: () => string;
}

/** @throws ServiceError noSuchOciUser */
export async function findOciUser(store: Store, id: string): Promise<OciUser> {
  const user = await store.oci.user(id);
  if (user === undefined) throw new ServiceError(refusals.noSuchOciUser);
  return user;
}

/**
 * Gives the user this key, which is active at once.
 * @throws ServiceError noSuchOciUser, ociTaken, tooManyOciKeys or unusableOciKey
 */
export async function addFirstKey(
  { store, now, newId }: FirstKeysContext,
  { id: userId }: OciUser,
  publicKeyPem: string,
): Promise<OciApiKey> {
  const publicKey = usable(() => readPublicKey(publicKeyPem));
  const at = now();
  const key: OciApiKey = {
    ...{ userId, fingerprint: fingerprintOf(publicKey), publicKey: spkiOf(publicKey) },
    ...{ createdAt: at, activeAt: at, inactiveStatus: null, etag: newId() },
  };
  const outcome = await orGone(store.oci.addApiKey(key, mostApiKeys));
  if (outcome === 'taken')
    throw refusalOf(refusals.ociTaken, `The OCI user already has the API key ${key.fingerprint}.`);
  if (outcome === 'full') throw new ServiceError(refusals.tooManyOciKeys);
  return key;
}

/** What reads a key, with the reason why it will not do as a refusal. @throws ServiceError unusableOciKey */
export function usable<Key>(read: () => Key): Key {
  try {
    return read();
  } catch (error) {
    throw error instanceof UnusablePublicKey ? refusalOf(refusals.unusableOciKey, error.reason) : error;
  }
}

const spkiOf = (publicKey: KeyObject): string => publicKey.export({ type: 'spki', format: 'pem' }).toString();

async function orGone<Outcome>(adding: Promise<Outcome>): Promise<Outcome> {
  try {
    return await adding;
  } catch (error) {
    throw error instanceof OwnerGone ? new ServiceError(refusals.noSuchOciUser) : error;
  }
}
