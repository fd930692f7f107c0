import { keySpecs, type KeySpecName } from '../../crypto/key-specs.ts';
import { isWellFormed, signatureFormat } from '../../crypto/diagnosis/signature-forms.ts';
import { titleOf } from '../../crypto/diagnosis/known-hashes.ts';
import type { Key, KeyState } from '../../store/store.ts';
import { isTooLong, LONGEST_MESSAGE } from '../messages.ts';
import { bytesOf } from '../wire.ts';
import type { SigningRequest } from './request.ts';

/** Why a key in each state but that of use does nothing. */
const unusable: Readonly<Record<Exclude<KeyState, 2>, string>> = {
  3: 'The key is disabled.',
  4: 'The key is pending deletion.',
  5: 'The key waits for its material to be imported.',
};

/** What hinders a key to do what is asked at all, in the order in which it is refused; undefined where nothing does. */
export function mistakeWithKey({ algorithm }: SigningRequest, key: Key | undefined): string | undefined {
  if (key === undefined) return 'The project has no such key.';
  if (key.state !== 2) return unusable[key.state];
  const { kind } = keySpecs[key.spec as KeySpecName];
  if (kind !== 'asymmetric' || key.usage !== 'SIGN_VERIFY') return `A ${key.spec} key for ${key.usage} does not sign.`;
  if (!(algorithm.keySpecs as readonly string[]).includes(key.spec))
    return `${algorithm.name} is for ${algorithm.keySpecs.join(', ') || 'no key that there is'}; this key is ${key.spec}.`;
  return key.publicKey === null ? 'The key has no material yet.' : undefined;
}

/** Why a message is refused; undefined where it is not. */
export function mistakeInMessage(request: SigningRequest, sm2Raw: boolean): string | undefined {
  const { algorithm, type, message } = request;
  const { digestLength, rawByDefault, name } = algorithm;
  if (type === 'RAW' && !rawByDefault && !sm2Raw) return `${name} takes digests only: SM3(Z(A) || M).`;
  if (type === 'DIGEST' && digestLength === null) return `${name} takes whole messages only: message_type RAW.`;
  if (isTooLong(message))
    return `The message has ${message.length} bytes, and ${LONGEST_MESSAGE} are the most: send its digest with message_type DIGEST.`;
  if (type === 'RAW' || digestLength === null || message.length === digestLength) return undefined;
  const text = Buffer.from(message).toString('latin1').trim();
  const isHex = /^[0-9a-f]+$/i.test(text) && text.length === 2 * digestLength;
  const isBase64 = !isHex && /^[\w+/-]+=*$/.test(text) && bytesOf(text).length === digestLength;
  const hint = isHex ? '; it is the digest as hex text' : isBase64 ? '; it is the digest as Base64 text' : '';
  return `A ${titleOf(algorithm.hash.name)} digest has ${digestLength} bytes, and this message ${message.length}${hint}. Without message_type, a message counts as a digest.`;
}

/** What is wrong with the form of a signature; undefined where nothing is. */
export function mistakeInSignature(signature: Uint8Array, spec: KeySpecName): string | undefined {
  if (isWellFormed(signature, spec)) return undefined;
  const { length } = signature;
  return `The signature does not have the form of this key's: ${signatureFormat(spec)} (strict). It has ${length} bytes${
    signature[0] === 0x30 ? '' : ', and does not begin as DER does'
  }.`;
}
