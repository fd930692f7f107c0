/** Headers as they may be shown. */
import type { Observation } from '../../contract/observation.ts';
import { HIDDEN, isSecretHeader } from '../../contract/secret-headers.ts';
import { headerPairs } from '../../crypto/header-pairs.ts';
import { shownOciAuthorization } from '../../crypto/oci/shown-authorization.ts';
import { readSdkAuthorization } from '../../crypto/sdk-hmac.ts';
import { asText } from '../../crypto/text-bytes.ts';

/** Headers of requests that never carry a secret. What stands in any other is the client's own, and may be one. */
const harmless = new Set([
  ...[
    'accept',
    'accept-charset',
    'accept-encoding',
    'accept-language',
    'cache-control',
    'connection',
    'content-encoding',
  ],
  ...['content-length', 'content-type', 'date', 'expect', 'forwarded', 'host', 'if-modified-since', 'if-none-match'],
  ...[
    'keep-alive',
    'origin',
    'pragma',
    'priority',
    'range',
    'sec-fetch-dest',
    'sec-fetch-mode',
    'sec-fetch-site',
    'te',
  ],
  ...['traceparent', 'trailer', 'transfer-encoding', 'upgrade', 'user-agent', 'via', 'x-domain-id', 'x-forwarded-for'],
  ...['x-forwarded-host', 'x-forwarded-port', 'x-forwarded-proto', 'x-language', 'x-project-id', 'x-real-ip'],
  ...['x-request-id', 'x-sdk-content-sha256', 'x-sdk-date'],
  // Of OCI's SDKs.
  ...['if-match', 'opc-client-info', 'opc-client-retries', 'opc-request-id', 'opc-retry-token'],
  ...['x-content-sha256', 'x-date'],
]);

export type Header = [name: string, value: string];

/** The pairs of names and values by turns; the values as UTF-8. */
export const pairsOf = (rawHeaders: readonly string[]): readonly Header[] =>
  headerPairs(rawHeaders).map(([name, value]) => [name, asText(value)]);

/** @param accepted the access key whose signature let the request in */
export function requestHeader([name, value]: Header, accepted: string | undefined): Header {
  const lower = name.toLowerCase();
  if (harmless.has(lower)) return [name, value];
  return [name, lower === 'authorization' ? authorization(value, accepted) : HIDDEN];
}

export const answerHeaders = (headers: Observation['answerHeaders']): Header[] =>
  Object.entries(headers).map(([name, value]) => [name, isSecretHeader(name) ? HIDDEN : String(value)]);

/** Words of an Authorization that are nobody's secret. */
const harmlessWords = new Set(['signature', 'version', 'keyid', 'algorithm', 'headers', 'bearer']);

/** What of a header is not shown, in the pieces in which a text may name it. */
export function hiddenPieces([name, value]: Header, [, shown]: Header): readonly string[] {
  if (value === shown) return [];
  const known = name.toLowerCase() === 'authorization' ? shownOciAuthorization(value, HIDDEN)?.hidden : undefined;
  return known ?? [value, ...value.split(/[\s,=]+/)].filter((piece) => !harmlessWords.has(piece.toLowerCase()));
}

/** A signature without the signature itself; any other credential not at all. */
function authorization(text: string, accepted: string | undefined): string {
  const parsed = readSdkAuthorization(text);
  if (parsed === undefined) return shownOciAuthorization(text, HIDDEN)?.text ?? HIDDEN;
  const { form, access, scope, signedHeaders } = parsed;
  // Who takes one for the other sends the secret as the access key.
  const shown = access === accepted || /^[0-9A-Z]{16,32}$/.test(access) ? access : HIDDEN;
  const credential = scope === undefined ? shown : `${shown}/${scope}`;
  return `${form.algorithm} ${form.field}=${credential}, SignedHeaders=${signedHeaders}, Signature=${HIDDEN}`;
}

/** The access key with which a request says that it is signed; undefined where there is none, or a token decides. */
export function accessOf({ rawHeaders }: Observation): string | undefined {
  const headers = pairsOf(rawHeaders).map(([name, value]): Header => [name.toLowerCase(), value]);
  if (headers.some(([name, value]) => name === 'x-auth-token' && value !== '')) return undefined;
  // Of several, Node takes the first.
  const [, first = ''] = headers.find(([name]) => name === 'authorization') ?? [];
  return readSdkAuthorization(first)?.access;
}
