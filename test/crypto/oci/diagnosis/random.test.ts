/** No cause is named that was not: a thousand random changes of requests that were signed rightly. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OciRequest } from '../../../../src/crypto/oci/signed-request.ts';
import { bodyHeaders, date, host, signed } from '../oci-signer.ts';
import { authorizationOf, causesOf, diagnosisOf, readable, reauthorized, rewritten, stringOf } from './diagnosed.ts';
import { editedTexts } from '../../../support/edited-texts.ts';

/** What is changed, and which causes may be named for it: each of them is about that part of a request. */
interface Kind {
  readonly causes: RegExp;
  readonly change: fc.Arbitrary<(request: OciRequest) => OciRequest>;
}

const bytes = (text: string): string => Buffer.from(text).toString('latin1');
const json = Buffer.from('{"displayName": "a/b", "tags": {"cost": 4, "é": null}, "list": [1, 2]}');
const target = '/20160918/users/ocid1.user.oc1..aaaaaaaatestonlyuser/apiKeys';

/** As SDKs sign, and with more than they do. */
const originals: readonly OciRequest[] = [
  signed({ target }),
  signed({ target: `${target}?limit=10&page=a%20b&sort=%C3%A9&sort=+x&empty=&flag` }),
  signed({ target: '/n/ns/b/bucket/o/a%2Fb%20c.txt', method: 'PUT', body: json }),
  signed({ target: '/20160918/instances/?availabilityDomain=Pjwf%3A%20PHX-AD-1', body: json }),
  signed({
    ...{ target, body: json, names: 'x-date (request-target) host Content-Type Content-Length x-content-sha256' },
    get headers() {
      const named = bodyHeaders(json).map(([name, value]) => [name.toLowerCase(), value] as const);
      return [['x-date', date], ['date', date], ['host', host], ...named] as const;
    },
    text: [
      ...[`x-date: ${date}`, `(request-target): post ${target}`, `host: ${host}`, 'content-type: application/json'],
      ...[`content-length: ${json.length}`, `x-content-sha256: ${bodyHeaders(json)[2]![1]}`],
    ].join('\n'),
  }),
  signed({
    names: 'date (request-target) host accept opc-request-id',
    headers: [
      ['Date', date],
      ['Host', `${host}:8443`],
      ['Accept', 'application/json,  text/html'],
      ['opc-request-id', bytes('6FC68F13é')],
    ],
  }),
];

const surroundings = { hosts: ['gateway.example', 'localhost:8080', host], prefixes: ['/gateway', '/v1/oci'] };

const word = fc.stringMatching(/^[a-z0-9.-]{1,8}$/);
/** What is put in somewhere. */
const piece = fc.oneof(
  word,
  fc.constantFrom(
    '/',
    '//',
    '/..',
    '%2F',
    '%25',
    '+',
    '%20',
    '%C3%A9',
    ':80',
    ';',
    'A',
    '{}',
    '|',
    ',',
    '?',
    '&',
    '=',
    '""',
  ),
);

const edited = editedTexts(piece);

const inTarget = (request: OciRequest, change: (path: string, query: string) => string): OciRequest => {
  const [path = '', query = ''] = request.target.split('?');
  return { ...request, target: change(path, query).replace(/^(?!\/)/, '/') };
};

const asParameters = (query: string, change: (parts: string[]) => readonly string[]): string =>
  `?${change(query.split('&')).join('&')}`;

const namesOf = (request: OciRequest): string[] =>
  [...authorizationOf(request).headers].map((name) => name.toLowerCase()).filter((name) => name !== '(request-target)');

const valueOf = (request: OciRequest, name: string): string =>
  request.headers.find(([other]) => other.toLowerCase() === name)?.[1] ?? '';

const inList = (request: OciRequest, change: (names: string[]) => readonly string[]): OciRequest =>
  reauthorized(request, (text) =>
    text.replace(/headers="([^"]*)"/, (_, list: string) => `headers="${change(list.split(' ')).join(' ')}"`),
  );

const targetCauses =
  'prefix-|target-|path-|url-for-target|dot-segments|query-|parameter-|beyond-ascii|unwise|blanks-encoded|hex-digits|percent-encoded';
const headerCauses = 'host-|content-|date-|header-|body-';

