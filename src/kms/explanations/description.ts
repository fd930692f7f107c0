import type { components } from '../../contract/openapi.ts';
import { titleOf } from '../../crypto/diagnosis/known-hashes.ts';
import type { PublicKey } from '../../crypto/diagnosis/question.ts';
import { signatureFormat } from '../../crypto/diagnosis/signature-forms.ts';
import { keySpecs } from '../../crypto/key-specs.ts';
import { loadVerificationKey } from '../../crypto/signing-keys.ts';
import { defaultUserId } from '../../crypto/sm2.ts';
import { opensslCommands } from './openssl-commands.ts';
import type { SigningRequest } from './request.ts';

type Explanation = components['schemas']['KmsExplanation'];

/** What an algorithm puts around a digest, by its scheme. */
const paddings: Readonly<Record<string, (hash: string) => string>> = {
  RSASSA_PSS: (hash) => `PSS, MGF1 with ${hash}`,
  RSASSA_PKCS1_V1_5: (hash) => `PKCS#1 v1.5, DigestInfo of ${hash}`,
};

/** What can be told of a request without a key. */
export function describeRequest({ algorithm, type }: SigningRequest): Explanation {
  const hash = titleOf(algorithm.hash.name);
  return {
    ...{ algorithm: algorithm.name, message_type: type, hash },
    padding: paddings[algorithm.scheme ?? '']?.(hash) ?? 'none',
    ...(algorithm.scheme === 'RSASSA_PSS' && { salt_length: algorithm.hash.length }),
    ...(algorithm.scheme === 'SM2DSA' && type === 'RAW' && { user_id: defaultUserId }),
  };
}

/** What a key that fits the algorithm adds to it. */
export function describeChecked(request: SigningRequest, key: PublicKey, signature: Uint8Array | undefined) {
  const digest = digestOf(request, key);
  const openssl = opensslCommands({ ...request, signature, publicKey: key.spki });
  return {
    ...(digest !== undefined && { digest: Buffer.from(digest).toString('hex') }),
    signature_format: signatureFormat(key.spec),
    ...(openssl !== undefined && { openssl }),
  };
}

/** What is signed in the end; undefined where that is the whole message. */
function digestOf({ algorithm, type, message }: SigningRequest, { spec, spki }: PublicKey): Uint8Array | undefined {
  if (type === 'DIGEST') return algorithm.digestLength === null ? undefined : message;
  const { raw } = algorithm;
  if (raw.by === 'digest') return raw.digestOf(loadVerificationKey(keySpecs[spec], spki), message);
  return raw.hash === null ? undefined : algorithm.hash.digest(message);
}
