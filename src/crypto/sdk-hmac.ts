/**
 * The request signature of Huawei Cloud's SDKs, with which access keys prove themselves and with which API Gateway signs what it sends to
 * a backend. Text is taken byte for byte: strings hold a byte in each character (Latin-1), as Node reads a request's head.
 * Source: https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm.html
 */
import { createHmac, createSecretKey, hash, hkdfSync } from 'node:crypto';
import { goQuery, golangsdkQuery, percentEncoded, queryPairs, standardQuery } from './canonical-query.ts';
import { equalSecrets } from './equal-secrets.ts';

/** A request as it was sent. */
export interface SentRequest {
  readonly method: string;
  /** Path and query as they stand in the request line. */
  readonly target: string;
  /** The value of a header by its lower-case name; empty when there is none. */
  readonly header: (name: string) => string;
  readonly body: Uint8Array;
}

/** What a header `Authorization` of this kind says. */
export interface SdkAuthorization {
  readonly form: SigningForm;
  readonly access: string;
  /** What stands between date and digest in the string to sign: `20261121/eu-de/kms`; undefined in the plain form. */
  readonly scope: string | undefined;
  /** Lower-case names between semicolons. */
  readonly signedHeaders: string;
  /** Lower-case hex. */
  readonly signature: string;
}

/** One of the three ways to sign. */
export interface SigningForm {
  readonly algorithm: string;
  /** The name of the field in which the access key stands. */
  readonly field: 'Access' | 'Credential';
  readonly scope: RegExp | undefined;
  readonly key: (secret: string, access: string, scope: string) => string | Uint8Array;
  /** Whether clients of this form may build the canonical request as golangsdk does. */
  readonly golangsdk: boolean;
}

/** What is wrong with an Authorization header or the date beside it; the message ends a sentence. */
export class MalformedSignature extends Error {
  override name = 'MalformedSignature';
}

const sha256 = (bytes: Uint8Array): string => hash('sha256', bytes);
/** Bytes go in as a key object: Node 24 takes twice as long with bare ones. */
const hmac = (key: string | Uint8Array, text: string): Buffer =>
  createHmac('sha256', typeof key === 'string' ? key : createSecretKey(key))
    .update(text)
    .digest();

/** The key that all SDKs but golangsdk's sign with: the secret as it is. */
export const plainForm: SigningForm = {
  algorithm: 'SDK-HMAC-SHA256',
  field: 'Access',
  scope: undefined,
  key: (secret) => secret,
  golangsdk: false,
};

/** The ways to sign, in the order in which their field is looked for. */
export const forms: readonly SigningForm[] = [
  plainForm,
  {
    algorithm: 'SDK-HMAC-SHA256',
    field: 'Credential',
    scope: /^\d{8}(?:\/[^/]{0,64}){2}\/sdk_request$/,
    key: (secret, _access, scope) => scope.split('/').reduce<string | Uint8Array>(hmac, `SDK${secret}`),
    golangsdk: true,
  },
  {
    algorithm: 'V11-HMAC-SHA256',
    field: 'Credential',
    scope: /^\d{8}(?:\/[^/]{0,64}){2}$/,
    // The hex text of the derived bytes is the key.
    key: (secret, access, scope) => Buffer.from(hkdfSync('sha256', secret, access, scope, 32)).toString('hex'),
    golangsdk: false,
  },
];

/** The header in which the time of signing stands; the one header that must be signed. */
const SDK_DATE = 'x-sdk-date';
const DATE_FORM = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
/** A header that stands for the digest of the body; `UNSIGNED-PAYLOAD` leaves the body out. */
const CONTENT_SHA256 = 'x-sdk-content-sha256';

/** Whether an Authorization header means to be one of these, well-formed or not. */
export const isSdkAuthorization = (text: string): boolean => /^(?:SDK|V11)-/.test(text);

/** @throws MalformedSignature */
export function parseSdkAuthorization(text: string): SdkAuthorization {
  const [algorithm, rest] = split(text, ' ');
  const known = forms.filter((form) => form.algorithm === algorithm);
  if (known.length === 0) throw new MalformedSignature(`the algorithm ${algorithm} is not supported`);
  const fields = new Map(rest.split(',').map((field) => split(field.trim(), '=')));
  const field = (name: string): string => {
    const value = fields.get(name);
    if (!value) throw new MalformedSignature(`${name} is missing in Authorization`);
    return value;
  };
  const form = known.find((candidate) => fields.has(candidate.field));
  if (form === undefined) throw new MalformedSignature(`${known[0]?.field ?? ''} is missing in Authorization`);
  const [access, scope] = form.scope === undefined ? [field(form.field)] : split(field(form.field), '/');
  if (form.scope?.test(scope ?? '') === false) throw new MalformedSignature(`the scope ${scope ?? ''} is malformed`);
  const signedHeaders = field('SignedHeaders');
  if (!signedHeaders.toLowerCase().split(';').includes(SDK_DATE))
    throw new MalformedSignature(`${SDK_DATE} is not signed`);
  return { form, access, scope, signedHeaders, signature: field('Signature') };
}

/** Undefined for what is none of these, or malformed. */
export function readSdkAuthorization(text: string): SdkAuthorization | undefined {
  try {
    return isSdkAuthorization(text) ? parseSdkAuthorization(text) : undefined;
  } catch (error) {
    if (error instanceof MalformedSignature) return undefined;
    throw error;
  }
}