const kinds: Readonly<Record<string, Kind>> = {
  method: {
    causes: /^method$/,
    change: fc
      .constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'BREW')
      .map((method) => (request) => ({ ...request, method })),
  },
  path: {
    causes: new RegExp(`^(?:${targetCauses})`),
    change: fc.oneof(
      edited.map(
        (change) => (request: OciRequest) =>
          inTarget(request, (path, query) => change(path) + (query === '' ? '' : `?${query}`)),
      ),
      fc
        .constantFrom('/gateway', '/v1/oci', '/x/y/z')
        .map((prefix) => (request: OciRequest) => ({ ...request, target: prefix + request.target })),
    ),
  },
  query: {
    causes: new RegExp(`^(?:${targetCauses})`),
    change: fc.oneof(
      edited.map((change) => (request: OciRequest) => inTarget(request, (path, query) => `${path}?${change(query)}`)),
      fc
        .nat()
        .map(
          (index) => (request: OciRequest) =>
            inTarget(
              request,
              (path, query) => path + asParameters(query, (parts) => parts.toSpliced(index % parts.length, 1)),
            ),
        ),
      fc.tuple(fc.nat(), word).map(
        ([index, name]) =>
          (request: OciRequest) =>
            inTarget(
              request,
              (path, query) =>
                path + asParameters(query, (parts) => parts.toSpliced(index % (parts.length + 1), 0, `${name}=1`)),
            ),
      ),
      fc
        .nat()
        .map(
          (seed) => (request: OciRequest) =>
            inTarget(request, (path, query) => path + asParameters(query, (parts) => shuffled(parts, seed))),
        ),
    ),
  },
  header: {
    causes: new RegExp(`^(?:${headerCauses})`),
    change: fc
      .tuple(
        fc.nat(),
        fc.oneof(
          edited,
          fc.constantFrom<(text: string) => string>(
            () => 'backend.internal:8080',
            () => 'application/json',
            () => 'application/json; charset=utf-8',
            () => 'Sun, 05 Jan 2014 21:32:11 GMT',
            () => '17',
          ),
        ),
      )
      .map(([index, change]) => (request) => {
        const names = namesOf(request);
        const name = names[index % names.length]!;
        return rewritten(request, { [name]: change(valueOf(request, name)).replaceAll(/[^ -~]/g, '') });
      }),
  },
  'header gone': {
    causes: new RegExp(`^(?:${headerCauses})`),
    change: fc.nat().map((index) => (request) => {
      const names = namesOf(request);
      return rewritten(request, { [names[index % names.length]!]: undefined });
    }),
  },
  'header twice': {
    causes: /^(?:header-|host-|content-|date-)/,
    change: fc.tuple(fc.nat(), word).map(([index, value]) => (request) => {
      const names = namesOf(request);
      return { ...request, headers: [...request.headers, [names[index % names.length]!, value]] };
    }),
  },
  body: {
    causes: /^(?:body-|content-)/,
    change: edited.map((change) => (request) => {
      const body = Buffer.from(bytes(change(readable(Buffer.from(request.body).toString('latin1')))), 'latin1');
      const [length = '', , digest = ''] = bodyHeaders(body).map(([, value]) => value);
      const changed = { ...request, body };
      return namesOf(request).includes('content-length')
        ? rewritten(changed, { 'content-length': length, ...(body.length % 2 && { 'x-content-sha256': digest }) })
        : changed;
    }),
  },
  list: {
    causes: /^header(?:s-list|-order)$|^date-line$|^names-case$/,
    change: fc.oneof(
      fc.nat().map((seed) => (request: OciRequest) => inList(request, (names) => shuffled(names, seed))),
      fc
        .nat()
        .map((index) => (request: OciRequest) => inList(request, (names) => names.toSpliced(index % names.length, 1))),
      fc
        .constantFrom('date', 'x-date', 'accept', 'content-type')
        .map((name) => (request: OciRequest) => inList(request, (names) => [...new Set([...names, name])])),
    ),
  },
  signature: {
    causes: /^(?:no-stored-key|other-key-size|signature-)/,
    change: edited.map(
      (change) => (request) =>
        reauthorized(request, (text) =>
          text.replace(
            /signature="([^"]*)"/,
            (_, signature: string) => `signature="${change(signature).replaceAll(/["\\]/g, '')}"`,
          ),
        ),
    ),
  },
};

/** In an order that depends on a number. */
const shuffled = <Item>(items: readonly Item[], seed: number): readonly Item[] =>
  items
    .map((item, index) => [item, ((seed + 1) * (index + 7) * 2654435761) % 997] as const)
    .sort(([, one], [, other]) => one - other)
    .map(([item]) => item);

const mutation = fc
  .constantFrom(...Object.keys(kinds))
  .chain((kind) => kinds[kind]!.change.map((change) => ({ kind, change })));

const counts = { proved: 0, unknown: 0, right: 0 };

describe('a thousand changes', () => {
  test('one at a time, and up to three together: what is told is what was signed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...originals),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        (original, mutations) => {
          const received = mutations.reduce((request, { change }) => change(request), original);
          const diagnosis = diagnosisOf(received, surroundings);
          const truth = readable(stringOf(original));
          if (diagnosis.signed !== undefined) expect(diagnosis.signed).toBe(truth);
          expect(diagnosis.proved).toBe(diagnosis.signed !== undefined || diagnosis.causes.length > 0);
          for (const name of causesOf(diagnosis))
            expect(mutations.some(({ kind }) => kinds[kind]!.causes.test(name)) ? '' : name).toBe('');
          const isRight = diagnosis.signed !== undefined && diagnosis.causes.length === 0;
          if (isRight) expect(diagnosis.expected).toBe(truth);
          counts[isRight ? 'right' : diagnosis.proved ? 'proved' : 'unknown']++;
        },
      ),
      { numRuns: 1000, seed: 20160918 },
    );
  });

  test('of which many are proved, and many are beyond knowing', () => {
    expect(counts.proved).toBeGreaterThan(250);
    expect(counts.unknown).toBeGreaterThan(250);
    expect(counts.proved + counts.unknown + counts.right).toBe(1000);
  });
});
