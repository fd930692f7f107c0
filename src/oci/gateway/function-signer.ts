/** The key with which a function signs: what runs behind the gateway, and not the gateway itself, knows it. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { readKeyId } from '../../crypto/oci/key-id.ts';
import { readPrivateKey, UnusablePrivateKey } from '../../crypto/oci/private-keys.ts';
import { fingerprintOf } from '../../crypto/oci/public-keys.ts';
import { modulusLength } from '../../crypto/rsa-keys.ts';
import { objectOf, optional, text, type JsonPlace, type Reader } from './json-place.ts';

export interface FunctionSigner {
  /** Of an API key. */
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

/** Bits of a modulus: the least that the vendor takes, and the most with which signing does not take long. */
const SHORTEST = 2048;
const LONGEST = 4096;

/** What a function calls, and how it signs that. */
export const signedCall =
  <Url>(url: Reader<Url>): Reader<{ readonly url: Url; readonly signer: FunctionSigner }> =>
  (place) => {
    if (!place.isThere) throw place.wrong('is missing: what the function calls, and the key with which it signs that');
    const passphrase = place.at('passphrase');
    const readers = { url, keyId: apiKeyId, privateKeyPem: privateKey(passphrase), passphrase: optional(text) };
    const { url: called, keyId, privateKeyPem: key } = objectOf(readers)(place);
    const fingerprint = fingerprintOf(createPublicKey(key));
    if (!keyId.endsWith(`/${fingerprint}`))
      throw place.at('keyId').wrong(`is of another key: that of the private key ends with ${fingerprint}`);
    return { url: called, signer: { keyId, privateKey: key } };
  };

const apiKeyId: Reader<string> = (place) => {
  const keyId = text(place);
  const id = readKeyId(keyId);
  if (id.form !== 'api key') throw place.wrong(id.why);
  return keyId;
};

/** PKCS#1 or PKCS#8 in PEM, perhaps encrypted. */
const privateKey =
  (passphrasePlace: JsonPlace): Reader<KeyObject> =>
  (place) => {
    const { value: passphrase } = passphrasePlace;
    const key = keyAt(place, typeof passphrase === 'string' ? passphrase : undefined);
    if (key.asymmetricKeyType !== 'rsa') throw place.wrong('is not RSA');
    const bits = modulusLength(key);
    if (bits < SHORTEST || bits > LONGEST)
      throw place.wrong(`has ${bits} bits; it must have from ${SHORTEST} to ${LONGEST}`);
    return key;
  };

function keyAt(place: JsonPlace, passphrase: string | undefined): KeyObject {
  try {
    return readPrivateKey(text(place), passphrase);
  } catch (error) {
    throw error instanceof UnusablePrivateKey ? place.wrong(error.reason) : error;
  }
}