/** Head and tail around the first separator; an empty tail where there is none. */
function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

/**
 * The instant, in milliseconds since 1970, at which a request says that it was signed.
 * @throws MalformedSignature when there is none, or when the scope is of another day
 */
export function signingTime(request: SentRequest, { scope }: Pick<SdkAuthorization, 'scope'>): number {
  const date = request.header(SDK_DATE);
  if (date === '') throw new MalformedSignature(`${SDK_DATE} is missing`);
  const [, year = '', month = '', day = '', hour = '', minute = '', second = ''] = DATE_FORM.exec(date) ?? [];
  const instant = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(instant)) throw new MalformedSignature(`${SDK_DATE} ${date} is not of the form YYYYMMDDTHHMMSSZ`);
  if (scope !== undefined && !scope.startsWith(date.slice(0, 8)))
    throw new MalformedSignature(`the scope ${scope} is of another day than ${SDK_DATE} ${date}`);
  return instant;
}

/** The form in which the SDKs write an instant, in milliseconds since 1970. */
export const sdkDate = (instant: number): string =>
  `${new Date(instant).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/** Method, path, query, signed headers, their names, and the digest of the body, in lines. */
export function canonicalRequest(request: SentRequest, signedHeaders: string): string {
  const { path, query } = partsOf(request);
  return joined(request, path, standardQuery(queryPairs(query)), signedHeaders, trimmed, payloadHash(request));
}

/**
 * As golangsdk builds it (Terraform and Vault of Open Telekom Cloud): it knows one value of each query parameter, sorts them without
 * regard to case, and takes the query of a POST without a body for the body. Source: its signer, as published.
 */
function canonicalRequestOfGolangsdk(request: SentRequest, signedHeaders: string): string {
  const { path, query } = partsOf(request);
  const pairs = queryPairs(query);
  const collapsed = (value: string): string => trimmed(value).replaceAll(/[ \t]+/g, ' ');
  const isQueryTheBody = request.method === 'POST' && request.body.length === 0;
  const body = isQueryTheBody ? Buffer.from(goQuery(pairs)) : request.body;
  const canonicalQuery = isQueryTheBody ? '' : golangsdkQuery(pairs);
  return joined(request, path, canonicalQuery, signedHeaders, collapsed, payloadHash({ ...request, body }));
}

/** Without blanks at either end. Not trim(): it would take the last byte of an à for a blank. Nor a pattern, which takes long for many blanks. */
export function trimmed(value: string): string {
  let begin = 0;
  let end = value.length;
  while (isBlank(value[begin])) begin++;
  while (end > begin && isBlank(value[end - 1])) end--;
  return value.slice(begin, end);
}

const isBlank = (byte: string | undefined): boolean => byte === ' ' || byte === '\t';

/** The path of a canonical request, and the query as it was sent. */
export function partsOf({ target }: Pick<SentRequest, 'target'>): { path: string; query: string } {
  const [path, query] = split(target, '?');
  const canonical = path.split('/').map(percentEncoded).join('/');
  return { path: canonical.endsWith('/') ? canonical : `${canonical}/`, query };
}

/** The digest of the body, or what the client puts in its place. */
export const payloadHash = ({ header, body }: SentRequest): string => header(CONTENT_SHA256) || sha256(body);

function joined(
  { method, header }: SentRequest,
  path: string,
  query: string,
  signedHeaders: string,
  valueOf: (value: string) => string,
  payload: string,
): string {
  const names = signedHeaders.split(';').map((name) => name.toLowerCase());
  const headers = names.map((name) => `${name}:${valueOf(header(name))}\n`).join('');
  return [method, path, query, headers, signedHeaders, payload].join('\n');
}

/** What the HMAC is computed over. */
export const stringToSign = ({ algorithm }: SigningForm, date: string, scope: string | undefined, canonical: string) =>
  [algorithm, date, ...(scope === undefined ? [] : [scope]), sha256(Buffer.from(canonical, 'latin1'))].join('\n');

/** The signature of a form that has no scope, in lower-case hex. */
export const signatureOf = ({ key }: SigningForm, secret: string, text: string): string =>
  hmac(key(secret, '', ''), text).toString('hex');

/** Whether the signature is that of this secret over this request. */
export function isSignedWith(secret: string, request: SentRequest, authorization: SdkAuthorization): boolean {
  const { form, access, scope, signedHeaders, signature } = authorization;
  const key = form.key(secret, access, scope ?? '');
  const agrees = (canonical: string): boolean =>
    equalSecrets(hmac(key, stringToSign(form, request.header(SDK_DATE), scope, canonical)).toString('hex'), signature);
  return (
    agrees(canonicalRequest(request, signedHeaders)) ||
    (form.golangsdk && agrees(canonicalRequestOfGolangsdk(request, signedHeaders)))
  );
}

/** Whether the digest that stands for the body, where there is one, is the body's. */
export function isBodyAsDeclared({ header, body }: SentRequest): boolean {
  const declared = header(CONTENT_SHA256);
  return !/^[0-9a-f]{64}$/i.test(declared) || declared.toLowerCase() === sha256(body);
}
