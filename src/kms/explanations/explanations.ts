import type { components } from '../../contract/openapi.ts';
import type { DiagnosisThreads } from '../../crypto/diagnosis/diagnosis-thread.ts';
import { triedFor } from '../../crypto/diagnosis/tried.ts';
import type { Differences, PublicKey, Recovered } from '../../crypto/diagnosis/question.ts';
import { keySpecs, type KeySpecName } from '../../crypto/key-specs.ts';
import type { Signer } from '../../crypto/signer.ts';
import { loadVerificationKey } from '../../crypto/signing-keys.ts';
import type { Key, Store } from '../../store/store.ts';
import type { KeyFinder } from '../key-finder.ts';
import { isTooLong } from '../messages.ts';
import { bytesOf } from '../wire.ts';
import { causeOf, causeShown } from './causes.ts';
import { describeChecked, describeRequest } from './description.ts';
import { mistakeInMessage, mistakeInSignature, mistakeWithKey } from './mistakes.ts';
import { readRequest, type SigningRequest } from './request.ts';

type Explanation = components['schemas']['KmsExplanation'];

/** Other keys of the project that are tried, the newest first. */
const MOST_KEYS = 100;

/** Key specs whose keys could have made one another's signatures. */
const families: readonly (readonly KeySpecName[])[] = [
  ['RSA_2048', 'RSA_3072', 'RSA_4096'],
  ['EC_P256', 'EC_P384', 'SECP256K1'],
  ['SM2'],
  ['ED25519'],
];

export interface ExplanationsOptions {
  readonly store: Store;
  readonly finder: KeyFinder;
  readonly signer: Signer;
  /** Whether RAW with SM2 is signed. */
  readonly sm2Raw: boolean;
  readonly threads: Pick<DiagnosisThreads, 'diagnose'>;
}

/**
 * @param operation `kms.sign` or `kms.verify`
 * @param body as the contract has it; of `sign` with the signature of the answer, where that is known
 * @returns undefined for other operations, and for a request that says too little
 */
export type Explain = (
  operation: string,
  projectId: string,
  body: Readonly<Record<string, unknown>>,
) => Promise<Explanation | undefined>;

/** Says what `sign` signed and what `verify` checked, and finds out why a signature is not valid. Changes nothing. */
export class Explanations {
  readonly #options: ExplanationsOptions;

  constructor(options: ExplanationsOptions) {
    this.#options = options;
  }

