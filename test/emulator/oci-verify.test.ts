/** The check of OCI signatures of any request: that it says what the service would say, and what was signed. */
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { components } from '../../src/contract/openapi.ts';
import { asText } from '../../src/crypto/text-bytes.ts';
import { madeVectors, publishedVectors, signedAt, type Vector } from '../crypto/oci/vectors.ts';
import { makeClock, second } from '../support/clock.ts';
import { ask } from '../support/gateway-client.ts';
import { send } from '../support/http.ts';
import { makeOciPair, signed, type OciAsking, type OciSigner } from '../support/oci-signer.ts';
import { makeOciPeople, ociTenancyIds } from '../support/oci-tenancies.ts';
import { askedText, signedText } from '../support/oci-text.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { oddText, wildBodyOf, wildFields } from '../support/wild-bodies.ts';

type Verdict = components['schemas']['VerifyOciResponse'];

const clock = makeClock();
const { signers, seed } = makeOciPeople();
const { bob, ada } = signers;
const { url } = await useSignet({ seed: useSeed(seed), now: clock.now });
const { host } = new URL(url);
const at = new Date(signedAt).toISOString();

async function verify(body: object): Promise<Verdict> {
  const answer = await send(url, 'post', '/_signet/oci/verify', { body });
  expect(answer.status, answer.text).toBe(200);
  return answer.body as Verdict;
}
const textOf = (asking: OciAsking, signer: OciSigner = bob) => signedText(asking, signer, host, clock.now());
const causesOf = ({ diagnosis }: Verdict) => diagnosis?.causes.map(({ name }) => name);
const post = { method: 'POST', target: '/oci/things?b=2&a=1', body: '{"n": 1}' } as const;

describe('the vectors', () => {
  const vectorText = ({ request: { method, target, headers, body } }: Vector) => ({
    request: [
      `${method} ${target} HTTP/1.1`,
      ...headers.map(([name, value]) => `${name}: ${asText(value)}`),
      '',
      '',
    ].join('\n'),
    body_base64: Buffer.from(body).toString('base64'),
  });
  const keysOf = ({ keyId, publicKeyPem }: Vector) => [{ key_id: keyId, public_key_pem: publicKeyPem }];
  const refusedAt: Readonly<Record<string, string>> = { V4: 'signed headers', V5: 'signature', V6: 'signature' };
  const rows = [...madeVectors, ...publishedVectors].map((vector) => {
    return { vector, name: vector.name, check: refusedAt[vector.name.split(' ', 1)[0]!] };
  });

  test.each(rows)('$name: refused at $check', async ({ vector, check }) => {
    const verdict = await verify({ ...vectorText(vector), keys: keysOf(vector), at });
    expect(verdict.accepted).toBe(check === undefined);
    expect(verdict.checks.at(-1)).toMatchObject({
      check: check ?? 'body digest',
      verdict: check === undefined ? 'passed' : 'refused',
    });
    expect(verdict.signing_string).toBe(asText(vector.signingString));
    expect(verdict.key_id).toBe(vector.keyId);
    expect(verdict.signed_headers).toEqual(vector.names);
  });

  test.each(rows.filter(({ check }) => check === undefined))('$name: not with another byte', async ({ vector }) => {
    const { request } = vectorText(vector);
    const given = { ...vectorText(vector), request: request.replace(/^([A-Z]+ [^?\s]+)/, '$1x') };
    const verdict = await verify({ ...given, keys: keysOf(vector), at });
    expect(verdict).toMatchObject({
      accepted: false,
      refusal: { status: 401, code: 'NotAuthenticated', message: 'Failed to verify the HTTP(S) Signature' },
    });
  });

  test('that are signed with RSASSA-PSS are known as such', async () => {
    for (const vector of publishedVectors.filter(({ algorithm }) => algorithm === 'rsa-pss-sha256')) {
      const { diagnosis } = await verify({ ...vectorText(vector), keys: keysOf(vector), at });
      expect(diagnosis).toMatchObject({ proved: true, recovered: { padding: 'PSS' } });
    }
  });
});

