/** A signer for tests, apart from what it tests: OpenSSL over lines that are joined here, or worked out by hand. */
import { createHash, sign } from 'node:crypto';
import type { OciRequest } from '../../../src/crypto/oci/signed-request.ts';
import { testKey } from './vectors.ts';

export type Header = readonly [name: string, value: string];

export const date = 'Sun, 05 Jan 2014 21:31:40 GMT';
export const host = 'identity.us-phoenix-1.oci.oraclecloud.com';

/** The parameters of Authorization, by their names. */
export interface Parameters {
  readonly version: string;
  readonly keyId: string;
  readonly algorithm: string;
  readonly headers: string;
  readonly signature: string;
}

export interface ToSign {
  readonly method: string;
  readonly target: string;
  /** All of them but Authorization. */
  readonly headers: readonly Header[];
  /** What the parameter `headers` says. */
  readonly names: string;
  /** What is signed; joined from the headers where nothing is said. */
  readonly text?: string;
  readonly body: Uint8Array;
  readonly keyId: string;
  /** How Authorization is written. */
  readonly write: (parameters: Parameters) => string;
}

export const written =
  (...names: readonly (keyof Parameters)[]) =>
  (parameters: Parameters): string =>
    `Signature ${names.map((name) => `${name}="${parameters[name]}"`).join(',')}`;

export const usual = written('version', 'keyId', 'algorithm', 'headers', 'signature');

/** A signed GET; with `body` or `method` of one that has a body, a signed POST. */
export function signed(more: Partial<ToSign> = {}): OciRequest {
  const body = more.body ?? Buffer.alloc(0);
  const method = more.method ?? (more.body === undefined ? 'GET' : 'POST');
  const hasBody = ['POST', 'PUT', 'PATCH'].includes(method);
  const { target = '/20160918/users?limit=1', keyId = testKey.keyId, write = usual } = more;
  const headers = more.headers ?? [['Date', date], ['Host', host], ...(hasBody ? bodyHeaders(body) : [])];
  const names =
    more.names ??
    [
      'date',
      '(request-target)',
      'host',
      ...(hasBody ? ['content-length', 'content-type', 'x-content-sha256'] : []),
    ].join(' ');
  const valueOf = (name: string): string =>
    name === '(request-target)'
      ? `${method.toLowerCase()} ${target}`
      : headers.find(([header]) => header.toLowerCase() === name)![1];
  const text =
    more.text ??
    names
      .toLowerCase()
      .split(' ')
      .map((name) => `${name}: ${valueOf(name)}`)
      .join('\n');
  const signature = sign('sha256', Buffer.from(text, 'latin1'), testKey.privateKey).toString('base64');
  const authorization = write({ version: '1', keyId, algorithm: 'rsa-sha256', headers: names, signature });
  return { method, target, body, headers: [...headers, ['Authorization', authorization]] };
}

export const bodyHeaders = (body: Uint8Array | string): Header[] => [
  ['Content-Length', String(Buffer.from(body).length)],
  ['Content-Type', 'application/json'],
  ['X-Content-SHA256', createHash('sha256').update(body).digest('base64')],
];

/** The request with this value of a header in place of the one that it had. */
export const withHeader = (request: OciRequest, name: string, value: string): OciRequest => ({
  ...request,
  headers: request.headers.map(([other, before]) => [other, other === name ? value : before]),
});

/** The request with headers more. */
export const withMore = (request: OciRequest, ...more: readonly Header[]): OciRequest => ({
  ...request,
  headers: [...request.headers, ...more],
});

export const withoutHeader = (request: OciRequest, name: string): OciRequest => ({
  ...request,
  headers: request.headers.filter(([other]) => other !== name),
});
