/** What a client signs, in the parts that may be wrong one by one. Strings hold a byte in each character. */
import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';
import type { Pair } from '../../crypto/canonical-query.ts';
import { goQuery, golangsdkQuery, queryPairs, standardQuery } from '../../crypto/canonical-query.ts';
import { partsOf, payloadHash, trimmed, type SdkAuthorization } from '../../crypto/sdk-hmac.ts';
import { headerLookup, type GivenRequest } from './given-request.ts';

export type HeaderLine = readonly [name: string, value: string];

export interface SignedText {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: readonly HeaderLine[];
  readonly signedHeaders: string;
  /** The digest of the body, or what stands in its place. */
  readonly payload: string;
  /** Puts these into the lines of a canonical request. */
  readonly join: (text: SignedText) => string;
  /** The digest of the canonical request, as it stands in the string to sign. */
  readonly digest: (canonical: string) => string;
  readonly algorithm: string;
  readonly date: string;
  readonly scope: string | undefined;
  /** The key of the HMAC. */
  readonly key: HmacKey;
}

/** Bytes come as an object: Node takes five times as long for an HMAC under bare ones. */
export type HmacKey = string | KeyObject;

export const hmacKey = (key: string | Uint8Array): HmacKey => (typeof key === 'string' ? key : createSecretKey(key));

export const sha256 = (data: string | Uint8Array): string =>
  hash('sha256', typeof data === 'string' ? Buffer.from(data, 'latin1') : data);

export const canonicalLines = ({ method, path, query, headers, signedHeaders, payload }: SignedText): string[] => [
  ...[method, path, query],
  ...headers.map(([name, value]) => `${name}:${value}`),
  ...['', signedHeaders, payload],
];

const inLines = (text: SignedText): string => canonicalLines(text).join('\n');

export const stringToSign = ({ algorithm, date, scope, digest }: SignedText, canonical: string): string =>
  [algorithm, date, ...(scope === undefined ? [] : [scope]), digest(canonical)].join('\n');

export const signatureOf = (text: SignedText, canonical: string): Buffer =>
  createHmac('sha256', text.key).update(stringToSign(text, canonical), 'latin1').digest();

/** One of the two ways in which clients build the lines of a canonical request (sdk-hmac.ts). */
export interface Dialect {
  readonly query: (pairs: readonly Pair[]) => string;
  readonly value: (value: string) => string;
  /** Whether the query of a POST without a body stands for the body. */
  readonly takesQueryForBody: boolean;
}

export const dialects = {
  standard: { query: standardQuery, value: trimmed, takesQueryForBody: false },
  golangsdk: {
    query: golangsdkQuery,
    value: (value) => trimmed(value).replaceAll(/[ \t]+/g, ' '),
    takesQueryForBody: true,
  },
} as const satisfies Record<string, Dialect>;

/** What the sender of this request ought to have signed. */
export function expectedText(
  request: GivenRequest,
  { form, scope, signedHeaders, access }: SdkAuthorization,
  secret: string,
  dialect: Dialect,
): SignedText {
  const { method, target, body } = request;
  const header = headerLookup(request);
  const { path, query } = partsOf({ target });
  const names = signedHeaders.split(';').map((name) => name.toLowerCase());
  const payload = payloadHash({ method, target, header, body });
  return {
    ...{ method, path, signedHeaders, scope, payload },
    headers: names.map((name) => [name, dialect.value(header(name))]),
    ...queryChange(request, dialect, queryPairs(query), payload),
    ...{ join: inLines, digest: sha256, algorithm: form.algorithm, date: header('x-sdk-date') },
    key: hmacKey(form.key(secret, access, scope ?? '')),
  };
}

/** Where a query stands: in its line, or in place of the body. */
export function queryChange(
  request: GivenRequest,
  dialect: Dialect,
  pairs: readonly Pair[],
  payload: string,
): Pick<SignedText, 'query' | 'payload'> {
  const isBody = dialect.takesQueryForBody && request.method === 'POST' && request.body.length === 0;
  if (!isBody) return { query: dialect.query(pairs), payload };
  const declared = headerLookup(request)('x-sdk-content-sha256');
  return { query: '', payload: declared || sha256(goQuery(pairs)) };
}
