/** What becomes of rightly signed requests on their way: all that is proved is what was done, and what cannot be known is not named. */
import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkOciSignature } from '../../../../src/crypto/oci/check-signature.ts';
import { explainBody } from '../../../../src/crypto/oci/diagnosis/body-explanation.ts';
import type { OciRequest } from '../../../../src/crypto/oci/signed-request.ts';
import { bodyHeaders, date, host, signed } from '../oci-signer.ts';
import { signedAt, testKey } from '../vectors.ts';
import { causesOf, diagnosisOf, header, reauthorized, resigned, rewritten, stringOf } from './diagnosed.ts';

const backend = 'backend.internal:8080';
const surroundings = { hosts: ['other.example', host], prefixes: ['/gateway', '/v2/oci'] };

const target = '/20160918/users/ocid1.user.oc1..aaaaaaaatestonlyuser/apiKeys';
const query = '?limit=10&page=a%20b&sortBy=NAME';
const json = Buffer.from('{"key": "value", "text": "\u00e9"}');

const get = signed({ target: `${target}${query}` });
const post = signed({ target, body: json });
/** As the TypeScript SDK signs: x-date, with Date as it was. */
const dated = signed({
  ...{ target, names: 'x-date (request-target) host' },
  headers: [
    ['Host', host],
    ['Date', date],
    ['X-Date', date],
  ],
});

const retargeted = (request: OciRequest, change: (to: string) => string): OciRequest => ({
  ...request,
  target: change(request.target),
});
const rebodied = (request: OciRequest, body: Buffer): OciRequest => ({ ...request, body });
const sha256 = (body: Uint8Array): string => createHash('sha256').update(body).digest('base64');

const serialised = Buffer.from(JSON.stringify(JSON.parse(json.toString())));
/** Nobody can tell what it was before. */
const lossy = Buffer.from('{"key":"value"}');

interface Row {
  readonly what: string;
  /** As it was signed and sent. */
  readonly sent: OciRequest;
  readonly received: OciRequest;
  readonly signature: 'good' | 'bad';
  readonly body: 'ok' | 'bad';
  /** Names; undefined: cannot be known. */
  readonly causes: readonly string[] | undefined;
}

const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

/** The cases of the specification, in its order. */
const rows: readonly Row[] = [
  {
    what: 'Host rewritten to the back end, X-Forwarded-Host set',
    ...{ sent: get, received: rewritten(get, { host: backend, 'x-forwarded-host': host }) },
    ...{ signature: 'bad', body: 'ok', causes: ['host-forwarded'] },
  },
  {
    what: 'Host rewritten to the back end, no X-Forwarded-Host',
    ...{ sent: post, received: rewritten(post, { host: backend }) },
    ...{ signature: 'bad', body: 'ok', causes: ['host-of-service'] },
  },
  {
    what: 'a prefix taken off the path',
    sent: signed({ target: `/gateway${target}${query}` }),
    received: retargeted(signed({ target: `/gateway${target}${query}` }), (to) => to.replace('/gateway', '')),
    ...{ signature: 'bad', body: 'ok', causes: ['prefix-removed'] },
  },
  {
    what: 'a prefix put before the path',
    ...{ sent: post, received: retargeted(post, (to) => `/some/route${to}`) },
    ...{ signature: 'bad', body: 'ok', causes: ['prefix-added'] },
  },
  {
    what: 'Host rewritten and a prefix put before the path',
    ...{
      sent: get,
      received: rewritten(
        retargeted(get, (to) => `/route${to}`),
        { host: backend },
      ),
    },
    ...{ signature: 'bad', body: 'ok', causes: ['host-of-service', 'prefix-added'] },
  },
  {
    what: 'the query sorted otherwise',
    ...{ sent: get, received: retargeted(get, () => `${target}?page=a%20b&sortBy=NAME&limit=10`) },
    ...{ signature: 'bad', body: 'ok', causes: ['query-order'] },
  },
  {
    what: 'a parameter added to the query',
    ...{ sent: get, received: retargeted(get, (to) => `${to}&trace=1`) },
    ...{ signature: 'bad', body: 'ok', causes: ['parameter-added'] },
  },
  {
    what: 'the query dropped',
    ...{ sent: get, received: retargeted(get, () => target) },
    ...{ signature: 'bad', body: 'ok', causes: undefined },
  },
  {
    what: 'the method changed',
    ...{ sent: get, received: { ...get, method: 'DELETE' } },
    ...{ signature: 'bad', body: 'ok', causes: ['method'] },
  },
  {
    what: 'the body serialised again, headers as they were',
    ...{ sent: post, received: rebodied(post, serialised) },
    ...{ signature: 'good', body: 'bad', causes: ['body-json-rewritten'] },
  },
  {
    what: 'the body serialised again, content-length with it',
    sent: post,
    received: rebodied(rewritten(post, { 'content-length': `${serialised.length}` }), serialised),
    ...{ signature: 'bad', body: 'bad', causes: ['body-rewritten'] },
  },
  {
    what: 'the body, content-length and x-content-sha256 made anew',
    sent: post,
    received: rebodied(
      rewritten(post, { 'content-length': `${lossy.length}`, 'x-content-sha256': sha256(lossy) }),
      lossy,
    ),
    ...{ signature: 'bad', body: 'ok', causes: undefined },
  },
  {
    what: 'content-type gets a charset',
    ...{ sent: post, received: rewritten(post, { 'content-type': 'application/json; charset=utf-8' }) },
    ...{ signature: 'bad', body: 'ok', causes: ['content-type'] },
  },
  {
    what: 'content-type loses its charset',
    sent: signed({
      ...{ target, body: json },
      headers: [
        ['Date', date],
        ['Host', host],
        ...bodyHeaders(json).map(([name, value]) => [name, value.replace('json', 'json; charset=utf-8')] as const),
      ],
    }),
    get received() {
      return rewritten(this.sent, { 'content-type': 'application/json' });
    },
    ...{ signature: 'bad', body: 'ok', causes: ['content-type'] },
  },
  {
    what: 'content-length dropped, as with chunks',
    ...{ sent: post, received: rewritten(post, { 'content-length': undefined, 'transfer-encoding': 'chunked' }) },
    ...{ signature: 'bad', body: 'ok', causes: ['content-length'] },
  },
  {
    what: 'x-content-sha256 taken off',
    ...{ sent: post, received: rewritten(post, { 'x-content-sha256': undefined }) },
    ...{ signature: 'bad', body: 'ok', causes: ['content-sha256'] },
  },
  {
    what: 'x-date taken off, Date kept',
    ...{ sent: dated, received: rewritten(dated, { 'x-date': undefined }) },
    ...{ signature: 'bad', body: 'ok', causes: ['date-exchanged'] },
  },
  {
    what: 'the list of headers put into another order',
    sent: post,
    received: reauthorized(post, (text) =>
      text.replace(
        'date (request-target) host content-length content-type x-content-sha256',
        'host x-content-sha256 content-type (request-target) date content-length',
      ),
    ),
    ...{ signature: 'bad', body: 'ok', causes: ['header-order'] },
  },
  {
    what: 'signed with another private key',
    sent: get,
    received: resigned(get, sign('sha256', Buffer.from(stringOf(get)), stranger).toString('base64')),
    ...{ signature: 'bad', body: 'ok', causes: ['no-stored-key'] },
  },
];

