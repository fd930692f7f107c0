/** What the vendor's guide says that a backend computes, read a second time, with node-forge for the arithmetic. */
import forge from 'node-forge';
import { valueOf, type Heard } from './gateway-backend.ts';

const form = /^SDK-HMAC-SHA256\s+Access=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;

const bytes = (text: string | Uint8Array) => forge.util.createBuffer(Buffer.from(text).toString('latin1'));

function sha256(data: string | Uint8Array): string {
  const digest = forge.md.sha256.create();
  digest.update(bytes(data).getBytes());
  return digest.digest().toHex();
}

function hmac(key: string, text: string): string {
  const mac = forge.hmac.create();
  mac.start('sha256', bytes(key));
  mac.update(bytes(text).getBytes());
  return mac.digest().toHex();
}

/** A byte in each character. */
function decoded(text: string): string {
  const [first = '', ...others] = text.split('%');
  return first + others.map((part) => String.fromCharCode(parseInt(part.slice(0, 2), 16)) + part.slice(2)).join('');
}

const encodedBytes = (text: string): string =>
  Array.from(text, (byte) =>
    /[A-Za-z0-9\-_.~]/.test(byte) ? byte : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');

const encoded = (text: string): string => encodedBytes(decoded(text));

export interface Verdict {
  readonly access: string;
  readonly signedHeaders: string;
  readonly signature: string;
  readonly expected: string;
  readonly canonicalRequest: string;
}

/** @param header in which the signature stands */
export function verdictOf(
  { method, target, rawHeaders, body }: Heard,
  secret: string,
  header = 'authorization',
): Verdict {
  const [, access = '', signedHeaders = '', signature = ''] = form.exec(valueOf(rawHeaders, header) ?? '') ?? [];
  const [path = '', ...rest] = target.split('?');
  const query = rest.join('?');
  // Decoded before it is split, as the guide has it.
  const uri = decoded(path).split('/').map(encodedBytes).join('/');
  const pairs = query
    .split('&')
    .filter(Boolean)
    .map((part) => {
      const [name = '', ...value] = part.split('=');
      return [name, value.join('=')] as const;
    })
    // A character of no name sorts before the others.
    .toSorted((one, other) => (one.map(decoded).join('\0') < other.map(decoded).join('\0') ? -1 : 1))
    .map((pair) => pair.map(encoded).join('='));
  const canonicalRequest = [
    ...[method, uri.endsWith('/') ? uri : `${uri}/`, pairs.join('&')],
    ...signedHeaders.split(';').map((name) => `${name}:${(valueOf(rawHeaders, name) ?? '').trim()}`),
    ...['', signedHeaders, sha256(body)],
  ].join('\n');
  const toSign = [
    'SDK-HMAC-SHA256',
    valueOf(rawHeaders, 'x-sdk-date') ?? '',
    sha256(Buffer.from(canonicalRequest, 'latin1')),
  ];
  return { access, signedHeaders, signature, expected: hmac(secret, toSign.join('\n')), canonicalRequest };
}
