/** What becomes of rightly signed requests on their way, and what clients build wrongly: each named, and proved, or not named at all. */
import { describe, expect, test } from 'vitest';
import { annex, houses, spare } from '../iam/houses.ts';
import { makeClock } from '../support/clock.ts';
import { accessKey } from '../support/identity.ts';
import { authorize, type Credential, type Form } from '../support/sdk-signer.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import {
  authorizationOf,
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

const { url } = await useSignet({
  ...{ seed: useSeed(houses), now: makeClock(signedAt).now },
  // What the vectors have for a host: where clients are told that this Signet is.
  externalUrl: 'http://127.0.0.1:21977',
});

const one = (name: string, client: string, form: Form = 'access'): SignedRequest =>
  signedRequests.find((request) => request.name === name && request.client.includes(client) && request.form === form)!;

const python = one('sign', 'Python');
const npm = one('sign', 'npm');
const derived = one('sign', 'Python', 'v11');
const go = one('sign', 'Go', 'scope');
const scoped = signedRequests.find(({ headers }) => headers['authorization']!.includes('/eu-de/kms/sdk_request'))!;
const list = one('projects by name', 'Python');
const create = one('create a key', 'Python');
const tags = one('tags of a key with a strange name', 'Python');

const retargeted = (request: SignedRequest, change: (target: string) => string): SignedRequest => ({
  ...request,
  target: change(request.target),
});
const rewritten = (request: SignedRequest, change: (body: string) => string): SignedRequest => ({
  ...request,
  body: change(request.body),
});

type Row = readonly [what: string, sent: SignedRequest, signed: SignedRequest, cause: string];

const row = (
  what: string,
  signed: SignedRequest,
  change: (request: SignedRequest) => SignedRequest,
  cause: string,
): Row => [what, change(signed), signed, cause];

const base64 = (request: SignedRequest): string => Buffer.from(signatureOf(request), 'hex').toString('base64');

