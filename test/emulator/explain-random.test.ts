/** No cause is named that was not: a thousand random changes of requests that the vendors' signers signed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { houses, annex, spare } from '../iam/houses.ts';
import { makeClock } from '../support/clock.ts';
import { accessKey } from '../support/identity.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import {
  explain,
  rawText,
  reauthorized,
  signatureOf,
  signedAt,
  signedRequests,
  withHeader,
  type Explanation,
  type SignedRequest,
} from './signed-vectors.ts';
import { editedTexts } from '../support/edited-texts.ts';

const { url } = await useSignet({
  ...{ seed: useSeed(houses), now: makeClock(signedAt).now },
  ...{ externalUrl: 'http://127.0.0.1:21977', validateResponses: false },
});

/** What is changed, and which causes may be named for it: each of them is about that part of a request. */
interface Kind {
  readonly causes: RegExp;
  readonly change: fc.Arbitrary<(request: SignedRequest) => SignedRequest>;
}

const word = fc.stringMatching(/^[a-z0-9.-]{1,8}$/);
/** What is put in somewhere. */
const piece = fc.oneof(
  word,
  fc.constantFrom('/', '//', '%2F', '%25', '+', '%20', ' ', '\n', ';', 'A', 'é', '{}', ',', '"'),
);

const edited = editedTexts(piece);

