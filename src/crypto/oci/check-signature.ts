/**
 * Whether a request is signed with an API key, as the service checks it: in which order it does so, and what it says to a missing signed
 * header and a wrong body, is not known, and the choice here.
 * Source: https://docs.oracle.com/en-us/iaas/Content/API/Concepts/signingrequests.htm
 */
import { verify, type KeyObject } from 'node:crypto';
import { MalformedAuthorization, parseOciAuthorization, type OciAuthorization } from './authorization.ts';
import { bodyClaims, bodyMistake, CONTENT_SHA256, hasBody } from './body-digest.ts';
import { apiKeyIn, readKeyId, type ApiKeyId } from './key-id.ts';
import { quoted } from './quoted.ts';
import { bodyHeaders, isObjectUpload } from './required-headers.ts';
import { absentMistake, unsignedMistake } from './signed-headers.ts';
import { headerValue, headerValues, type OciRequestHead } from './signed-request.ts';
import { signingString, withMediaTypes } from './signing-string.ts';
import { isTimely, readSigningTime, skewSentence, skewText } from './signing-time.ts';

export interface OciKey {
  /** RSA, of any size. */
  readonly publicKey: KeyObject;
}

/** The checks, in their order. */
export type OciCheck = 'authorization' | 'signed headers' | 'signing time' | 'api key' | 'signature' | 'body digest';

/** A request whose body is there, or is read where it is needed: only where all but the body is right, and the body is signed. */
export type CheckedRequest = OciRequestHead & { readonly body: Uint8Array | (() => Promise<Uint8Array>) };

export interface OciCheckOptions<Key extends OciKey> {
  /** Undefined where there is no such key, or none that may be used. */
  readonly keyOf: (id: ApiKeyId) => Promise<Key | undefined> | Key | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** `media-type`: the service cuts off parameters such as charset before it verifies; `as-sent` where nothing is said. */
  readonly contentType?: 'as-sent' | 'media-type';
  /** Whether uploads to Object Storage need not sign their body; true where nothing is said. */
  readonly objectStorage?: boolean;
  /** Is told of each check as it begins. */
  readonly checking?: (check: OciCheck) => void;
}

export interface OciAccepted<Key extends OciKey> {
  readonly accepted: true;
  readonly id: ApiKeyId;
  readonly key: Key;
  /** In lower case. */
  readonly signedHeaders: readonly string[];
  /** What is not as it should be, though nothing is refused for it: a sentence each. */
  readonly warnings: readonly string[];
}

export interface OciRefused<Key extends OciKey> {
  readonly accepted: false;
  readonly check: OciCheck;
  /** What the service answers. */
  readonly text: string;
  /** What is wrong: a sentence with what was expected and what came. */
  readonly why: string;
  readonly authorization?: OciAuthorization;
  readonly id?: ApiKeyId;
  readonly key?: Key;
}

export type OciVerdict<Key extends OciKey> = OciAccepted<Key> | OciRefused<Key>;

/** What the service answers with 401, as it has been seen. */
export const ociTexts = {
  generic: 'The required information to complete authentication was not provided or was incorrect.',
  signature: 'Failed to verify the HTTP(S) Signature',
  skew: skewText,
} as const;