/** The signed request, what arrived in its place, and the name of the cause. */
const mutations: readonly Row[] = [
  row('GET became HEAD', list, (request) => ({ ...request, method: 'HEAD' }), 'method'),
  row('POST became PUT', npm, (request) => ({ ...request, method: 'PUT' }), 'method'),
  row(
    'another project in the path',
    go,
    (request) => retargeted(request, (to) => to.replace(/f0e1\w+/, annex.id)),
    'other-project',
  ),
  row(
    'another operation',
    python,
    (request) => retargeted(request, (to) => to.replace('/sign', '/verify')),
    'other-operation',
  ),
  row(
    'another path',
    go,
    (request) => retargeted(request, (to) => to.replace('kms/sign', 'kms/singing')),
    'other-operation',
  ),
  row('a prefix before the path', npm, (request) => retargeted(request, (to) => `/gateway${to}`), 'path-prefix'),
  row(
    'a part of the path taken off',
    derived,
    (request) => retargeted(request, (to) => to.replace('/v1.0', '')),
    'path-prefix',
  ),
  row('two slashes', go, (request) => retargeted(request, (to) => to.replace('/kms', '//kms')), 'path-slashes'),
  row(
    'the path encoded again',
    tags,
    (request) => retargeted(request, (to) => to.replaceAll(/%(?=[^?]*\?)/g, '%25')),
    'path-sent-encoded-twice',
  ),
  row('a parameter added', list, (request) => retargeted(request, (to) => `${to}&trace=1`), 'query-parameter-added'),
  row('a query added', npm, (request) => retargeted(request, (to) => `${to}?trace=1`), 'query-left-out'),
  row('a plus no longer encoded', tags, (request) => retargeted(request, (to) => to.replace('%2B', '+')), 'query-plus'),
  row(
    'the query encoded again',
    list,
    (request) => retargeted(request, (to) => to.replaceAll('%', '%25')),
    'query-sent-encoded-twice',
  ),
  row('the port taken off the host', python, (request) => withHeader(request, 'host', '127.0.0.1'), 'host-port'),
  row('localhost for the address', npm, (request) => withHeader(request, 'host', 'localhost:21977'), 'other-host'),
  row(
    'a charset added to the content type',
    npm,
    (request) => withHeader(request, 'content-type', 'application/json; charset=utf-8'),
    'content-type',
  ),
  row(
    'the charset taken off the content type',
    create,
    (request) => withHeader(request, 'content-type', 'application/json'),
    'content-type',
  ),
  row('no content type', go, (request) => withHeader(request, 'content-type', undefined), 'content-type'),
  row('another Accept', python, (request) => withHeader(request, 'accept', '*/*'), 'header-changed'),
  row('no X-Project-Id', npm, (request) => withHeader(request, 'x-project-id', undefined), 'header-not-sent'),
  row(
    'something behind the user agent',
    npm,
    (request) => withHeader(request, 'user-agent', `${request.headers['user-agent']!} proxy/1.0`),
    'header-changed',
  ),
  row(
    'Accept-Encoding of a proxy',
    tags,
    (request) => withHeader(request, 'accept-encoding', 'gzip'),
    'header-changed',
  ),
  row(
    'a header twice',
    npm,
    (request) => withHeader(request, 'accept', 'application/json\r\naccept: text/html'),
    'header-repeated',
  ),
  row(
    'letters of a value',
    python,
    (request) => withHeader(request, 'x-project-id', request.headers['x-project-id']!.toUpperCase()),
    'header-changed',
  ),
  row('a newline behind the body', python, (request) => rewritten(request, (body) => `${body}\n`), 'body-newline'),
  row("Go's newline taken off", go, (request) => rewritten(request, (body) => body.trimEnd()), 'body-newline'),
  row(
    'JSON without blanks',
    python,
    (request) => rewritten(request, (body) => JSON.stringify(JSON.parse(body))),
    'body-json-rewritten',
  ),
  row(
    'JSON with line breaks',
    npm,
    (request) => rewritten(request, (body) => JSON.stringify(JSON.parse(body), null, 2)),
    'body-json-rewritten',
  ),
  row(
    'escapes of json.dumps unfolded',
    create,
    (request) => rewritten(request, (body) => JSON.stringify(JSON.parse(body))),
    'body-json-rewritten',
  ),
  row(
    'a member added',
    derived,
    (request) => rewritten(request, (body) => body.replace('{', '{"trace": "1", ')),
    'body-json-member',
  ),
  row('a byte order mark', npm, (request) => rewritten(request, (body) => `\uFEFF${body}`), 'body-bom'),
  row('JSON as a JSON string', npm, (request) => rewritten(request, JSON.stringify), 'body-encoded-twice'),
  row('blanks before the body', python, (request) => rewritten(request, (body) => `  ${body}`), 'body-blanks'),
  row('a body where none was signed', list, (request) => ({ ...request, body: '{}' }), 'body-not-signed'),
  row(
    'X-Sdk-Date of a retry',
    npm,
    (request) => withHeader(request, 'x-sdk-date', '20260115T103007Z'),
    'date-replaced',
  ),
  row(
    'the access key of another pair',
    npm,
    (request) => reauthorized(request, (text) => text.replace(accessKey.access, spare.access)),
    'other-key',
  ),
  row(
    'signed headers in another order',
    python,
    (request) => reauthorized(request, (text) => text.replace(/SignedHeaders=([^,;]+);([^,]+)/, 'SignedHeaders=$2;$1')),
    'signed-headers-order',
  ),
  row(
    'a header more among the signed ones',
    python,
    (request) =>
      withHeader(
        reauthorized(request, (text) => text.replace(/(SignedHeaders=[^,]+)/, '$1;x-trace')),
        'x-trace',
        '1',
      ),
    'signed-headers-list',
  ),
  row(
    'another region',
    derived,
    (request) => reauthorized(request, (text) => text.replace('/eu-de/', '/eu-nl/')),
    'other-scope',
  ),
  row(
    'no service',
    scoped,
    (request) => reauthorized(request, (text) => text.replace('/eu-de/kms/', '/eu-de//')),
    'other-scope',
  ),
  row(
    'the field of another form',
    derived,
    (request) =>
      reauthorized(request, (text) =>
        text.replace(/V11-HMAC-SHA256 Credential=([^/]+)[^,]+/, 'SDK-HMAC-SHA256 Access=$1'),
      ),
    'other-form',
  ),
  row(
    'the signature in capitals',
    npm,
    (request) =>
      reauthorized(request, (text) => text.replace(signatureOf(request), signatureOf(request).toUpperCase())),
    'signature-upper-case',
  ),
  row(
    'the signature in Base64',
    go,
    (request) => reauthorized(request, (text) => text.replace(signatureOf(request), base64(request))),
    'signature-base64',
  ),
  row(
    'the signature cut off',
    python,
    (request) => reauthorized(request, (text) => text.slice(0, -7)),
    'signature-cut-off',
  ),
  row(
    'two things at once: localhost, and a charset',
    npm,
    (request) =>
      withHeader(withHeader(request, 'content-type', 'application/json; charset=utf-8'), 'host', 'localhost:21977'),
    'other-host + content-type',
  ),
];

