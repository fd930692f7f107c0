import { randomBytes } from 'node:crypto';
import { keySpecs, type KeySpecName } from '../crypto/key-specs.ts';
import { ServiceError } from '../errors.ts';
import type { Key } from '../store/store.ts';
import { kmsRefusals as refusals } from './errors.ts';
import { assertEnabled } from './key-states.ts';
import { cipherOf, type Encrypted, type SymmetricEncryption } from './symmetric-encryption.ts';

/** Bits of a data key that is made here, in steps of 8. */
const MOST_BITS = 8192;
/** Bytes of a data key that is brought here. */
const MOST_BYTES = 1024;
/** Bits where neither a length nor a spec is given. */
const DEFAULT_BITS = 256;

const bitsOfSpecs = {
  AES_128: 128,
  AES_256: 256,
  SM4: 128,
  HMAC_256: 256,
  HMAC_384: 384,
  HMAC_512: 512,
  HMAC_SM3: 256,
} as const;

export type DataKeySpec = keyof typeof bitsOfSpecs;

/** A data key that is to be made. */
export interface DataKeyRequest {
  /** Goes before the spec. */
  readonly bits: number | undefined;
  readonly spec: DataKeySpec | undefined;
  readonly context: string;
}

/** Makes data keys, and wraps them with symmetric keys. Every method throws ServiceError with a refusal of the KMS. */
export class DataKeys {
  readonly #symmetric: SymmetricEncryption;
  readonly #strictContext: boolean;

  /** @param options.strictContext whether a data key that was wrapped with a context opens only with it, not also without any */
  constructor(symmetric: SymmetricEncryption, { strictContext }: { readonly strictContext: boolean }) {
    this.#symmetric = symmetric;
    this.#strictContext = strictContext;
  }

  async create(key: Key, { bits, spec, context }: DataKeyRequest): Promise<{ plain: Buffer; wrapped: Buffer }> {
    assertWraps(key);
    const wanted = bits ?? (spec === undefined ? DEFAULT_BITS : bitsOfSpecs[spec]);
    if (wanted < 8 || wanted > MOST_BITS) throw new ServiceError(refusals.datakeyLength);
    if (wanted % 8 !== 0) throw new ServiceError(refusals.datakeyLengthStep);
    const plain = randomBytes(wanted / 8);
    return { plain, wrapped: await this.#symmetric.encrypt(key, 'data key', plain, context) };
  }

  /** @param bytes a data key of so many bytes, and behind it its digest */
  async wrap(key: Key, bytes: Buffer, length: number, context: string): Promise<Buffer> {
    assertWraps(key);
    if (!isLength(length)) throw new ServiceError(refusals.datakeyPlainLength);
    const plain = bytes.subarray(0, length);
    const digest = digestFor(key, plain);
    if (bytes.length !== length + digest.length) throw new ServiceError(refusals.datakeyPlainLengthDiffers);
    if (!bytes.subarray(length).equals(digest)) throw new ServiceError(refusals.datakeyDigest);
    return this.#symmetric.encrypt(key, 'data key', plain, context);
  }

  /** A data key that has so many bytes. */
  async unwrap(key: Key, { bytes, context }: Encrypted, length: number): Promise<Buffer> {
    assertWraps(key);
    if (!isLength(length)) throw new ServiceError(refusals.datakeyCipherLength);
    const asked = context === '' && !this.#strictContext ? undefined : context;
    const plain = await this.#symmetric.decrypt(key, 'data key', { bytes, context: asked });
    if (plain.length !== length) throw new ServiceError(refusals.datakeyCipherLengthDiffers);
    return plain;
  }
}

/** What goes with a data key that this key wraps: SHA-256, or SM3 for an SM4 key. */
export const digestFor = (key: Key, dataKey: Uint8Array): Buffer => Buffer.from(cipherOf(key).hash.digest(dataKey));

/** @throws ServiceError unless the key is enabled and symmetric */
export function assertWraps(key: Key): void {
  assertEnabled(key);
  const { kind } = keySpecs[key.spec as KeySpecName];
  if (kind === 'hmac') throw new ServiceError(refusals.hmacKey);
  if (kind === 'asymmetric') throw new ServiceError(refusals.asymmetricKey);
}

const isLength = (bytes: number): boolean => bytes >= 1 && bytes <= MOST_BYTES;