/** @throws what looking up the key or reading the body throws, and nothing else, whatever the request */
export async function checkOciSignature<Key extends OciKey>(
  sent: CheckedRequest,
  options: OciCheckOptions<Key>,
): Promise<OciVerdict<Key>> {
  const { keyOf, now, checking = () => undefined, objectStorage = true } = options;
  const request = options.contentType === 'media-type' ? withMediaTypes(sent) : sent;

  checking('authorization');
  const said = readAuthorization(request);
  if ('why' in said) return refused('authorization', said.why);
  const authorization = said;

  const keyId = readKeyId(authorization.keyId);
  const id = apiKeyIn(keyId);
  const claimed = { authorization, id };

  checking('signed headers');
  const signedHeaders = authorization.headers.map((name) => name.toLowerCase());
  const unsigned = unsignedMistake(request, signedHeaders, objectStorage);
  if (unsigned !== undefined) return refused('signed headers', unsigned, claimed);
  const absent = absentMistake(request, signedHeaders);
  if (absent !== undefined) {
    const key = id && (await keyOf(id));
    return refused('signed headers', absent, { ...claimed, key }, ociTexts.signature);
  }

  checking('signing time');
  const time = readSigningTime(request);
  if ('why' in time) return refused('signing time', time.why, claimed);
  const { name, date } = time;
  if (!isTimely(date, now))
    return refused('signing time', skewSentence(name, date, now), claimed, ociTexts.skew(date, now));

  checking('api key');
  if ('why' in keyId) return refused('api key', keyId.why, claimed);
  const key = id && (await keyOf(id));
  if (id === undefined || key === undefined)
    return refused('api key', `There is no active API key ${quoted(authorization.keyId)}.`, claimed);

  const known = { ...claimed, key };
  checking('signature');
  const wrong = signatureMistake(signingString(request, signedHeaders), authorization.signature, key);
  if (wrong !== undefined) return refused('signature', wrong, known, ociTexts.signature);

  checking('body digest');
  const body = bodyClaims(signedHeaders).length === 0 ? nothing : await bodyOf(sent);
  const other = bodyMistake(request, signedHeaders, body);
  if (other !== undefined) return refused('body digest', other, known, ociTexts.signature);
  return { accepted: true, id, key, signedHeaders, warnings: warningsOf(request, signedHeaders) };
}

type Known<Key extends OciKey> = Pick<OciRefused<Key>, 'authorization' | 'id' | 'key'>;

const refused = <Key extends OciKey>(
  check: OciCheck,
  why: string,
  known: { readonly [Part in keyof Known<Key>]: Known<Key>[Part] | undefined } = {},
  text: string = ociTexts.generic,
): OciRefused<Key> => ({
  accepted: false,
  check,
  text,
  why,
  ...(Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) as Known<Key>),
});

const nothing = new Uint8Array();
const bodyOf = async ({ body }: CheckedRequest): Promise<Uint8Array> => (typeof body === 'function' ? body() : body);

/** The one Authorization header, or why it will not do. */
function readAuthorization(request: OciRequestHead): OciAuthorization | { readonly why: string } {
  const [text, ...more] = headerValues(request, 'authorization');
  if (text === undefined) return { why: 'There is no Authorization header.' };
  if (more.length > 0)
    return {
      why: `There are ${more.length + 1} Authorization headers, and one is expected; a proxy may have added one.`,
    };
  try {
    const authorization = parseOciAuthorization(text);
    const { version, algorithm, signature } = authorization;
    if (version !== '' && version !== '1') return { why: `version is ${quoted(version)}, and "1" is expected.` };
    if (algorithm !== 'rsa-sha256') return { why: `algorithm is ${quoted(algorithm)}, and "rsa-sha256" is expected.` };
    return signature === '' ? { why: 'signature is missing or empty.' } : authorization;
  } catch (error) {
    if (error instanceof MalformedAuthorization) return { why: error.message };
    throw error;
  }
}

/** Why a signature is not one by this key over this text, in a sentence. RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 8.2.2). */
function signatureMistake(text: string | undefined, base64: string, { publicKey }: OciKey): string | undefined {
  const signature = Buffer.from(base64, 'base64');
  if (signature.toString('base64') !== base64) return 'signature is not written in Base64 (RFC 4648 4, with padding).';
  const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  const length = Math.ceil(bits / 8);
  if (signature.length !== length)
    return `signature has ${signature.length} bytes, and one of a key of ${bits} bits has ${length}.`;
  return isSignature(Buffer.from(text ?? '', 'latin1'), publicKey, signature)
    ? undefined
    : 'The signature is not one by this key over what was received.';
}

function isSignature(text: Uint8Array, publicKey: KeyObject, signature: Uint8Array): boolean {
  try {
    return verify('sha256', text, publicKey, signature);
  } catch {
    return false;
  }
}

function warningsOf(request: OciRequestHead, signed: readonly string[]): readonly string[] {
  const unsigned = isObjectUpload(request.method, request.target)
    ? bodyHeaders.filter((name) => !signed.includes(name) && headerValue(request, name) !== undefined)
    : [];
  return [
    ...unsigned.map((name) => `${name} is there, and not signed.`),
    ...(hasBody(request) && !signed.includes(CONTENT_SHA256)
      ? ['There is a body, and x-content-sha256 is not signed: whether it is the one that was sent cannot be told.']
      : []),
  ];
}