/** Nobody can tell what these were: no cause may be named. */
const beyond: readonly Row[] = [
  row('another message', python, (request) => rewritten(request, (body) => body.replace('aGVsbG8', 'aGVsbG9')), ''),
  row('an empty body', npm, (request) => ({ ...request, body: '' }), ''),
  row('the query gone', list, (request) => retargeted(request, (to) => to.replace(/\?.*/, '')), ''),
  row('a project of another name', go, (request) => retargeted(request, (to) => to.replace(/f0e1\w+/, 'eu-de')), ''),
  row('a header of unknown value gone', create, (request) => withHeader(request, 'accept', undefined), ''),
  row(
    'one digit of the signature',
    npm,
    (request) => reauthorized(request, (text) => text.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))),
    '',
  ),
  row(
    'a signature of zeros',
    derived,
    (request) => reauthorized(request, (text) => text.replace(/[0-9a-f]{64}$/, '0'.repeat(64))),
    '',
  ),
];

/** What must not be told: secrets, the client's signature, and the one that would have been right for what arrived, by each secret. */
function secretsIn(explanation: Explanation, sent: SignedRequest, signed: SignedRequest): string[] {
  const lines = unmasked(explanation.signature!.expected, sent).split('\n');
  const at = Date.parse(sent.headers['x-sdk-date']!.replace(/(....)(..)(..T..)(..)/, '$1-$2-$3:$4:'));
  const right = [accessKey, spare].map((pair) => authorize(lines, { ...credentialOf(sent), ...pair, at }).slice(-64));
  const text = JSON.stringify(explanation);
  return [accessKey.secret, spare.secret, signatureOf(signed), ...right].filter((secret) => text.includes(secret));
}

test('there are enough of them', () => {
  expect(mutations.length + beyond.length).toBeGreaterThanOrEqual(25);
  expect(new Set(mutations.map(([, , , cause]) => cause)).size).toBeGreaterThanOrEqual(20);
  expect(new Set(mutations.map(([, , { form }]) => form))).toEqual(new Set(['access', 'scope', 'v11']));
});

test.each(signedRequests.map((request) => [request.client, request.form, request.name, request] as const))(
  'untouched, %s %s %s is right',
  async (_client, _form, _name, request) => {
    const { accepted, signature } = await explain(url, rawText(request));
    expect(accepted).toBe(true);
    expect(signature).toMatchObject({ verdict: 'right', tried: [] });
    // What Signet shows is what the signer signed: it says so itself, or a signer of our own gets the same signature from it.
    if (request.canonicalRequest !== undefined)
      expect(unmasked(signature!.expected, request)).toBe(request.canonicalRequest);
    expect(authorize(unmasked(signature!.expected, request).split('\n'), credentialOf(request))).toBe(
      authorizationOf(request),
    );
  },
);

/** With the one secret header that the vectors have. */
const unmasked = (canonical: string, { headers }: SignedRequest): string =>
  canonical.replace('x-subject-token:***', `x-subject-token:${headers['x-subject-token'] ?? ''}`);

const credentialOf = (request: SignedRequest): Credential => {
  const [, region = '', service = ''] = /Credential=[^/]+\/\d+\/([^/]*)\/([^/,]*)/.exec(authorizationOf(request)) ?? [];
  return { form: request.form, at: signedAt, region, service };
};

/** The canonical request that the client signed, by its signer's word or by a signature of our own over it. */
async function truth(signed: SignedRequest): Promise<string> {
  return (await explain(url, rawText(signed))).signature!.expected;
}

describe('on the way', () => {
  test.each(mutations)('%s', async (_what, sent, signed, name) => {
    const explanation = await explain(url, rawText(sent));
    const { signature, summary } = explanation;
    expect(signature?.cause?.name).toBe(name);
    expect(signature?.verdict).toBe('proved');
    expect(signature!.received).toBe(await truth(signed));
    expect(summary).toContain(signature!.cause!.explanation);
    expect(secretsIn(explanation, sent, signed)).toEqual([]);
  });

  test.each(beyond)('%s: no cause is named', async (_what, sent, signed) => {
    const explanation = await explain(url, rawText(sent));
    expect(explanation).toMatchObject({ accepted: false, signature: { verdict: 'unknown' } });
    expect(explanation.signature).not.toHaveProperty('cause');
    expect(explanation.signature!.tried.length).toBeGreaterThan(30);
    expect(secretsIn(explanation, sent, signed)).toEqual([]);
  });
});