/** A text that may stand in a request line. */
const inLine = (text: string): string => text.replaceAll(/[^!-"$-~]/g, (byte) => encodeURIComponent(byte));

const inPath = (request: SignedRequest, change: (path: string) => string): SignedRequest => {
  const [path = '', ...query] = request.target.split('?');
  const changed = `/${inLine(change(path.slice(1))).replaceAll('?', '%3F')}`;
  return { ...request, target: [changed, ...query].join('?') };
};

const inQuery = (request: SignedRequest, change: (query: string) => string): SignedRequest => {
  const [path = '', query = ''] = request.target.split('?');
  return { ...request, target: `${path}?${inLine(change(query))}` };
};

const asParameters = (query: string, change: (parts: string[]) => string[]): string =>
  change(query.split('&')).join('&');

const pathCauses = /^(?:other-project|other-operation|path-|dot-segments|url-for-path|trailing-slash)/;
const headerCauses = /^(?:host-|other-host|content-type|header-)/;

const kinds: Readonly<Record<string, Kind>> = {
  method: {
    causes: /^(?:method|other-operation)/,
    change: fc
      .constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD')
      .map((method) => (request) => ({ ...request, method })),
  },
  path: {
    causes: pathCauses,
    change: fc.oneof(
      edited.map((change) => (request: SignedRequest) => inPath(request, change)),
      fc
        .constantFrom(annex.id, 'project', '{project_id}')
        .map((id) => (request: SignedRequest) => inPath(request, (path) => path.replace(/f0e1\w+/, id))),
    ),
  },
  query: {
    causes: /^query-/,
    change: fc.oneof(
      edited.map((change) => (request: SignedRequest) => inQuery(request, change)),
      fc.tuple(word, word).map(
        ([name, value]) =>
          (request: SignedRequest) =>
            inQuery(request, (query) => (query ? `${query}&${name}=${value}` : `${name}=${value}`)),
      ),
      fc
        .nat()
        .map(
          (index) => (request: SignedRequest) =>
            inQuery(request, (query) => asParameters(query, (parts) => parts.toSpliced(index % parts.length, 1))),
        ),
      fc
        .nat()
        .map(
          (index) => (request: SignedRequest) =>
            inQuery(request, (query) => asParameters(query, (parts) => [...parts, parts[index % parts.length]!])),
        ),
    ),
  },
  header: {
    causes: headerCauses,
    change: fc
      .tuple(
        fc.nat(),
        fc.oneof(
          edited,
          fc.constantFrom<(text: string) => string>(
            () => 'localhost:21977',
            () => 'application/json',
            () => 'application/json; charset=utf-8',
            () => '*/*',
            () => 'gzip',
            (text) => ` ${text}`,
            (text) => text.replaceAll('/', ' / '),
          ),
        ),
      )
      .map(([index, change]) => (request) => {
        const names = Object.keys(request.headers).filter((name) => name !== 'authorization' && name !== 'x-sdk-date');
        const name = names[index % names.length]!;
        return withHeader(request, name, change(request.headers[name]!).replaceAll(/[^ -~]/g, ''));
      }),
  },
  'header gone': {
    causes: headerCauses,
    change: fc.nat().map((index) => (request) => {
      const names = Object.keys(request.headers).filter(
        (name) => !['authorization', 'x-sdk-date', 'host'].includes(name),
      );
      return withHeader(request, names[index % names.length]!, undefined);
    }),
  },
  body: {
    causes: /^(?:body-|unsigned-payload|query-for-body)/,
    change: fc.oneof(
      edited.map((change) => (request: SignedRequest) => ({ ...request, body: change(request.body) })),
      fc.constantFrom(0, 2, 4, '\t').map((indent) => (request: SignedRequest) => ({
        ...request,
        body: request.body && JSON.stringify(JSON.parse(request.body), null, indent),
      })),
      fc.tuple(word, fc.jsonValue()).map(([name, value]) => (request: SignedRequest) => ({
        ...request,
        body: request.body && JSON.stringify({ ...(JSON.parse(request.body) as object), [name]: value }),
      })),
    ),
  },
  date: {
    causes: /^(?:date-|string-to-sign-date)/,
    change: fc
      .integer({ min: -890, max: 890 })
      .map(
        (seconds) => (request) =>
          withHeader(
            request,
            'x-sdk-date',
            new Date(signedAt + seconds * 1000).toISOString().replaceAll(/[-:]|\.\d+/g, ''),
          ),
      ),
  },
  key: {
    causes: /^(?:other-key|secret-spoilt|access-for-secret)/,
    change: fc.constant((request) => reauthorized(request, (text) => text.replace(accessKey.access, spare.access))),
  },
  scope: {
    causes: /^(?:other-scope|other-form|key-derivation|string-to-sign)/,
    change: fc
      .tuple(fc.constantFrom('', 'eu-nl', 'cn-north-4', 'nowhere'), fc.constantFrom('', 'iam', 'kms', 'vpc'))
      .map(
        ([region, service]) =>
          (request) =>
            reauthorized(request, (text) =>
              text.replace(/(Credential=\w+\/\d{8})\/[^/]*\/[^/,]*/, `$1/${region}/${service}`),
            ),
      ),
  },
  signature: {
    causes: /^signature-/,
    change: fc
      .constantFrom<(text: string) => string>(
        (text) => text.toUpperCase(),
        (text) => text.slice(0, 40),
        (text) => `${text}00`,
        (text) => Buffer.from(text, 'hex').toString('base64'),
        (text) => text.split('').reverse().join(''),
      )
      .map((change) => (request) => reauthorized(request, (text) => text.replace(signatureOf(request), change))),
  },
  'signed headers': {
    causes: /^signed-headers-/,
    change: fc
      .boolean()
      .map(
        (isLonger) => (request) =>
          reauthorized(request, (text) =>
            text.replace(
              /SignedHeaders=([^,]+)/,
              (_, names: string) =>
                `SignedHeaders=${isLonger ? `${names};x-trace` : names.split(';').reverse().join(';')}`,
            ),
          ),
      ),
  },
};

/** By request: what Signet says of it untouched. Its canonical request has been proved in explain-mutations.test.ts. */
const truths = new Map<SignedRequest, Explanation>();
for (const request of signedRequests) truths.set(request, await explain(url, rawText(request)));

const secrets = [accessKey.secret, spare.secret];

const share = Math.ceil(1000 / Object.keys(kinds).length);
let proved = 0;

describe.each(Object.entries(kinds))('%s', (_kind, { causes, change }) => {
  test('is named, or nothing is', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...signedRequests), change, async (signed, apply) => {
        const sent = apply(signed);
        const explanation = await explain(url, rawText(sent));
        const { signature } = explanation;
        const text = JSON.stringify(explanation);
        for (const secret of secrets) expect(text).not.toContain(secret);
        if (signature === undefined || signature.verdict === 'unchecked') return;
        if (signature.verdict === 'right') {
          // Nothing that counts was changed: the canonical request is still the one that was signed.
          expect(signature.expected).toBe(truths.get(signed)!.signature!.expected);
          return;
        }
        expect(text).not.toContain(signatureOf(signed));
        if (signature.verdict !== 'proved') return;
        proved++;
        for (const name of signature.cause!.name.split(' + ')) expect(name).toMatch(causes);
        // What the client is said to have signed is what its signer did sign.
        expect(signature.received).toBe(truths.get(signed)!.signature!.expected);
      }),
      { seed: 20260115, numRuns: share },
    );
  });
});

test('many are named', () => {
  expect(proved).toBeGreaterThan(300);
});
