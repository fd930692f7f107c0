/** The signatures of test/vectors/apig-hmac-vectors.json, as requests. */
import { readFileSync } from 'node:fs';
import type { Signed } from './gateway-signer.ts';

interface Pair {
  readonly key: string;
  readonly secret: string;
  readonly authorization: string;
}

interface Described extends Pair {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly canonicalRequest: string;
}

export interface Vector extends Pair {
  readonly name: string;
  readonly canonicalRequest: string;
  readonly request: Signed;
  /** When it was signed: milliseconds since 1970. */
  readonly at: number;
}

const file = new URL('../vectors/apig-hmac-vectors.json', import.meta.url);
const { hmac, basic } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly hmac: readonly Described[];
  readonly basic: readonly Pair[];
};

export const basicVectors = basic;

export const vectors: readonly Vector[] = hmac.map(({ method, path, query, headers, body, ...rest }) => ({
  ...rest,
  request: {
    method,
    target: query === '' ? path : `${path}?${query}`,
    headers: { ...headers, Authorization: rest.authorization },
    body: Buffer.from(body),
  },
  at: Date.parse(headers['X-Sdk-Date']!.replace(/^(....)(..)(..T..)(..)/, '$1-$2-$3:$4:')),
}));