describe('built wrongly', () => {
  interface Wrong {
    /** The lines of the canonical request as the client builds them. */
    readonly lines?: (lines: readonly string[], request: SignedRequest) => readonly string[];
    readonly credential?: Partial<Credential>;
    readonly of?: SignedRequest;
  }

  const at = (index: number, change: (line: string) => string) => (lines: readonly string[]) =>
    lines.map((line, place) => (place === (index < 0 ? lines.length + index : index) ? change(line) : line));

  /** What the signer of a client does, and the cause. */
  const mistakes: readonly (readonly [what: string, cause: string, wrong: Wrong])[] = [
    ['no slash at the end of the path', 'trailing-slash', { lines: at(1, (path) => path.slice(0, -1)) }],
    ['the path not encoded', 'path-not-encoded', { lines: at(1, decodeURIComponent), of: tags }],
    ['the path encoded twice', 'path-encoded-twice', { lines: at(1, (path) => path.replaceAll('%', '%25')), of: tags }],
    [
      'the query not sorted',
      'query-unsorted',
      {
        lines: at(2, (query) => query.split('&').reverse().join('&')),
        of: {
          ...list,
          target: list.target.replace(/\?(.*)/, (_, query: string) => `?${query.split('&').reverse().join('&')}`),
        },
      },
    ],
    ['the query left out', 'query-left-out', { lines: at(2, () => ''), of: tags }],
    ['the query not encoded', 'query-not-encoded', { lines: at(2, decodeURIComponent), of: list }],
    [
      'an asterisk not encoded',
      'query-encoded-otherwise',
      { lines: at(2, (query) => query.replaceAll('%2A', '*')), of: list },
    ],
    ['a parameter without =', 'query-empty-value', { lines: at(2, (query) => query.replace('a=&', 'a&')), of: list }],
    [
      'one value of a repeated parameter',
      'query-repeated',
      { lines: at(2, (query) => query.replace('b=1&', '')), of: list },
    ],
    ['the scheme in the path', 'url-for-path', { lines: at(1, (path) => `http://127.0.0.1:21977${path}`) }],
    [
      'another host',
      'other-host',
      { lines: (lines) => lines.map((line) => line.replace(/^host:.*/, 'host:kms.eu-de.otc.t-systems.com')) },
    ],
    [
      'an empty header',
      'header-empty',
      { lines: (lines) => lines.map((line) => line.replace(/^accept:.*/, 'accept:')) },
    ],
    [
      'blanks behind the colons',
      'header-blanks',
      { lines: (lines) => lines.map((line) => line.replace(/^([a-z-]+):/, '$1: ')) },
    ],
    [
      'inner blanks as they are not',
      'header-blanks',
      { lines: (lines) => lines.map((line) => line.replaceAll('  ', ' ')), of: create },
    ],
    [
      'capitals in the names',
      'header-names-case',
      {
        lines: (lines) =>
          lines.map((line) =>
            line.replace(/^[a-z-]+(?=:)/, (name) => name.replaceAll(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())),
          ),
      },
    ],
    [
      'no digest of the body',
      'body-not-signed',
      { lines: at(-1, () => 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855') },
    ],
    ['UNSIGNED-PAYLOAD', 'unsigned-payload', { lines: at(-1, () => 'UNSIGNED-PAYLOAD') }],
    ['the digest in capitals', 'body-digest-form', { lines: at(-1, (digest) => digest.toUpperCase()) }],
    ['no empty line behind the headers', 'canonical-shape', { lines: (lines) => lines.toSpliced(-3, 1) }],
    ['the method in small letters', 'method', { lines: at(0, (method) => method.toLowerCase()) }],
    ["another pair's secret", 'other-key', { credential: { secret: spare.secret } }],
    ['a newline behind the secret', 'secret-spoilt', { credential: { secret: `${accessKey.secret}\n` } }],
    ['the secret in small letters', 'secret-spoilt', { credential: { secret: accessKey.secret.toLowerCase() } }],
    ['the access key for the secret', 'access-for-secret', { credential: { secret: accessKey.access } }],
    ['a second later in the string to sign', 'string-to-sign-date', { credential: { at: signedAt + 1000 } }],
    ['the time of Berlin in the string to sign', 'string-to-sign-date', { credential: { at: signedAt + 3_600_000 } }],
    ['the key of another form', 'other-form', { credential: { form: 'scope' } }],
    [
      'two mistakes: no slash, and a newline behind the secret',
      'trailing-slash + secret-spoilt',
      { lines: at(1, (path) => path.slice(0, -1)), credential: { secret: `${accessKey.secret}\n` } },
    ],
  ];

  test.each(mistakes)('%s: %s', async (_what, cause, { lines = (right) => right, credential, of = python }) => {
    const right = (of.canonicalRequest ?? '').split('\n');
    const wrong = lines(right, of);
    const [signature] = /[0-9a-f]{64}$/.exec(authorize(wrong, { ...credentialOf(of), ...credential }))!;
    const explanation = await explain(
      url,
      rawText(reauthorized(of, (text) => text.replace(/[0-9a-f]{64}$/, signature))),
    );
    expect(explanation.signature).toMatchObject({ verdict: 'proved', cause: { name: cause } });
    expect(explanation.signature!.expected).toBe(right.join('\n'));
    expect(explanation.signature!.received).toBe(wrong.join('\n'));
    // Of two texts that are the same, only the keys differ.
    if (wrong.join() !== right.join()) expect(explanation.signature).toHaveProperty('difference');
    expect(secretsIn(explanation, of, of)).toEqual([]);
  });
});
