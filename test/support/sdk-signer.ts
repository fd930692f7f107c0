/** A signer of our own for tests, apart from what it tests: noble's hashes, and the vendor's guide read a second time. */
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { accessKey } from './identity.ts';

export type Form = 'access' | 'scope' | 'v11';

/** Who signs, how and when; the default identity's access key in its plain form where nothing is said. */
export interface Credential {
  readonly form?: Form;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly access?: string;
  readonly secret?: string;
  readonly region?: string;
  readonly service?: string;
}

export interface ToSign extends Credential {
  readonly method: string;
  /** Path and query as sent; encoded as the SDKs encode them. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** The headers to sign; all of them unless said otherwise. */
  readonly signed?: readonly string[];
}

const bytes = (data: string | Uint8Array): Uint8Array => (typeof data === 'string' ? utf8ToBytes(data) : data);
const mac = (key: string | Uint8Array, text: string): Uint8Array => hmac(sha256, bytes(key), utf8ToBytes(text));

const sdkDate = (at: number): string => new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '');

/** The headers of the signed request: those given, X-Sdk-Date and Authorization. */
export function sign(request: ToSign): Record<string, string> {
  const { method, target, body = '', at } = request;
  const headers = { ...request.headers, 'X-Sdk-Date': sdkDate(at) };
  const values = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()]));
  const names = (request.signed ?? [...values.keys()]).map((name) => name.toLowerCase()).sort();
  const [path = '', query = ''] = target.split('?');
  const canonical = [
    method,
    path.endsWith('/') ? path : `${path}/`,
    query.split('&').sort().join('&'),
    ...names.map((name) => `${name}:${values.get(name) ?? ''}`),
    '',
    names.join(';'),
    values.get('x-sdk-content-sha256') ?? bytesToHex(sha256(bytes(body))),
  ];
  return { ...headers, Authorization: authorize(canonical, request) };
}

/** The header Authorization for the lines of a canonical request. */
export function authorize(canonical: readonly string[], { form = 'access', at, ...rest }: Credential): string {
  const { region = '', service = '', access = accessKey.access, secret = accessKey.secret } = rest;
  const date = sdkDate(at);
  const day = date.slice(0, 8);
  const scope = { access: '', scope: `${day}/${region}/${service}/sdk_request`, v11: `${day}/${region}/${service}` }[
    form
  ];
  const algorithm = form === 'v11' ? 'V11-HMAC-SHA256' : 'SDK-HMAC-SHA256';
  const digest = bytesToHex(sha256(utf8ToBytes(canonical.join('\n'))));
  const keys: Record<Form, () => string | Uint8Array> = {
    access: () => secret,
    scope: () => [day, region, service, 'sdk_request'].reduce<string | Uint8Array>(mac, `SDK${secret}`),
    v11: () => bytesToHex(hkdf(sha256, utf8ToBytes(secret), utf8ToBytes(access), utf8ToBytes(scope), 32)),
  };
  const signature = bytesToHex(mac(keys[form](), [algorithm, date, ...(scope ? [scope] : []), digest].join('\n')));
  const who = scope ? `Credential=${access}/${scope}` : `Access=${access}`;
  return `${algorithm} ${who}, SignedHeaders=${canonical.at(-2)!}, Signature=${signature}`;
}