interface Row {
  readonly why: string;
  readonly asking: OciAsking;
  readonly signer?: OciSigner;
  /** What arrives in place of what was signed. */
  readonly changed?: (asking: ReturnType<typeof signed>) => ReturnType<typeof signed>;
}

const header =
  (name: string, change: (value: string) => string | undefined): NonNullable<Row['changed']> =>
  (asking) => {
    const pairs = Array.from({ length: asking.headers!.length / 2 }, (_, index) => asking.headers!.slice(index * 2));
    const headers = pairs.flatMap(([written = '', value = '']) => {
      const now = written.toLowerCase() === name ? change(value) : value;
      return now === undefined ? [] : [written, now];
    });
    return { ...asking, headers };
  };
const authorization = (from: RegExp | string, to: string) => header('authorization', (text) => text.replace(from, to));
const late = clock.now() - 301 * second;

const table: readonly Row[] = [
  { why: 'GET', asking: { target: '/oci/a?b=%20' } },
  { why: 'DELETE', asking: { method: 'DELETE', target: '/oci/a/73%3A61' } },
  { why: 'PATCH, without a body', asking: { method: 'PATCH', target: '/oci/a', body: '' } },
  { why: 'POST', asking: post },
  { why: 'PUT', asking: { ...post, method: 'PUT' } },
  { why: 'PATCH in UTF-8', asking: { ...post, method: 'PATCH', body: '{"name":"é"}' } },
  {
    why: 'PUT of an object, without body headers',
    asking: { ...post, method: 'PUT', target: '/oci/n/a/b/c/o/d', names: ['x-date', '(request-target)', 'host'] },
  },
  { why: 'another host', asking: post, changed: (asking) => ({ ...asking, host: 'backend.internal:8080' }) },
  {
    why: 'another host, with what it was',
    asking: {
      ...post,
      headers: [['X-Forwarded-Host', 'public.example.com']],
      signedAs: { host: 'public.example.com' },
    },
  },
  { why: 'a prefix more', asking: { ...post, signedAs: { target: '/things?b=2&a=1' } } },
  { why: 'a prefix less', asking: { ...post, signedAs: { target: `/v1${post.target}` } } },
  {
    why: 'the query in another order',
    asking: post,
    changed: (asking) => ({ ...asking, target: '/oci/things?a=1&b=2' }),
  },
  {
    why: 'a parameter more',
    asking: post,
    changed: (asking) => ({ ...asking, target: '/oci/things?b=2&a=1&trace=9' }),
  },
  { why: 'no query', asking: post, changed: (asking) => ({ ...asking, target: '/oci/things' }) },
  { why: 'another method', asking: post, changed: (asking) => ({ ...asking, method: 'PUT' }) },
  { why: 'another body of the same length', asking: post, changed: (asking) => ({ ...asking, body: '{"n": 2}' }) },
  { why: 'the same JSON without its blank', asking: post, changed: (asking) => ({ ...asking, body: '{"n":1}' }) },
  { why: 'a charset', asking: post, changed: header('content-type', (value) => `${value}; charset=utf-8`) },
  { why: 'no x-content-sha256', asking: post, changed: header('x-content-sha256', () => undefined) },
  { why: 'no content-type', asking: post, changed: header('content-type', () => undefined) },
  {
    why: 'no x-date',
    asking: { ...post, headers: [['Date', new Date(clock.now()).toUTCString()]] },
    changed: header('x-date', () => undefined),
  },
  { why: 'neither date', asking: post, changed: header('x-date', () => undefined) },
  { why: 'a date that is none', asking: post, changed: header('x-date', () => 'yesterday') },
  {
    why: 'the list of headers in another order',
    asking: post,
    changed: authorization('x-date (request-target)', '(request-target) x-date'),
  },
  { why: 'the list of headers without host', asking: post, changed: authorization(' host', '') },
  { why: 'a header signed that is not there', asking: post, changed: authorization(' host', ' host x-none') },
  { why: 'too old', asking: { ...post, at: late } },
  { why: 'from the future', asking: { ...post, at: clock.now() + 303 * second } },
  { why: 'nearly too old', asking: { ...post, at: clock.now() - 299 * second } },
  { why: 'a key of somebody else', asking: post, signer: { ...bob, privateKey: ada.privateKey } },
  { why: 'a fingerprint of somebody else', asking: post, signer: { ...bob, fingerprint: ada.fingerprint } },
  { why: 'a tenancy of somebody else', asking: post, signer: { ...bob, tenancyId: ociTenancyIds.south } },
  { why: 'a user that there is not', asking: post, signer: { ...bob, userId: 'ocid1.user.oc1..nobody' } },
  { why: 'a session token', asking: { ...post, parameters: { keyId: 'ST$abc.def.ghi' } } },
  { why: 'a federation', asking: { ...post, parameters: { keyId: `${bob.tenancyId}/fed-x509-sha256/AB:CD` } } },
  { why: 'an empty user', asking: { ...post, parameters: { keyId: `${bob.tenancyId}//${bob.fingerprint}` } } },
  { why: 'no algorithm', asking: { ...post, parameters: { algorithm: null } } },
  { why: 'another algorithm', asking: { ...post, parameters: { algorithm: 'hmac-sha256' } } },
  { why: 'another version', asking: { ...post, parameters: { version: '2' } } },
  { why: 'no version', asking: { ...post, parameters: { version: null } } },
  { why: 'a signature cut off', asking: post, changed: authorization(/....",?$/, '"') },
  { why: 'a signature in another alphabet', asking: post, changed: authorization(/(?<=signature=".*)[+/]/g, '-') },
  { why: 'an empty signature', asking: { ...post, parameters: { signature: '' } } },
  { why: 'no Authorization', asking: { ...post, authorization: null } },
  { why: 'Basic', asking: { ...post, authorization: 'Basic YTpi' } },
  {
    why: 'two Authorization headers',
    asking: post,
    changed: (asking) => ({ ...asking, headers: [...asking.headers!, 'Authorization', 'Bearer x'] }),
  },
  { why: 'the scheme in small letters', asking: post, changed: authorization(/^Signature/, 'signature') },
  { why: 'an unfinished quote', asking: post, changed: authorization(/"$/, '') },
];

describe.each([
  ['as-sent', url],
  ['media-type', (await useSignet({ seed: useSeed(seed), now: clock.now, ociContentType: 'media-type' })).url],
] as const)('what it says is what the service says, content-type %s', (_setting, server) => {
  test.each(table)('$why', async ({ asking, signer = bob, changed = (same) => same }) => {
    const own = new URL(server).host;
    const sent = changed(signed(asking, signer, own, clock.now()));
    const answered = await ask(server, sent);
    const answer = await send(server, 'post', '/_signet/oci/verify', { body: askedText(sent, own) });
    const verdict = answer.body as Verdict;
    expect(verdict.accepted).toBe(answered.status === 200);
    const { code, message } = JSON.parse(answered.text) as { code?: string; message?: string };
    expect(verdict.refusal).toEqual(answered.status === 200 ? undefined : { status: answered.status, code, message });
    // What the journal says of the request that was sent is the same.
    const path = `/_signet/journal/${String(answered.headers['x-request-id'])}`;
    const entry = (await send(server, 'get', path)).body as components['schemas']['JournalEntry'];
    const known = new Set(verdict.checks.map(({ check }) => check));
    expect(verdict.checks.map(({ check, verdict: said }) => [check, said])).toEqual(
      entry.checks.flatMap(({ check, verdict: said }) => (known.has(check) ? [[check, said]] : [])),
    );
    const { body: explained } = await send(server, 'get', `${path}/explanation`);
    expect(explained).toMatchObject({ accepted: verdict.accepted, summary: expect.any(String) as string });
    const { oci } = explained as components['schemas']['Explanation'];
    if (verdict.key_id !== undefined) expect(oci?.diagnosis).toEqual(verdict.diagnosis);
    expect(verdict.accepted || verdict.why!.length > 20).toBe(true);
  });
});

describe('what it finds out', () => {
  const changedHost = { ...post, host: 'backend.internal' };
  const forPublic = { ...changedHost, signedAs: { host: 'public.example.com' } };

  test('a host that it was told of', async () => {
    const given = textOf(forPublic);
    expect(causesOf(await verify(given))).toEqual([]);
    const told = await verify({ ...given, hosts: ['other.example.com', 'public.example.com'] });
    expect(told).toMatchObject({
      accepted: false,
      diagnosis: {
        proved: true,
        difference: {
          ...{ line: 3, what: 'host', column: 7 },
          ...{ expected: 'host: backend.internal', received: 'host: public.example.com' },
        },
      },
    });
    expect(told.summary).toContain('"public.example.com"');
    expect(told.signing_string).toContain('\nhost: backend.internal\n');
  });

  test('a prefix that it was told of', async () => {
    const given = textOf({ ...post, signedAs: { target: `/ords/api${post.target}` } });
    expect(causesOf(await verify(given))).toEqual([]);
    expect(causesOf(await verify({ ...given, prefixes: ['/ords/api'] }))).toEqual(['prefix-removed']);
  });

  test('nothing where it may compare nothing', async () => {
    const given = textOf({ ...post, signedAs: { method: 'PUT' } });
    expect(causesOf(await verify(given))).toEqual(['method']);
    expect(await verify({ ...given, candidates: 0 })).toMatchObject({ diagnosis: { proved: false, causes: [] } });
  });

  test('both sides, where it has the request as it was sent', async () => {
    const sent = textOf(post);
    const received = askedText(
      {
        ...signed(post, bob, host, clock.now()),
        ...{ target: '/oci/other', host: 'backend.internal', method: 'PUT' },
      },
      host,
    );
    expect((await verify(received)).diagnosis).toMatchObject({ proved: false });
    const told = await verify({ ...received, sent: sent.request, sent_body_base64: sent.body_base64 });
    expect(told.diagnosis).toMatchObject({
      proved: true,
      components: expect.arrayContaining([
        { name: '(request-target)', received: 'put /oci/other', sent: `post ${post.target}` },
        { name: 'host', received: 'backend.internal', sent: host },
        { name: 'content-length', received: '8', sent: '8' },
      ]) as unknown[],
      difference: { line: 2, column: 20 },
    });
    expect(told.diagnosis!.signed).toContain(`(request-target): post ${post.target}\nhost: ${host}`);
  });

  test('a body that was written anew, though the signature is right', async () => {
    const { request } = textOf(post);
    const told = await verify({
      request: request.replace(/content-length: 8/i, 'Content-Length: 7'),
      body_base64: Buffer.from('{"n":1}').toString('base64'),
    });
    expect(told.checks.at(-1)).toMatchObject({ check: 'signature', verdict: 'refused' });
    const same = await verify({ request, body_base64: Buffer.from('{"n": 2}').toString('base64') });
    expect(same.checks.slice(-2)).toMatchObject([
      { check: 'signature', verdict: 'passed' },
      { check: 'body digest', verdict: 'refused' },
    ]);
    expect(same.diagnosis!.summary).toMatch(/^The signature is right, and the body is not the one that was signed/);
    const newline = await verify({ request, body_base64: Buffer.from('{"n":1}\n').toString('base64') });
    expect(newline.summary).toMatch(/The signature is right\. .*JSON/);
    expect(causesOf(newline)).toEqual(['body-json-rewritten']);
  });

  test('whose signature it is, where keyId names a key that there is not', async () => {
    const pair = makeOciPair();
    const stranger = { ...bob, fingerprint: pair.fingerprint };
    expect((await verify(textOf(post, stranger))).summary).toMatch(
      new RegExp(
        `^The user bob has no API key ${pair.fingerprint}.* The signature is right for the API key .*/${bob.fingerprint}:`,
      ),
    );
    const own = await verify(textOf(post, { ...stranger, ...pair }));
    expect(own.summary).toMatch(/^The user bob has no API key/);
    expect(own.summary).not.toContain('The signature is right');
  });

  test('keys that come with the question are taken before those of the store', async () => {
    const pair = makeOciPair();
    const stranger = { tenancyId: 'a', userId: 'b', ...pair };
    const id = `a/b/${pair.fingerprint}`;
    const keys = [{ key_id: id, public_key_pem: pair.publicKeyPem }];
    expect(await verify({ ...textOf(post, stranger), keys })).toMatchObject({ accepted: true, key_id: id });
    const bobs = { key_id: `${bob.tenancyId}/${bob.userId}/${bob.fingerprint}`, public_key_pem: pair.publicKeyPem };
    expect(await verify({ ...textOf(post), keys: [bobs] })).toMatchObject({
      accepted: false,
      diagnosis: { causes: [{ name: 'other-stored-key' }] },
    });
    expect(await verify(textOf(post, stranger))).toMatchObject({ accepted: false });
  });

  test('another instant than now, where it is told', async () => {
    const given = textOf({ ...post, at: signedAt });
    expect(await verify(given)).toMatchObject({ accepted: false, checks: [{}, {}, { check: 'signing time' }] });
    expect(await verify({ ...given, at })).toMatchObject({ accepted: true });
  });

  test('a curl command says the same as the request that it sends', async () => {
    const { headers = [] } = signed(post, bob, host, clock.now());
    const flags = Array.from(
      { length: headers.length / 2 },
      (_, index) => `-H '${headers[index * 2]!}: ${headers[index * 2 + 1]!}'`,
    );
    const request = `curl ${flags.join(' ')} --data '${post.body}' '${url}${post.target}'`;
    expect(await verify({ request })).toMatchObject({ accepted: true });
  });

  test('warnings, where nothing is refused for it', async () => {
    const names = ['x-date', '(request-target)', 'host'];
    const verdict = await verify(textOf({ ...post, method: 'PUT', target: '/oci/n/a/b/c/o/d', names }));
    expect(verdict).toMatchObject({ accepted: true });
    expect(verdict.warnings).toContain('content-type is there, and not signed.');
  });

  test('what a text leaves open', async () => {
    const { request } = textOf(post);
    expect((await verify({ request })).summary).toMatch(/The body has 0 bytes, 8 less than Content-Length says\.$/);
  });
});

describe('secrets', () => {
  const token = 'a-token-that-lets-in-whoever-reads-it';
  test.each([
    ['a session token', { parameters: { keyId: `ST$${token}` } }],
    [
      'a delegation token that is signed',
      { headers: [['opc-obo-token', token]], names: [...names(), 'opc-obo-token'] },
    ],
    ['a cookie that is signed', { headers: [['cookie', token]], names: [...names(), 'cookie'] }],
    ['another scheme', { authorization: `Bearer ${token}` }],
  ] as const)('%s is shown neither here nor in the explanation', async (_what, asking) => {
    for (const more of [{}, { signedAs: { method: 'PUT' } }, { at: late }]) {
      const sent = signed({ ...post, ...asking, ...more }, bob, host, clock.now());
      expect(JSON.stringify(await verify(askedText(sent, host)))).not.toContain(token);
      const { headers } = await ask(url, sent);
      const explained = await send(url, 'get', `/_signet/journal/${String(headers['x-request-id'])}/explanation`);
      expect(explained.status).toBe(200);
      expect(explained.text).not.toContain(token);
    }
  });

  test('the scheme is none', async () => {
    const { summary } = await verify(textOf({ ...post, authorization: 'Signature' }));
    expect(summary).toBe('The scheme is written "Signature" and has to be "Signature", followed by a blank.');
  });

  function names(): string[] {
    return ['x-date', '(request-target)', 'host', 'content-length', 'content-type', 'x-content-sha256'];
  }
});

describe('is refused', () => {
  const { request } = textOf(post);
  const short = generateKeyPairSync('rsa', { modulusLength: 512 }).publicKey.export({ type: 'spki', format: 'pem' });
  test.each([
    [{}, 'Signet.MissingParameter'],
    [{ request: '' }, 'Signet.InvalidParameter'],
    [{ request: 'hello' }, 'Signet.UnreadableRequest'],
    [{ request, sent: 'hello' }, 'Signet.UnreadableRequest'],
    [{ request, at: 'yesterday' }, 'Signet.InvalidParameter'],
    [{ request, candidates: 20_001 }, 'Signet.InvalidParameter'],
    [{ request, candidates: -1 }, 'Signet.InvalidParameter'],
    [{ request, hosts: ['a b'] }, 'Signet.InvalidParameter'],
    [{ request, hosts: Array<string>(51).fill('a') }, 'Signet.InvalidParameter'],
    [{ request, prefixes: ['v1'] }, 'Signet.InvalidParameter'],
    [{ request, keys: [{ key_id: 'a' }] }, 'Signet.MissingParameter'],
    [{ request, keys: [{ key_id: 'a', public_key_pem: 'b' }] }, 'Signet.UnusableOciKey'],
    [{ request, keys: [{ key_id: 'a', public_key_pem: String(short) }] }, 'Signet.UnusableOciKey'],
    [{ request, keys: Array<object>(21).fill({ key_id: 'a', public_key_pem: 'b' }) }, 'Signet.InvalidParameter'],
  ])('%j', async (body, code) => {
    const answer = await send(url, 'post', '/_signet/oci/verify', { body });
    expect(answer).toMatchObject({ status: 400, body: { error: { error_code: code } } });
  });
});

describe('whatever comes', () => {
  const { request, body_base64: body } = textOf(post);
  const lines = request.split('\r\n');
  const spoilt = fc
    .array(fc.tuple(fc.nat(lines.length - 1), oddText, fc.nat(200)), { minLength: 1, maxLength: 4 })
    .map((changes) => {
      const text = [...lines];
      for (const [line, odd, place] of changes) {
        const old = text[line] ?? '';
        text[line] = old.slice(0, place % (old.length + 1)) + odd + old.slice((place % (old.length + 1)) + odd.length);
      }
      return text.join('\r\n');
    });

  test('a text in which anything is exchanged is answered, and nothing else happens', async () => {
    await fc.assert(
      fc.asyncProperty(spoilt, spoilt, async (text, sent) => {
        const asked = { request: text, body_base64: body, ...(sent.length % 2 === 0 && { sent }), candidates: 50 };
        const answer = await send(url, 'post', '/_signet/oci/verify', { body: asked });
        expect([200, 400]).toContain(answer.status);
        const explained = await send(url, 'post', '/_signet/explain', { body: { request: text } });
        expect([200, 400]).toContain(explained.status);
      }),
      { numRuns: 150 },
    );
  });

  const fields = ['request', 'body_base64', 'sent', 'at', 'hosts', 'prefixes', 'candidates', 'keys', 'id', 'name'];
  const more = ['tenancy_id', 'user_id', 'public_key_pem', 'private_key_pem', 'passphrase', 'lifecycle_state'];
  const values = [request, 'curl http://a', ociTenancyIds.north, bob.userId, 'INACTIVE', ['a'], '2014-01-05T21:31:40Z'];
  const wild = wildBodyOf(wildFields([...fields, ...more], values));
  const key = `users/${bob.userId}/keys`;

  test('no body makes it fail', async () => {
    await fc.assert(
      fc.asyncProperty(wild, fc.constantFrom('verify', 'tenancies', 'users', key), async (asked, path) => {
        const answer = await send(url, 'post', `/_signet/oci/${path}`, { body: asked });
        expect(answer.status, answer.text).toBeLessThan(500);
      }),
      { numRuns: 200 },
    );
  });
});
