/** What an opened signature proves of itself. */
import { titleOf } from '../../diagnosis/known-hashes.ts';
import { keyIdOf, type ApiKeyId } from '../key-id.ts';
import type { OciCause } from './question.ts';

const RIGHT = 'Sign with RSASSA-PKCS1-v1_5 and SHA-256 (SHA256withRSA, RSA-SHA256), as rsa-sha256 says.';

/** @param how such as `decoded from hex` */
export const writingCause = (how: string): OciCause => ({
  name: 'signature-writing',
  explanation: `The signature is one by a stored key only when it is read in another way: ${how}.`,
  remedy: 'Write the signature in Base64 (RFC 4648 4), with its padding and in one line.',
});

export const otherKeyCause = (id: ApiKeyId): OciCause => ({
  name: 'other-stored-key',
  explanation: `The signature was made with another stored key than the one that keyId names: ${keyIdOf(id)}.`,
  remedy: 'Name in keyId the key whose private key signs: fingerprint and key_file of the config file belong together.',
});

/** The signature is as long as one by the key, and none. */
export const unknownKeyCause = (keys: number): OciCause => ({
  name: 'no-stored-key',
  explanation: `The stored key did not make this signature${othersToo(keys)}: it was made with another private key, or changed afterwards.`,
  remedy: 'Compare the fingerprint of the private key that signs with the one in keyId.',
});

function othersToo(keys: number): string {
  if (keys === 0) return '';
  return keys === 1 ? ', nor did the other one that was tried' : `, nor did any of the ${keys} others that were tried`;
}

/**
 * @param length bytes
 * @param bits of the modulus
 * @param isTold whether the refusal itself says both lengths already
 */
export function lengthCause(length: number, bits: number, isTold: boolean): OciCause {
  const isWhole = length >= 128 && length % 64 === 0;
  const right = Math.ceil(bits / 8);
  const cut =
    length < right
      ? 'shorter than one by the stored key: a part of it is missing'
      : 'longer than one by the stored key';
  const told = isTold
    ? `The signature is ${cut}.`
    : `The signature has ${length} bytes; one by the stored key of ${bits} bits has ${right}.`;
  return {
    name: isWhole ? 'other-key-size' : 'signature-length',
    explanation: isWhole
      ? `The signature is as long as one by a key of ${8 * length} bits, and the stored key has ${bits}.`
      : told,
    remedy: isWhole
      ? 'Sign with the private key that belongs to the fingerprint in keyId.'
      : 'Put the whole signature into Authorization, in Base64 (RFC 4648 4).',
  };
}

/** @param hash OpenSSL's name */
export const hashCause = (hash: string): OciCause => ({
  name: 'other-hash',
  explanation: `The client signed with ${titleOf(hash)}, and rsa-sha256 has SHA-256.`,
  remedy: RIGHT,
});

/** @param hash OpenSSL's name */
export const pssCause = (hash: string, saltLength: number): OciCause => ({
  name: 'pss-padding',
  explanation: `The client signed with RSASSA-PSS (${titleOf(hash)}, ${saltLength} bytes of salt), and rsa-sha256 has RSASSA-PKCS1-v1_5.`,
  remedy: RIGHT,
});

export const bareCause = (what: string): OciCause => ({
  name: 'bare-digest',
  explanation: `The client put ${what}, into the signature without the DigestInfo around it that tells the hash (RFC 8017 9.2).`,
  remedy: `${RIGHT} Give that function the signing string, not a digest of it.`,
});

export const unpaddedCause: OciCause = {
  name: 'no-padding',
  explanation: 'The client put a digest into the signature without any padding.',
  remedy: RIGHT,
};

export const digestInfoCause: OciCause = {
  name: 'digest-info',
  explanation: 'What the client signed has no DigestInfo as RFC 8017 9.2 wants it.',
  remedy: RIGHT,
};
