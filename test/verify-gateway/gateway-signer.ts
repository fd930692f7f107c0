/** A gateway for tests, apart from what it tests: node-forge's hashes, over lines of a canonical request that are worked out by hand. */
import forge from 'node-forge';

/** The documents' example pair. */
export const pair = { key: 'signkeysignkey', secret: 'signsecretsignsecretsignsecretsignsecret' } as const;
export const signedAt = Date.parse('2020-08-03T04:00:11Z');
export const date = '20200803T040011Z';
export const host = 'backend.example.com:8080';

export interface ToSign {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** Path and query as they stand in the canonical request. */
  readonly canonical: readonly [path: string, query: string];
  /** Besides Host and X-Sdk-Date; a byte in each character. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Host and X-Sdk-Date where nothing is said. */
  readonly signedHeaders?: string;
  readonly body?: Uint8Array;
  readonly key?: string;
  readonly secret?: string;
}

export interface Signed {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The same request with Host, X-Sdk-Date and Authorization. */
export function signed(request: ToSign): Signed {
  const { method, target, canonical, signedHeaders = 'host;x-sdk-date', body = new Uint8Array() } = request;
  const { key, secret } = { ...pair, ...request };
  const headers = { Host: host, 'X-Sdk-Date': date, ...request.headers };
  const values = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const lines = [
    method,
    ...canonical,
    ...signedHeaders.split(';').map((name) => `${name.toLowerCase()}:${values.get(name.toLowerCase())!.trim()}`),
    '',
    signedHeaders,
    values.get('x-sdk-content-sha256') ?? sha256(Buffer.from(body).toString('latin1')),
  ];
  const hmac = forge.hmac.create();
  hmac.start('sha256', secret);
  hmac.update(['SDK-HMAC-SHA256', date, sha256(lines.join('\n'))].join('\n'));
  const signature = hmac.digest().toHex();
  const Authorization = `SDK-HMAC-SHA256 Access=${key}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  return { method, target, headers: { ...headers, Authorization }, body };
}

/** A GET without query and body. */
export const plain = (more: Partial<ToSign> = {}): Signed =>
  signed({ method: 'GET', target: '/orders', canonical: ['/orders/', ''], ...more });

/** The other headers, and this one. */
export const withHeader = (request: Signed, name: string, value: string): Signed => ({
  ...request,
  headers: { ...request.headers, [name]: value },
});

export const withoutHeader = ({ headers, ...request }: Signed, name: string): Signed => ({
  ...request,
  headers: Object.fromEntries(Object.entries(headers).filter(([other]) => other !== name)),
});

/** Of bytes, one in each character. */
function sha256(bytes: string): string {
  return forge.md.sha256.create().update(bytes).digest().toHex();
}
