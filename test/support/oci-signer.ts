/** Requests signed as clients of OCI sign them: the vendor's page read a second time, without Signet's own code. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, sign, type KeyObject } from 'node:crypto';
import { ask, type Asking, type Given } from './gateway-client.ts';

export interface OciSigner {
  readonly tenancyId: string;
  readonly userId: string;
  readonly fingerprint: string;
  readonly privateKey: KeyObject;
}

export interface OciPair {
  readonly privateKey: KeyObject;
  /** SubjectPublicKeyInfo. */
  readonly publicKeyPem: string;
  readonly fingerprint: string;
}

export function makeOciPair(modulusLength = 2048): OciPair {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength });
  return ociPairOf(privateKey);
}

/** @param given in PEM, or parsed already */
export function ociPairOf(given: string | KeyObject): OciPair {
  const privateKey = typeof given === 'string' ? createPrivateKey(given) : given;
  // Of a private key, createPublicKey takes PEM alone.
  const publicKey = createPublicKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return {
    privateKey,
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    fingerprint: hash('md5', der).match(/../g)!.join(':'),
  };
}

export type Header = readonly [name: string, value: string];

/** A request, and what of it is signed in another way than it is sent. */
export interface OciAsking {
  readonly method?: string;
  readonly target: string;
  readonly body?: string | Uint8Array;
  /** Besides those of the signature. */
  readonly headers?: readonly Header[];
  readonly host?: string;
  /** Milliseconds since 1970; the time of the signature. */
  readonly at?: number;
  /** Headers that are signed, in this order. */
  readonly names?: readonly string[];
  /** Parameters of Authorization in place of the right ones; null: left out. */
  readonly parameters?: Readonly<Record<string, string | null>>;
  /** What is signed is of this request. */
  readonly signedAs?: Partial<Pick<OciAsking, 'method' | 'target' | 'host'>> & { readonly headers?: readonly Header[] };
  /** Headers that are there when it is signed, and not when it is sent; in small letters. */
  readonly dropped?: readonly string[];
  /** In the place of the whole Authorization; null: none. */
  readonly authorization?: string | null;
}

const withBody = new Set(['POST', 'PUT', 'PATCH']);
const sha256 = (bytes: string | Uint8Array): string => hash('sha256', bytes, 'base64');

/** The request with its signature. @param host of the server, where the request has no other */
export function signed(asking: OciAsking, signer: OciSigner, host: string, now: number): Asking {
  const { method = 'GET', target, body, headers = [], at = now, dropped = [], signedAs = {} } = asking;
  const hasBody = withBody.has(method);
  const content: readonly Header[] = hasBody
    ? [
        ['Content-Type', 'application/json'],
        ['x-content-sha256', sha256(body ?? '')],
      ]
    : [];
  const own: readonly Header[] = [['x-date', new Date(at).toUTCString()], ...content];
  const taken = new Set(headers.map(([name]) => name.toLowerCase()));
  const all = [...own.filter(([name]) => !taken.has(name.toLowerCase())), ...headers];
  const names = asking.names ?? [
    ...['x-date', '(request-target)', 'host'],
    ...(hasBody ? ['content-length', 'content-type', 'x-content-sha256'] : []),
  ];
  const length: Header = ['content-length', String(Buffer.byteLength(body ?? ''))];
  const values = new Map(
    [...all, length, ['host', asking.host ?? host] as const, ...(signedAs.headers ?? [])].map(([name, value]) => [
      name.toLowerCase(),
      value.trim(),
    ]),
  );
  if (signedAs.host !== undefined) values.set('host', signedAs.host);
  values.set('(request-target)', `${(signedAs.method ?? method).toLowerCase()} ${signedAs.target ?? target}`);
  const text = names.map((name) => `${name.toLowerCase()}: ${values.get(name.toLowerCase()) ?? ''}`).join('\n');
  const authorization =
    asking.authorization === undefined ? authorizationOf(text, names, signer, asking.parameters) : asking.authorization;
  const sent: readonly Header[] = [
    ...all.filter(([name]) => !dropped.includes(name.toLowerCase())),
    ...(authorization === null ? [] : [['Authorization', authorization] as const]),
  ];
  return {
    ...{ method, target, headers: sent.flat() },
    ...(asking.host !== undefined && { host: asking.host }),
    ...((hasBody || body !== undefined) && { body: body ?? '' }),
  };
}

function authorizationOf(
  text: string,
  names: readonly string[],
  { tenancyId, userId, fingerprint, privateKey }: OciSigner,
  others: OciAsking['parameters'] = {},
): string {
  const parameters: Record<string, string | null> = {
    version: '1',
    keyId: `${tenancyId}/${userId}/${fingerprint}`,
    algorithm: 'rsa-sha256',
    headers: names.join(' '),
    signature: sign('sha256', Buffer.from(text, 'latin1'), privateKey).toString('base64'),
    ...others,
  };
  const written = Object.entries(parameters).flatMap(([name, value]) => (value === null ? [] : `${name}="${value}"`));
  return `Signature ${written.join(',')}`;
}

/** What came back, with its body where that is JSON. */
export interface OciAnswer extends Given {
  readonly json: unknown;
}

/** A server as its users see it. */
export interface OciServer {
  readonly url: string;
  readonly send: (signer: OciSigner, asking: OciAsking) => Promise<OciAnswer>;
  readonly upload: (signer: OciSigner, pem: string, options?: UploadOptions) => Promise<OciAnswer>;
  readonly list: (signer: OciSigner, userId?: string) => Promise<OciAnswer>;
  readonly remove: (signer: OciSigner, fingerprint: string, options?: RemoveOptions) => Promise<OciAnswer>;
}

interface UploadOptions {
  /** The signer's own where absent. */
  readonly userId?: string;
  readonly headers?: readonly Header[];
}

interface RemoveOptions {
  readonly userId?: string;
  readonly ifMatch?: string;
}

export const keysPath = (userId: string): string => `/20160918/users/${userId}/apiKeys`;

/** @param now milliseconds since 1970, when requests are signed */
export function ociServer(url: string, now: () => number): OciServer {
  const { host } = new URL(url);
  const send: OciServer['send'] = async (signer, asking) => {
    const given = await ask(url, signed(asking, signer, host, now()));
    return { ...given, json: given.text === '' ? undefined : JSON.parse(given.text) };
  };
  return {
    url,
    send,
    upload: (signer, pem, { userId = signer.userId, headers = [] } = {}) =>
      send(signer, { method: 'POST', target: keysPath(userId), body: JSON.stringify({ key: pem }), headers }),
    list: (signer, userId = signer.userId) => send(signer, { target: keysPath(userId) }),
    remove: (signer, fingerprint, { userId = signer.userId, ifMatch } = {}) =>
      send(signer, {
        method: 'DELETE',
        // As the SDKs write it.
        target: `${keysPath(userId)}/${encodeURIComponent(fingerprint)}`,
        headers: ifMatch === undefined ? [] : [['if-match', ifMatch]],
      }),
  };
}