  readonly explain: Explain = async (operation, projectId, body) => {
    const request = readRequest(operation, body);
    if (request === undefined) return undefined;
    const key = await this.#options.finder.peek(projectId, request.key);
    const about = {
      ...(key !== undefined && { key_id: key.id, key_spec: key.spec }),
      ...describeRequest(request),
    };
    const mistake = mistakeWithKey(request, key);
    if (mistake !== undefined || !isPublic(key)) return { ...about, ...(mistake !== undefined && { cause: mistake }) };
    return { ...about, ...(await this.#explainWith(request, key)) };
  };

  async #explainWith(request: SigningRequest, key: PublicPart): Promise<Partial<Explanation>> {
    const publicKey = publicKeyOf(key);
    const signature = request.signature === undefined ? undefined : bytesOf(request.signature);
    const mistake = mistakeInMessage(request, this.#options.sm2Raw);
    if (request.operation === 'sign' || signature === undefined) {
      if (mistake !== undefined) return { cause: mistake };
      // The answer may be older than the key: then nobody says what was signed.
      const isOwn = signature === undefined || (await this.#isValid(request, publicKey, signature));
      return { ...describeChecked(request, publicKey, signature), ...(isOwn && { verdict: 'signed' as const }) };
    }
    if (mistake !== undefined)
      return isTooLong(request.message) ? { cause: mistake } : { ...(await this.#diagnose(request, key, mistake)) };
    const checked = describeChecked(request, publicKey, signature);
    const isSent = isBase64(request.signature ?? '');
    if (isSent && (await this.#isValid(request, publicKey, signature))) return { ...checked, verdict: 'valid' };
    const about = await this.#diagnose(request, key, mistakeInSignature(signature, publicKey.spec), checked.digest);
    return { ...checked, ...(isSent && { verdict: 'invalid' as const }), ...about };
  }

  #isValid({ algorithm, type, message }: SigningRequest, key: PublicKey, signature: Uint8Array): Promise<boolean> {
    const verificationKey = loadVerificationKey(keySpecs[key.spec], key.spki);
    return this.#options.signer.verify(algorithm, verificationKey, type, message, signature);
  }

  /** @param mistake what is the cause where no other is found */
  async #diagnose(
    request: SigningRequest,
    key: PublicPart,
    mistake: string | undefined,
    digest?: string,
  ): Promise<Partial<Explanation>> {
    const { algorithm, type, message, signature = '' } = request;
    const others = (await this.#othersOf(key)).map(publicKeyOf);
    const question = { algorithm: algorithm.name, type, message, signature, key: publicKeyOf(key), others };
    const diagnosis = await this.#options.threads.diagnose(question);
    if (diagnosis === undefined)
      return { ...(mistake !== undefined && { cause: mistake }), tried: ['nothing to its end: it took too long'] };
    const { found, recovered } = diagnosis;
    const asked = { algorithm, hash: describeRequest(request).hash, digest };
    const cause = (found && causeOf(found, asked)) ?? (recovered && causeShown(recovered, asked)) ?? mistake;
    return {
      ...(cause !== undefined && { cause }),
      ...(found !== undefined && { would_be_valid_with: differencesOnWire(found) }),
      ...(recovered !== undefined && { signature_shows: recoveredOnWire(recovered) }),
      tried: [...triedFor(question)],
    };
  }

  /** Other keys that sign of the same family, the newest first. */
  async #othersOf(key: PublicPart): Promise<readonly PublicPart[]> {
    const { keys } = this.#options.store;
    const family = families.find((specs) => specs.includes(key.spec as KeySpecName)) ?? [];
    const pages = await Promise.all(family.map((spec) => keys.list(key.projectId, { spec }, 0, MOST_KEYS + 1)));
    return pages
      .flatMap(({ items }) => items)
      .filter((one) => one.id !== key.id && one.usage === 'SIGN_VERIFY')
      .filter(isPublic)
      .sort((one, other) => other.createdAt - one.createdAt)
      .slice(0, MOST_KEYS);
  }
}

interface PublicPart extends Key {
  readonly publicKey: Uint8Array;
}

const isPublic = (key: Key | undefined): key is PublicPart => key !== undefined && key.publicKey !== null;

const publicKeyOf = ({ id, spec, publicKey }: PublicPart): PublicKey => ({
  id,
  spec: spec as KeySpecName,
  spki: Uint8Array.from(publicKey),
});

/** As the contract has it: verify refuses anything else. */
const isBase64 = (text: string): boolean => /^[A-Za-z0-9+/]+={0,2}$/.test(text);

function differencesOnWire(found: Differences): NonNullable<Explanation['would_be_valid_with']> {
  const { keyId, type, saltLength, mgf1Hash, userId, ...same } = found;
  return {
    ...(keyId !== undefined && { key_id: keyId }),
    ...same,
    ...(type !== undefined && { message_type: type }),
    ...(saltLength !== undefined && { salt_length: saltLength }),
    ...(mgf1Hash !== undefined && { mgf1_hash: mgf1Hash }),
    ...(userId !== undefined && { user_id: userId }),
  };
}

function recoveredOnWire({ keyId, saltLength, padding, hash, digest }: Recovered) {
  return {
    ...(keyId !== undefined && { key_id: keyId }),
    ...{ padding, hash },
    ...(digest !== undefined && { digest }),
    ...(saltLength !== undefined && { salt_length: saltLength }),
  };
}
