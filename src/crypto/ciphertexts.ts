/**
 * What a symmetric key makes of data and of data keys: bytes in which the key's id stands, so that whoever opens them need not name the
 * key. Their length, and the places of the key's id and of its end, are the vendor's, as its samples show; the rest is ours, since the
 * vendor does not tell its format.
 *
 *   0   2  02 00
 *   2   2  where the key id ends, little-endian
 *   4   4  which material of the key, big-endian: a key that was rotated has several
 *   8  12  nonce
 *  20  32  SHA-256 of the context; zeros where there is none
 *  52   n  the data, encrypted in counter mode; a data key as it is, other data padded
 *      36  key id, ASCII
 *       4  zeros
 *      32  HMAC-SHA256 of everything before
 */
import { createCipheriv, createHmac, hash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { hashes, type Hash } from './hashes.ts';

/** How a key encrypts, by its key spec. */
export interface DataCipher {
  readonly name: 'aes-256-ctr' | 'sm4-ctr';
  /** Bytes. */
  readonly keyLength: number;
  /** Of the digests that go with data keys. */
  readonly hash: Hash;
}

/** The key specs of symmetric keys. */
export type SymmetricSpec = 'AES_256' | 'SM4';

export const dataCiphers: Readonly<Record<SymmetricSpec, DataCipher>> = {
  AES_256: { name: 'aes-256-ctr', keyLength: 32, hash: hashes.sha256 },
  SM4: { name: 'sm4-ctr', keyLength: 16, hash: hashes.sm3 },
};

/** What is encrypted: what is made for one purpose does not open for the other. */
export type Purpose = 'data' | 'data key';

/** Bytes, to a multiple of which data is padded. */
const BLOCK = 16;
const NONCE_AT = 8;
const CONTEXT_AT = 20;
const DATA_AT = 52;
const KEY_ID_LENGTH = 36;
const MAC_LENGTH = 32;
/** Bytes behind the data. */
const TAIL = KEY_ID_LENGTH + 4 + MAC_LENGTH;

const keyId = /^[0-9a-z]{8}(?:-[0-9a-z]{4}){3}-[0-9a-z]{12}$/;

/** A ciphertext that has the right form; whether it is genuine shows when it is opened. */
export interface Ciphertext {
  readonly keyId: string;
  readonly version: number;
  readonly contextHash: Buffer;
  readonly bytes: Buffer;
}

export interface Encryption {
  readonly purpose: Purpose;
  readonly keyId: string;
  readonly version: number;
  readonly material: Uint8Array;
  readonly cipher: DataCipher;
  /** What must be said again to open it; empty for nothing. */
  readonly context: string;
}

export function encryptData(encryption: Encryption, data: Uint8Array): Buffer {
  const content = encryption.purpose === 'data' ? padded(data) : data;
  const head = Buffer.alloc(DATA_AT);
  head[0] = 2;
  head.writeUInt16LE(DATA_AT + content.length + KEY_ID_LENGTH, 2);
  head.writeUInt32BE(encryption.version, 4);
  randomBytes(CONTEXT_AT - NONCE_AT).copy(head, NONCE_AT);
  hashOfContext(encryption.context).copy(head, CONTEXT_AT);
  const keys = keysOf(encryption, head);
  const tail = Buffer.concat([Buffer.from(encryption.keyId, 'latin1'), Buffer.alloc(4)]);
  const body = Buffer.concat([head, inCounterMode(encryption.cipher, keys.encryption, content), tail]);
  return Buffer.concat([body, createHmac('sha256', keys.mac).update(body).digest()]);
}

/** undefined for bytes that no key made. */
export function readCiphertext(bytes: Buffer): Ciphertext | undefined {
  const tailAt = bytes.length - TAIL;
  const end = tailAt + KEY_ID_LENGTH;
  if (tailAt < DATA_AT || bytes.readUInt16BE(0) !== 0x0200 || bytes.readUInt16LE(2) !== end) return undefined;
  const id = bytes.toString('latin1', tailAt, end);
  if (!keyId.test(id)) return undefined;
  return { keyId: id, version: bytes.readUInt32BE(4), contextHash: bytes.subarray(CONTEXT_AT, DATA_AT), bytes };
}

/**
 * The data; undefined when this material did not make the ciphertext for this purpose, or when any byte of it has changed. The context is
 * not asked for: see `hasContext`.
 */
export function decryptData(
  { bytes }: Ciphertext,
  encryption: Pick<Encryption, 'purpose' | 'material' | 'cipher'>,
): Buffer | undefined {
  const keys = keysOf(encryption, bytes);
  const body = bytes.subarray(0, -MAC_LENGTH);
  const right = createHmac('sha256', keys.mac).update(body).digest();
  if (!timingSafeEqual(right, bytes.subarray(-MAC_LENGTH))) return undefined;
  const content = inCounterMode(encryption.cipher, keys.encryption, bytes.subarray(DATA_AT, -TAIL));
  return encryption.purpose === 'data' ? content.subarray(0, -(content.at(-1) ?? 0)) : content;
}

/** Whether a ciphertext was made with this context. */
export const hasContext = ({ contextHash }: Ciphertext, context: string): boolean =>
  contextHash.equals(hashOfContext(context));

const hashOfContext = (context: string): Buffer =>
  context === '' ? Buffer.alloc(DATA_AT - CONTEXT_AT) : hash('sha256', context, 'buffer');

/** Of their own for every ciphertext, so that the counter may begin at zero. */
function keysOf(
  { purpose, material, cipher }: Pick<Encryption, 'purpose' | 'material' | 'cipher'>,
  head: Buffer,
): Record<'encryption' | 'mac', Buffer> {
  const nonce = head.subarray(NONCE_AT, CONTEXT_AT);
  const info = `signet ${purpose} ${cipher.name}`;
  const bytes = Buffer.from(hkdfSync('sha256', material, nonce, info, cipher.keyLength + MAC_LENGTH));
  return { encryption: bytes.subarray(0, cipher.keyLength), mac: bytes.subarray(cipher.keyLength) };
}

/** PKCS#7 (RFC 5652 6.3). */
function padded(data: Uint8Array): Buffer {
  const missing = BLOCK - (data.length % BLOCK);
  return Buffer.concat([data, Buffer.alloc(missing, missing)]);
}

function inCounterMode({ name }: DataCipher, key: Buffer, data: Uint8Array): Buffer {
  const cipher = createCipheriv(name, key, Buffer.alloc(16));
  return Buffer.concat([cipher.update(data), cipher.final()]);
}
