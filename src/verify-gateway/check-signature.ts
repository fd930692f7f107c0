/**
 * How a backend checks what API Gateway signed: the steps of the vendor's own demos, in their order and with their words.
 * Source: https://support.huaweicloud.com/intl/en-us/devg-apig/apig-dev-180307013.html
 */
import { hash } from 'node:crypto';
import { signedTarget } from '../crypto/backend-signature.ts';
import { equalSecrets } from '../crypto/equal-secrets.ts';
import {
  canonicalRequest,
  MalformedSignature,
  plainForm,
  signatureOf,
  signingTime,
  stringToSign,
  type SentRequest,
} from '../crypto/sdk-hmac.ts';

/** A request as it came, with nothing in it decoded. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as they stand in the request line. */
  readonly target: string;
  /** Values by name, in any case; they hold a byte in each character, as Node.js has them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes as they came, or what reads them; it is called only where everything else is right and the body is signed. */
  readonly body: Uint8Array | (() => Promise<Uint8Array>);
}

/** sign_secret by sign_key; or what looks one up, and finds undefined where there is no such key. */
export type GatewayKeys =
  | ReadonlyMap<string, string>
  | Readonly<Record<string, string>>
  | ((key: string) => string | undefined | Promise<string | undefined>);

export interface CheckOptions {
  readonly keys: GatewayKeys;
  /** Milliseconds that X-Sdk-Date may be off, in either direction; 15 minutes where nothing is said. */
  readonly tolerance?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Where the signature stands: the gateway's parameter `custom_auth_header`; Authorization where nothing is said. */
  readonly header?: string;
}

export interface Accepted {
  /** The sign_key of the pair that it was signed with. */
  readonly key: string;
}

export interface Refused {
  readonly status: 401;
  /** As the vendor's demos say it. */
  readonly text: string;
  /** What should have been signed, where it is the signature that is wrong. There is no secret in it. */
  readonly canonicalRequest?: string;
}

const QUARTER_OF_AN_HOUR = 15 * 60_000;
const SDK_DATE = 'x-sdk-date';
const CONTENT_SHA256 = 'x-sdk-content-sha256';
const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';
const HMAC_FORM = /^SDK-HMAC-SHA256\s+Access=([^,]+),\s?SignedHeaders=([^,]+),\s?Signature=(\w+)$/;
const BASIC_FORM = /^Basic +([A-Za-z0-9+/]+={0,2})$/i;

const refused = (text: string): Refused => ({ status: 401, text });
const missing = refused('Authorization not found.');
const malformed = refused('Authorization format incorrect.');
const unknownKey = refused('Signing key not found.');
const undated = refused('Header x-sdk-date not found.');
export const expired = refused('Signature expired.');
/** Spelt as the demos spell it. */
export const failed = refused('Verify authroization failed.');

/** @throws what looking up the key or reading the body throws, and nothing else, whatever the request */
export async function checkGatewaySignature(
  request: ReceivedRequest,
  options: CheckOptions,
): Promise<Accepted | Refused> {
  const headers = headersOf(request);
  const authorization = headers.get((options.header ?? 'authorization').toLowerCase());
  if (!authorization) return missing;
  const [, access, signedHeaders, signature] = HMAC_FORM.exec(authorization) ?? [];
  const key = access ?? userOf(authorization);
  if (key === undefined) return malformed;
  const secret = await secretOf(options.keys, key);
  // An empty secret is one that somebody forgot to set, and everybody knows.
  if (!secret) return unknownKey;
  if (signedHeaders === undefined || signature === undefined)
    return equalSecrets(credentialsOf(authorization), `${key}:${secret}`) ? { key } : failed;

  const names = signedHeaders.split(';');
  const absent = names.find((name) => !headers.has(name.toLowerCase()));
  if (absent !== undefined) return refused(`Signed header ${absent} not found`);
  if (!names.some((name) => name.toLowerCase() === SDK_DATE)) return undated;
  const header = (name: string): string => headers.get(name) ?? '';
  const { method, target } = request;
  if (!isTimely({ method, target, header, body: nothing }, options)) return expired;
  const body = header(CONTENT_SHA256) === UNSIGNED_PAYLOAD ? nothing : await bodyOf(request);
  const sent = { method, target, header, body };
  return isSigned(sent, { secret, signedHeaders, signature })
    ? { key }
    : { ...failed, canonicalRequest: canonicalRequest({ ...sent, target: signedTarget(target) }, signedHeaders) };
}

const nothing = new Uint8Array();
const bodyOf = async ({ body }: ReceivedRequest): Promise<Uint8Array> => (typeof body === 'function' ? body() : body);

/** By lower-case name; what came several times stands between commas, so that it is not what was signed. */
const headersOf = ({ headers }: ReceivedRequest): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), typeof value === 'string' ? value : value.join(', ')]],
    ),
  );

async function secretOf(keys: GatewayKeys, key: string): Promise<string | undefined> {
  if (typeof keys === 'function') return keys(key);
  if (keys instanceof Map) return (keys as ReadonlyMap<string, string>).get(key);
  return Object.hasOwn(keys, key) ? (keys as Readonly<Record<string, string>>)[key] : undefined;
}

/** User and password of Basic (RFC 7617), with a colon in between; empty where it is something else. */
const credentialsOf = (authorization: string): string =>
  Buffer.from(BASIC_FORM.exec(authorization)?.[1] ?? '', 'base64').toString();

const userOf = (authorization: string): string | undefined => /^([^:]+):/.exec(credentialsOf(authorization))?.[1];

function isTimely(request: SentRequest, { tolerance = QUARTER_OF_AN_HOUR, now = Date.now }: CheckOptions): boolean {
  try {
    return Math.abs(now() - signingTime(request, { scope: undefined })) <= tolerance;
  } catch (error) {
    if (error instanceof MalformedSignature) return false;
    throw error;
  }
}

interface Signature {
  readonly secret: string;
  readonly signedHeaders: string;
  readonly signature: string;
}

function isSigned(request: SentRequest, { secret, signedHeaders, signature }: Signature): boolean {
  if (!isBodyCovered(request)) return false;
  const date = request.header(SDK_DATE);
  return readingsOf(request).some((reading) => {
    const text = stringToSign(plainForm, date, undefined, canonicalRequest(reading, signedHeaders));
    return equalSecrets(signatureOf(plainForm, secret, text), signature);
  });
}

/** Whether the digest that stands for the body, where there is one, is the body's, or says that the body is not signed. */
function isBodyCovered({ header, body }: SentRequest): boolean {
  const declared = header(CONTENT_SHA256);
  return declared === '' || declared === UNSIGNED_PAYLOAD || declared.toLowerCase() === hash('sha256', body);
}

/** An encoded slash in the path is a slash as for the vendor's signers, or itself; which of them the gateway takes is not documented. */
function readingsOf(request: SentRequest): readonly SentRequest[] {
  const target = signedTarget(request.target);
  return target === request.target ? [request] : [{ ...request, target }, request];
}
