/** Signatures that are not valid, made by others, and what would have to be different. */
import { constants, hash, privateEncrypt, sign } from 'node:crypto';
import { signDigest, signWithSalt, openssl } from '../crypto/outside/openssl.ts';
import type { TestKey } from '../crypto/test-keys.ts';
import { signingAlgorithms, type SigningAlgorithmName } from '../../src/crypto/signing-algorithms.ts';
import type { AsymmetricSpec } from '../support/identity.ts';
import { base64 } from '../support/kms.ts';
import type { KmsExplanation } from './explained.ts';

export const message = Buffer.from('a message of 31 bytes, no more.');
const digest = (name: string, bytes: Uint8Array | string = message): Buffer => hash(name, bytes, 'buffer');
const text = (bytes: Uint8Array): Buffer => Buffer.from(Buffer.from(bytes).toString('hex'));

export interface WrongSignature {
  readonly name: string;
  readonly spec: AsymmetricSpec;
  readonly algorithm: SigningAlgorithmName;
  readonly type: 'RAW' | 'DIGEST';
  /** What is sent; the message where absent, or its digest. */
  readonly sent?: Uint8Array;
  /** Bytes, or the text that is sent as the signature. */
  readonly make: (key: TestKey) => Uint8Array | string;
  readonly differences: KmsExplanation['would_be_valid_with'];
  /** What the sentence has to say. */
  readonly says: RegExp;
}

const { RSA_PKCS1_PSS_PADDING, RSA_PKCS1_PADDING } = constants;

const pss = (key: TestKey, name: string, bytes: Uint8Array, saltLength: number) =>
  sign(name, bytes, { key: key.privateKey, padding: RSA_PKCS1_PSS_PADDING, saltLength });
const pkcs1 = (key: TestKey, name: string, bytes: Uint8Array) => sign(name, bytes, key.privateKey);
const ecdsa = (key: TestKey, bytes: Uint8Array = message, name = 'sha256') => sign(name, bytes, key.privateKey);
const p1363 = (key: TestKey, bytes: Uint8Array = message) =>
  sign('sha256', bytes, { key: key.privateKey, dsaEncoding: 'ieee-p1363' });

