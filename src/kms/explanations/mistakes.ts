import { keySpecs, type KeySpecName } from '../../crypto/key-specs.ts';
import { isWellFormed, signatureFormat } from '../../crypto/diagnosis/signature-forms.ts';
import { titleOf } from '../../crypto/diagnosis/known-hashes.ts';
import type { Key } from '../../store/store.ts';
import { bytesOf } from '../wire.ts';
import type { SigningRequest } from './request.ts';

/** What hinders a key to do what is asked at all; undefined where nothing does. */
export function mistakeWithKey({ algorithm }: SigningRequest, key: Key | undefined): string | undefined {
  if (key === undefined) return 'The project has no such key.';
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
  if (type === 'RAW') return rawByDefault || sm2Raw ? undefined : `${name} takes digests only: SM3(Z(A) || M).`;
  if (digestLength === null) return `${name} takes whole messages only: message_type RAW.`;
  if (message.length === digestLength) return undefined;
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
