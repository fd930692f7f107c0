/** What goes through the gateway to a backend, and which of the vendor's own signers cannot follow. */

import type { Language } from './gateway-verifiers.ts';

/** The languages whose SDK does not come to the same signature, and why. */
export type Failures = Readonly<Partial<Record<Language, string>>>;

export interface Case {
  readonly name: string;
  readonly method: string;
  /** Path and query as they are sent. */
  readonly target: string;
  readonly body?: Uint8Array | string;
  /** Besides Host. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly fails?: Failures;
}

const encodesAgain: Failures = { node: 'it encodes again the blanks and quotes that url.parse has encoded' };
const stringifies: Failures = { node: 'it signs JSON.stringify of the body' };
const keepsOrder: Failures = { java: 'it does not sort the values of a name' };
const keepsRawName: Failures = { java: 'it signs a name that must be encoded a second time as it is' };
const addsHost = 'it signs Host in any case';
const takesNoStrayPerCent: Failures = {
  go: 'net/url, which reads the query for it, takes no per cent that begins no escape',
  java: 'URLDecoder, which reads the query for it, takes no per cent that begins no escape',
};

const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const json = { 'Content-Type': 'application/json' };

const get = (name: string, target: string, fails?: Failures): Case => ({
  ...{ name, target, method: 'GET' },
  ...(fails && { fails }),
});
const sent = (name: string, method: string, body: Uint8Array | string, fails?: Failures): Case => ({
  ...{ name, method, body, target: '/v1/orders', headers: json },
  ...(fails && { fails }),
});

export const cases: readonly Case[] = [
  get('the root', '/'),
  get('a plain path', '/v1/orders/42'),
  get('a path that ends with a slash', '/v1/orders/'),
  get('two slashes', '/v1//orders'),
  get('two slashes at the end', '/v1/orders//', { java: 'it drops empty segments at the end' }),
  get('dots', '/v1/../orders/./x'),
  get('unreserved characters', '/a-b_c.d~e'),
  get('encoded UTF-8', '/M%C3%BCnchen%20Ost', encodesAgain),
  get('encoded in lower case', '/M%c3%bcnchen'),
  get('an encoded slash', '/a%2Fb'),
  get('an encoded per cent', '/100%25'),
  get('an encoded per cent before two digits', '/a%2541'),
  get('characters that are not encoded', "/a*(b)'c!", encodesAgain),
  get('a plus in the path', '/a+b'),

  get('a query', '/x?limit=10&offset=20'),
  get('in another order', '/x?b=2&a=1&B=3&A=4'),
  get('encoded values', '/x?name=x%20y&and=%26&is=%3D'),
  get('an encoded name', '/x?na%20me=1', keepsRawName),
  get('UTF-8 in the query', '/x?city=M%C3%BCnchen'),
  get('repeated names in order', '/x?a=1&a=2'),
  get('repeated names', '/x?a=2&a=10&a=1', keepsOrder),
  get('an empty value', '/x?a=&b=1'),
  get('no value', '/x?flag&b=1'),
  get('an empty query', '/x?'),
  get('names that stand otherwise when they are encoded', '/x?a[0]=1&aB=2', keepsRawName),
  get('an encoded plus', '/x?a=1%2B1'),
  get('a plus', '/x?a=1+1'),
  get('an encoded per cent in the query', '/x?a=100%25'),
  get('an encoded per cent before two digits in the query', '/x?a=%2541'),
  get('a per cent at the end', '/x?q=100%', takesNoStrayPerCent),
  get('a per cent that begins no escape', '/x?q=%zz', takesNoStrayPerCent),
  get('a per cent before an escape', '/x?%4=%%41%+1', takesNoStrayPerCent),
  get('an encoded per cent in the path, and one that is not in the query', '/100%25?q=100%', takesNoStrayPerCent),
  get('characters of the query that are not encoded', "/x?a=*()'!~/:@"),
  get('a question mark in the query', '/x?a=b?c=d&?'),

  sent('JSON', 'POST', '{"name":"x","qty":3}'),
  sent('JSON in UTF-8', 'POST', '{"name":"Grüße","qty":3}'),
  sent('JSON with blanks', 'POST', '{ "name": "x" }', stringifies),
  {
    ...sent('a body of every byte', 'POST', everyByte, stringifies),
    headers: { 'Content-Type': 'application/octet-stream' },
  },
  {
    ...sent('a form', 'POST', 'a=1&b=2', stringifies),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  },
  sent('a POST without a body', 'POST', ''),
  sent('PUT', 'PUT', '{"a":1}'),
  sent('PATCH', 'PATCH', '{"a":1}'),
  sent('DELETE', 'DELETE', ''),
  sent('DELETE with a body', 'DELETE', '{"a":1}'),
  sent('GET with a body', 'GET', '{"a":1}'),
  sent('HEAD', 'HEAD', ''),
  sent('OPTIONS', 'OPTIONS', ''),
];

/** Of test/vectors/apig-hmac-vectors.json, by the beginning of their names. */
export const vectorFailures: Readonly<Record<string, Failures>> = {
  V2: { ...keepsOrder, ...encodesAgain },
  V3: { python: addsHost, java: addsHost, node: addsHost },
};
