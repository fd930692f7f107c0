/**
 * How API Gateway signs what it sends to a backend: SDK-HMAC-SHA256 in its plain form, or Basic; and how a backend can be tried with a
 * signature that is wrong in one way.
 * Source: https://support.huaweicloud.com/intl/en-us/devg-apig/apig-dev-180307013.html
 */
import { canonicalRequest, plainForm, sdkDate, signatureOf, stringToSign, type SentRequest } from './sdk-hmac.ts';
import type { Pair } from './signature-keys.ts';

/** One way in which a signature can be wrong. */
export const defects = ['wrong-secret', 'unknown-access', 'tampered-body', 'shifted-date', 'missing-header'] as const;
export type Defect = (typeof defects)[number];

/** Further off than backends allow, which is 15 minutes. */
const SHIFT_MILLISECONDS = 16 * 60_000;
const UNKNOWN_ACCESS = 'unknownaccess';

export interface BackendSignature {
  /** What is added to the request. */
  readonly headers: Readonly<Record<string, string>>;
  /** What is sent; another one than what was signed where the defect is `tampered-body`. */
  readonly body: Uint8Array;
  readonly canonicalRequest: string;
  readonly stringToSign: string;
  /** Lower-case hex. */
  readonly signature: string;
}

export interface SigningOptions {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Lower-case names in order, x-sdk-date among them. */
  readonly signedHeaders: readonly string[];
  readonly defect?: Defect | undefined;
}

/** The header that is made with the signature, and always signed. */
const SDK_DATE = 'x-sdk-date';

/** Names of headers as they are signed: in small letters and in order, X-Sdk-Date among them, Authorization never. */
export const headersToSign = (names: readonly string[]): readonly string[] =>
  [...new Set([...names.map((name) => name.toLowerCase()), SDK_DATE])]
    .filter((name) => name !== 'authorization')
    .toSorted();

/** Of these, those that a request can be signed by: it has each of them once. */
export const onceIn = (names: readonly string[], countOf: (name: string) => number): readonly string[] =>
  names.filter((name) => name === SDK_DATE || countOf(name) === 1);

/** The target as it is signed: an encoded slash in the path is a slash, for the vendor's signers decode a path before they split it. */
export function signedTarget(target: string): string {
  const at = target.indexOf('?');
  const path = at < 0 ? target : target.slice(0, at);
  return path.includes('%') ? path.replaceAll(/%2f/gi, '/') + target.slice(path.length) : target;
}

/** @param request as it will be sent, but for X-Sdk-Date and Authorization; header values hold a byte in each character */
export function signForBackend(
  request: SentRequest,
  { key, secret }: Pair,
  { at, signedHeaders, defect }: SigningOptions,
): BackendSignature {
  const date = sdkDate(defect === 'shifted-date' ? at - SHIFT_MILLISECONDS : at);
  const header = (name: string): string => (name === SDK_DATE ? date : request.header(name));
  const names = signedHeaders.join(';');
  const canonical = canonicalRequest({ ...request, target: signedTarget(request.target), header }, names);
  const text = stringToSign(plainForm, date, undefined, canonical);
  const signature = signatureOf(plainForm, defect === 'wrong-secret' ? `${secret}x` : secret, text);
  const access = defect === 'unknown-access' ? UNKNOWN_ACCESS : key;
  return {
    headers: {
      ...(defect !== 'missing-header' && { 'X-Sdk-Date': date }),
      Authorization: `${plainForm.algorithm} Access=${access}, SignedHeaders=${names}, Signature=${signature}`,
    },
    body: defect === 'tampered-body' ? tampered(request.body) : request.body,
    canonicalRequest: canonical,
    stringToSign: text,
    signature,
  };
}

/** The value of Authorization by which a backend knows the gateway (RFC 7617); undefined where the defect is that there is none. */
export function basicForBackend({ key, secret }: Pair, defect?: Defect): string | undefined {
  if (defect === 'missing-header') return undefined;
  const user = defect === 'unknown-access' ? UNKNOWN_ACCESS : key;
  const password = defect === 'wrong-secret' ? `${secret}x` : secret;
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** The same with another last byte; one byte where there was none. */
function tampered(body: Uint8Array): Uint8Array {
  if (body.length === 0) return Buffer.from('x');
  const changed = Buffer.from(body);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  return changed;
}
