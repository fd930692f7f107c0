import { defaultUserId } from '../../crypto/sm2.ts';
import type { MessageType, SigningAlgorithm } from '../../crypto/signing-algorithms.ts';
import { base64Of, publicKeyPem } from '../wire.ts';

export interface Checked {
  readonly algorithm: SigningAlgorithm;
  readonly type: MessageType;
  readonly message: Uint8Array;
  /** undefined where only the client knows it. */
  readonly signature: Uint8Array | undefined;
  /** SubjectPublicKeyInfo DER. */
  readonly publicKey: Uint8Array;
}

type Command = (hash: string) => string;

const utility = 'openssl pkeyutl -verify -pubin -inkey public.pem -sigfile signature.bin';
const pss = ['rsa_padding_mode:pss', 'rsa_pss_saltlen:'] as const;

const dgst =
  (options: Command = () => ''): Command =>
  (hash) =>
    `openssl dgst -${hash}${options(hash)} -verify public.pem -signature signature.bin message.bin`;

const pssOptions =
  (flag: string, length: Readonly<Record<string, number>>): Command =>
  (hash) =>
    [...[pss[0], `${pss[1]}${length[hash] ?? -1}`], `rsa_mgf1_md:${hash}`].map((one) => ` ${flag} ${one}`).join('');

const lengths = { sha256: 32, sha384: 48, sha512: 64 };
const ofDigest = (hash: string): string => `${utility} -in message.bin -pkeyopt digest:${hash}`;
const ofMessage = `${utility} -rawin -in message.bin`;

/** The commands of OpenSSL 3 that check a message, and a digest; none where OpenSSL has none. */
const commands: Readonly<Record<string, Readonly<Partial<Record<MessageType, Command>>>>> = {
  RSASSA_PSS: {
    RAW: dgst(pssOptions('-sigopt', lengths)),
    DIGEST: (hash) => `${ofDigest(hash)}${pssOptions('-pkeyopt', lengths)(hash)}`,
  },
  RSASSA_PKCS1_V1_5: { RAW: dgst(), DIGEST: ofDigest },
  ECDSA: { RAW: dgst(), DIGEST: () => `${utility} -in message.bin` },
  SM2DSA: {
    RAW: (hash) => `${ofMessage} -digest ${hash} -pkeyopt distid:${defaultUserId}`,
    DIGEST: () => `${utility} -in message.bin`,
  },
  ED25519: { RAW: () => ofMessage },
  ED25519_PH: { RAW: () => `# OpenSSL 3.2 or later\n${ofMessage} -pkeyopt instance:Ed25519ph` },
};

/** Lines for a shell that write three files and check a signature with them; undefined where OpenSSL has no command for it. */
export function opensslCommands({ algorithm, type, message, signature, publicKey }: Checked): string | undefined {
  const check = commands[algorithm.scheme ?? 'ED25519']?.[type];
  if (check === undefined) return undefined;
  return [
    `printf %s '${publicKeyPem(publicKey, '\n')}' > public.pem`,
    `printf %s '${base64Of(message)}' | openssl base64 -d -A > message.bin`,
    `printf %s ${signature === undefined ? '"$SIGNATURE"' : `'${base64Of(signature)}'`} | openssl base64 -d -A > signature.bin`,
    check(algorithm.hash.name),
  ].join('\n');
}
