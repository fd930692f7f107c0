import { createPublicKey, KeyObject } from 'node:crypto';
import { keyIdOf, type ApiKeyId } from '../crypto/oci/key-id.ts';

/** A public key in PEM, or one that is parsed already. */
export type PublicKey = string | KeyObject;

/** Public keys by key id, `<tenancy OCID>/<user OCID>/<fingerprint>`; or what looks one up, and finds undefined where there is none. */
export type OciKeys =
  | ReadonlyMap<string, PublicKey>
  | Readonly<Record<string, PublicKey>>
  | ((keyId: string, id: ApiKeyId) => PublicKey | undefined | Promise<PublicKey | undefined>);

/** @throws what looking it up throws; TypeError for what is no RSA key, since that is no mistake of who signed */
export async function publicKeyOf(keys: OciKeys, id: ApiKeyId): Promise<{ publicKey: KeyObject } | undefined> {
  const found = await lookUp(keys, id);
  // An empty text is a key that somebody forgot to set, and null what many databases find where there is nothing.
  if (!found) return undefined;
  const publicKey = found instanceof KeyObject && found.type === 'public' ? found : createPublicKey(found);
  if (publicKey.asymmetricKeyType !== 'rsa') throw new TypeError(`the key of ${keyIdOf(id)} is not RSA`);
  return { publicKey };
}

async function lookUp(keys: OciKeys, id: ApiKeyId): Promise<PublicKey | undefined> {
  const keyId = keyIdOf(id);
  if (typeof keys === 'function') return keys(keyId, id);
  if (keys instanceof Map) return (keys as ReadonlyMap<string, PublicKey>).get(keyId);
  // What objects have of themselves has no slashes in its name.
  return (keys as Readonly<Record<string, PublicKey>>)[keyId];
}