const check = (request: OciRequest) => checkOciSignature(request, { keyOf: () => testKey, now: signedAt });

test('all 19 cases are here, and 17 of them can be known', () => {
  expect(rows).toHaveLength(19);
  expect(rows.filter(({ causes }) => causes !== undefined)).toHaveLength(17);
});

describe('on the way', () => {
  test.each(rows.map((row) => [row.what, row] as const))('%s', async (_what, row) => {
    const { sent, received, signature, body, causes } = row;
    expect(await check(sent)).toMatchObject({ accepted: true });
    const { privateKey, ...key } = testKey;
    expect(privateKey.type).toBe('private');
    // What OpenSSL says of what came.
    const text = stringOf(received);
    const given = Buffer.from(/signature="([^"]*)"/.exec(header(received, 'authorization')!)![1]!, 'base64');
    expect(verify('sha256', Buffer.from(text, 'latin1'), key.publicKey, given)).toBe(signature === 'good');
    const digest = header(received, 'x-content-sha256') ?? sha256(received.body);
    expect(digest === sha256(received.body) || !signsBody(received)).toBe(body === 'ok');

    const verdict = await check(received);
    expect(verdict).toMatchObject({ accepted: false });
    const diagnosis = diagnosisOf(received, surroundings);
    if (signature === 'good') {
      expect(diagnosis).toMatchObject({ proved: true, causes: [], difference: undefined });
      expect(explainBody(received)?.name).toBe(causes?.[0]);
    } else if (causes === undefined) {
      expect(diagnosis).toMatchObject({ proved: false, causes: [], signed: undefined, difference: undefined });
      expect(diagnosis.summary).toMatch(/^The right key made this signature, but over another string/);
      expect(diagnosis.summary).toMatch(/Give the request as the client sent it/);
      // Which then tells it.
      expect(diagnosisOf(received, { ...surroundings, sent })).toMatchObject({ proved: true, signed: stringOf(sent) });
    } else {
      expect(causesOf(diagnosis)).toEqual(causes);
      expect(diagnosis.proved).toBe(true);
      const isByKey = causes[0] !== 'no-stored-key';
      expect(diagnosis.signed).toBe(isByKey ? stringOf(sent) : undefined);
      expect(diagnosis.recovered?.padding).toBe(isByKey ? 'PKCS#1 v1.5' : undefined);
      for (const { explanation, remedy } of diagnosis.causes) {
        expect(diagnosis.summary).toContain(explanation);
        expect(diagnosis.summary).toContain(remedy);
      }
    }
  });
});

const signsBody = (request: OciRequest): boolean => header(request, 'authorization')!.includes('x-content-sha256');