/** DER by hand: SEQUENCE { INTEGER, INTEGER }. */
function der(first: Uint8Array, second: Uint8Array, isStrict = true): Buffer {
  const integer = (bytes: Uint8Array): Buffer => {
    const start = bytes.findIndex((byte) => byte !== 0);
    const body = Buffer.from(bytes.subarray(start));
    const padded = isStrict && body[0]! > 0x7f ? Buffer.concat([Buffer.of(0), body]) : body;
    return Buffer.concat([Buffer.of(2, padded.length), padded]);
  };
  const body = Buffer.concat([integer(first), integer(second)]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

/** One of which r or s begins with a bit that is set. */
function high(key: TestKey): Buffer {
  for (;;) {
    const both = p1363(key);
    if (both[0]! > 0x7f || both[32]! > 0x7f) return both;
  }
}

const sm2 =
  (id: string, bytes: Uint8Array = message) =>
  (key: TestKey) =>
    openssl(
      [
        ...['pkeyutl', '-sign', '-inkey', 'key.pem', '-rawin', '-in', 'message', '-out', 'out', '-digest', 'sm3'],
        ...(id === '' ? ['-pkeyopt', 'hexdistid:'] : ['-pkeyopt', `distid:${id}`]),
      ],
      { 'key.pem': key.privatePem, message: bytes },
    );

const pssRow = { spec: 'RSA_2048', algorithm: 'RSASSA_PSS_SHA_256', type: 'RAW' } as const;
const pkcs1Row = { spec: 'RSA_3072', algorithm: 'RSASSA_PKCS1_V1_5_SHA_256', type: 'RAW' } as const;
const ecRow = { spec: 'EC_P256', algorithm: 'ECDSA_SHA_256', type: 'RAW' } as const;
const sm2Row = { spec: 'SM2', algorithm: 'SM2DSA_SM3', type: 'DIGEST' } as const;
const edRow = { spec: 'ED25519', algorithm: 'ED25519_SHA_512', type: 'RAW' } as const;

const rsaRows: readonly WrongSignature[] = [
  {
    ...pssRow,
    name: 'PSS with a salt of 20 bytes',
    make: (key) => signWithSalt(signingAlgorithms.RSASSA_PSS_SHA_256, key, message, 20),
    differences: { salt_length: 20 },
    says: /salt of 20 bytes in place of 32/,
  },
  {
    ...pssRow,
    name: 'PSS with the longest salt',
    make: (key) => signWithSalt(signingAlgorithms.RSASSA_PSS_SHA_256, key, message, 'max'),
    differences: { salt_length: 222 },
    says: /salt of 222 bytes/,
  },
  {
    ...pssRow,
    name: 'PSS without a salt, over a digest',
    type: 'DIGEST',
    sent: digest('sha256'),
    make: (key) => pss(key, 'sha256', message, 0),
    differences: { salt_length: 0 },
    says: /salt of 0 bytes/,
  },
  {
    ...pssRow,
    name: 'PSS with MGF1 over SHA-1',
    make: (key) =>
      signDigest(
        ...([key, digest('sha256'), '-pkeyopt', 'rsa_padding_mode:pss', '-pkeyopt', 'digest:sha256'] as const),
        ...['-pkeyopt', 'rsa_pss_saltlen:32', '-pkeyopt', 'rsa_mgf1_md:sha1'],
      ),
    differences: { mgf1_hash: 'SHA-1' },
    says: /MGF1 over SHA-1 in place of SHA-256/,
  },
  {
    ...pssRow,
    name: 'PSS with SHA-1 throughout, as it is by default',
    make: (key) => pss(key, 'sha1', message, 20),
    differences: { hash: 'SHA-1' },
    says: /hash SHA-1/,
  },
  {
    ...pssRow,
    name: 'PSS with SHA-512',
    make: (key) => pss(key, 'sha512', message, 64),
    differences: { algorithm: 'RSASSA_PSS_SHA_512' },
    says: /with RSASSA_PSS_SHA_512 in place of RSASSA_PSS_SHA_256/,
  },
  {
    ...pssRow,
    name: 'PKCS#1 v1.5 in place of PSS',
    make: (key) => pkcs1(key, 'sha256', message),
    differences: { algorithm: 'RSASSA_PKCS1_V1_5_SHA_256' },
    says: /RSASSA_PKCS1_V1_5_SHA_256/,
  },
  {
    ...pkcs1Row,
    name: 'PSS in place of PKCS#1 v1.5',
    make: (key) => pss(key, 'sha256', message, 32),
    differences: { algorithm: 'RSASSA_PSS_SHA_256' },
    says: /RSASSA_PSS_SHA_256/,
  },
  {
    ...pkcs1Row,
    name: 'PKCS#1 v1.5 with SHA-1',
    make: (key) => pkcs1(key, 'sha1', message),
    differences: { hash: 'SHA-1' },
    says: /SHA-1/,
  },
  {
    ...pkcs1Row,
    name: 'PKCS#1 v1.5 without DigestInfo',
    make: (key) => privateEncrypt({ key: key.privateKey, padding: RSA_PKCS1_PADDING }, digest('sha256')),
    differences: { padding: 'without DigestInfo around the digest' },
    says: /without DigestInfo/,
  },
  {
    ...pkcs1Row,
    name: 'a digest that was hashed again, as crypto.sign does',
    type: 'DIGEST',
    sent: digest('sha256'),
    make: (key) => pkcs1(key, 'sha256', digest('sha256')),
    differences: { message_type: 'RAW' },
    says: /message_type RAW/,
  },
  {
    ...pkcs1Row,
    name: 'a digest sent as RAW',
    sent: digest('sha256'),
    make: (key) => pkcs1(key, 'sha256', message),
    differences: { message_type: 'DIGEST' },
    says: /message_type DIGEST/,
  },
  {
    ...pkcs1Row,
    name: 'hashed twice, sent as RAW',
    make: (key) => pkcs1(key, 'sha256', digest('sha256')),
    differences: { message: 'as its SHA-256 digest' },
    says: /hashed twice/,
  },
  {
    ...pkcs1Row,
    name: 'the digest as hex text, signed',
    make: (key) => pkcs1(key, 'sha256', text(digest('sha256'))),
    differences: { message: 'as its SHA-256 digest in hex' },
    says: /digest in hex/,
  },
  {
    ...pkcs1Row,
    name: 'bytes in reverse order, as CryptoAPI has them',
    make: (key) => pkcs1(key, 'sha256', message).reverse(),
    differences: { signature: 'with its bytes in reverse order' },
    says: /reverse order/,
  },
  {
    ...pkcs1Row,
    name: 'a salt of 20 bytes and another padding',
    make: (key) => pss(key, 'sha256', message, 20),
    differences: { algorithm: 'RSASSA_PSS_SHA_256', salt_length: 20 },
    says: /RSASSA_PSS_SHA_256.*, and with a salt of 20 bytes/,
  },
];

const messageRows: readonly WrongSignature[] = [
  ['a line feed more', Buffer.concat([message, Buffer.from('\n')]), 'with a line feed at its end'],
  [
    'CR and LF more',
    Buffer.concat([message, Buffer.from('\r\n')]),
    'with a carriage return and a line feed at its end',
  ],
  ['Base64 text', Buffer.from(base64(message)), 'as Base64 text'],
  ['hex text', text(message), 'as hex text'],
  ['UTF-16', Buffer.from(message.toString(), 'utf16le'), 'as UTF-16, little-endian'],
  ['a JSON string', Buffer.from(JSON.stringify(message.toString())), 'as a JSON string'],
  ['nothing', Buffer.alloc(0), 'without a single byte'],
].map(([name, signed, form]) => ({
  ...ecRow,
  name: `over ${String(name)}`,
  make: (key: TestKey) => ecdsa(key, signed as Uint8Array),
  differences: { message: String(form) },
  says: new RegExp(`for the message ${String(form)}`),
}));

const sentRows: readonly WrongSignature[] = [
  [`${message.toString()}\n`, 'without the line break at its end'],
  [`  ${message.toString()} `, 'without the blanks around it'],
  [base64(message), 'decoded from Base64'],
  [message.toString('hex'), 'decoded from hex'],
  [`\uFEFF${message.toString()}`, 'without the byte order mark'],
].map(([sent = '', form = '']) => ({
  ...pssRow,
  name: `the message ${form}`,
  sent: Buffer.from(sent),
  make: (key: TestKey) => pss(key, 'sha256', message, 32),
  differences: { message: form },
  says: new RegExp(form),
}));

const curveRows: readonly WrongSignature[] = [
  {
    ...ecRow,
    name: 'r and s without DER, as JWS has them',
    make: p1363,
    differences: { signature: 'as r and s without DER (IEEE P1363), written as DER' },
    says: /P1363/,
  },
  {
    ...ecRow,
    spec: 'EC_P384',
    algorithm: 'ECDSA_SHA_384',
    name: 'r and s without DER on P-384',
    make: (key) => sign('sha384', message, { key: key.privateKey, dsaEncoding: 'ieee-p1363' }),
    differences: { signature: 'as r and s without DER (IEEE P1363), written as DER' },
    says: /P1363/,
  },
  {
    ...ecRow,
    name: 'r and s swapped',
    make: (key) => {
      const both = p1363(key);
      return der(both.subarray(32), both.subarray(0, 32));
    },
    differences: { signature: 'with r and s swapped' },
    says: /swapped/,
  },
  {
    ...ecRow,
    name: 'DER with something behind it',
    make: (key) => Buffer.concat([ecdsa(key), Buffer.of(0)]),
    differences: { signature: 'as strict DER' },
    says: /strict DER/,
  },
  {
    ...ecRow,
    name: 'DER with negative numbers',
    make: (key) => {
      const both = high(key);
      return der(both.subarray(0, 32), both.subarray(32), false);
    },
    differences: { signature: 'as strict DER' },
    says: /strict DER/,
  },
  {
    ...ecRow,
    name: 'SHA-512, which no algorithm has with this curve',
    make: (key) => ecdsa(key, message, 'sha512'),
    differences: { hash: 'SHA-512' },
    says: /SHA-512 in place of SHA-256/,
  },
  {
    ...ecRow,
    spec: 'SECP256K1',
    name: 'a digest that was hashed again',
    type: 'DIGEST',
    sent: digest('sha256'),
    make: (key) => ecdsa(key, digest('sha256')),
    differences: { message_type: 'RAW' },
    says: /message_type RAW/,
  },
  {
    ...ecRow,
    name: 'P1363 and a line feed',
    make: (key) => p1363(key, Buffer.concat([message, Buffer.from('\n')])),
    differences: {
      message: 'with a line feed at its end',
      signature: 'as r and s without DER (IEEE P1363), written as DER',
    },
    says: /line feed.*, and once.*P1363/,
  },
  {
    ...sm2Row,
    name: 'SM3 without Z(A), the digest of which is signed',
    sent: digest('sm3'),
    make: (key) => signDigest(key, digest('sm3', digest('sm3'))),
    differences: { message: 'as its SM3 digest' },
    says: /hashed twice/,
  },
  {
    ...sm2Row,
    name: 'the digest was taken for the message',
    sent: digest('sm3'),
    make: sm2('1234567812345678', digest('sm3')),
    differences: { message_type: 'RAW' },
    says: /message_type RAW/,
  },
  {
    ...sm2Row,
    name: 'the digest was taken for the message, with another user id',
    sent: digest('sm3'),
    make: sm2('ALICE123@YAHOO.COM', digest('sm3')),
    differences: { message_type: 'RAW', user_id: 'ALICE123@YAHOO.COM' },
    says: /user id "ALICE123@YAHOO.COM"/,
  },
  {
    ...sm2Row,
    name: 'r and s without DER',
    sent: digest('sm3'),
    make: (key) => halvesOf(signDigest(key, digest('sm3'))),
    differences: { signature: 'as r and s without DER (IEEE P1363), written as DER' },
    says: /P1363/,
  },
  {
    ...edRow,
    name: 'the SHA-512 digest in place of the message',
    make: (key) => sign(null, digest('sha512'), key.privateKey),
    differences: { message: 'as its SHA-512 digest' },
    says: /SHA-512 digest/,
  },
  {
    ...edRow,
    algorithm: 'ED25519_PH_SHA_512',
    name: 'Ed25519 in place of Ed25519ph',
    make: (key) => sign(null, message, key.privateKey),
    differences: { algorithm: 'ED25519_SHA_512' },
    says: /ED25519_SHA_512 in place of ED25519_PH_SHA_512/,
  },
  {
    ...edRow,
    name: 'the message behind the signature, as NaCl has it',
    make: (key) => Buffer.concat([sign(null, message, key.privateKey), message]),
    differences: { signature: 'cut to its length' },
    says: /cut to its length/,
  },
];

/** r and s of DER, each of 32 bytes. */
function halvesOf(bytes: Buffer): Buffer {
  const length = bytes[3]!;
  const number = (start: number, size: number) =>
    Buffer.concat([Buffer.alloc(32), bytes.subarray(start, start + size)]).subarray(-32);
  return Buffer.concat([number(4, length), number(6 + length, bytes[5 + length]!)]);
}

const textRows: readonly WrongSignature[] = [
  {
    ...ecRow,
    name: 'the signature as hex',
    make: (key) => ecdsa(key).toString('hex'),
    differences: { signature: 'decoded from hex' },
    says: /decoded from hex/,
  },
  {
    ...pssRow,
    name: 'hex in Base64',
    make: (key) => text(pss(key, 'sha256', message, 32)),
    differences: { signature: 'decoded from hex' },
    says: /decoded from hex/,
  },
  {
    ...pssRow,
    name: 'Base64 twice',
    make: (key) => Buffer.from(base64(pss(key, 'sha256', message, 32))),
    differences: { signature: 'decoded from Base64 twice' },
    says: /Base64 twice/,
  },
  {
    ...pkcs1Row,
    name: 'Base64 twice, with a line feed between',
    make: (key) => Buffer.from(`${base64(pkcs1(key, 'sha256', message))}\n`),
    differences: { signature: 'decoded from Base64 twice' },
    says: /Base64 twice/,
  },
  {
    ...pkcs1Row,
    name: 'a line feed behind the bytes',
    make: (key) => Buffer.concat([pkcs1(key, 'sha256', message), Buffer.from('\n')]),
    differences: { signature: 'without the line break at its end' },
    says: /without the line break/,
  },
];

export const wrongSignatures = [...rsaRows, ...messageRows, ...sentRows, ...curveRows, ...textRows];
