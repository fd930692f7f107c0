import { createPrivateKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { asBytes } from '../../src/crypto/text-bytes.ts';
import { makeClock, second } from '../support/clock.ts';
import { ask } from '../support/gateway-client.ts';
import { send } from '../support/http.ts';
import { ociIdentity } from '../support/oci-identity.ts';
import { expectOciHeaders, expectOciRefusal } from '../support/oci-refusals.ts';
import { ociServer, signed, type OciAsking } from '../support/oci-signer.ts';
import { makeOciPeople, ociTenancyIds } from '../support/oci-tenancies.ts';
import { useSeed, useSignet } from '../support/signet.ts';

const clock = makeClock();
const { signers, seed: yaml } = makeOciPeople();
const seed = useSeed(yaml);
const { bob } = signers;
const { url } = await useSignet({ seed, now: clock.now });
const { host } = new URL(url);
const oci = ociServer(url, clock.now);

const echoed = async (asking: OciAsking): Promise<Record<string, unknown>> => {
  const answer = await oci.send(bob, asking);
  expect(answer.status, answer.text).toBe(200);
  return answer.json as Record<string, unknown>;
};

test('everything that was sent comes back, with who signed it', async () => {
  const date = new Date(clock.now()).toUTCString();
  const body = '{"name":"é"}';
  const answer = await oci.send(bob, {
    ...{ method: 'POST', target: '/oci/20231130/actions/chat?b=2&a=%2F&a=', body },
    headers: [
      ['Opc-Request-Id', 'MINE'],
      ['X-Twice', 'one'],
      ['x-twice', 'two'],
    ],
  });
  expect(answer.json).toStrictEqual({
    ...{ method: 'POST', target: '/oci/20231130/actions/chat?b=2&a=%2F&a=' },
    ...{ path: '/oci/20231130/actions/chat', query: 'b=2&a=%2F&a=' },
    headers: [
      ['Host', host],
      ['Connection', 'close'],
      ['x-date', date],
      ['Content-Type', 'application/json'],
      ['x-content-sha256', expect.stringMatching(/^.{43}=$/)],
      ['Opc-Request-Id', 'MINE'],
      ['X-Twice', 'one'],
      ['x-twice', 'two'],
      [
        'Authorization',
        `Signature version="1",keyId="${bob.tenancyId}/${bob.userId}/${bob.fingerprint}",algorithm="rsa-sha256",headers="x-date (request-target) host content-length content-type x-content-sha256",signature="***"`,
      ],
      ['Content-Length', '13'],
    ],
    ...{ body, body_length: 13 },
    caller: {
      tenancy: { id: ociTenancyIds.north, name: 'north' },
      user: { id: bob.userId, name: 'bob' },
      fingerprint: bob.fingerprint,
    },
    signed_headers: ['x-date', '(request-target)', 'host', 'content-length', 'content-type', 'x-content-sha256'],
    warnings: [],
  });
  expectOciHeaders(answer);
  expect(answer.headers['opc-request-id']).toMatch(/^MINE\//);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
});

test('a header in UTF-8 comes back as that', async () => {
  const headers = [['X-Name', asBytes('zwölf')]] as const;
  const answer = await echoed({ target: '/oci/x', headers, names: ['x-date', '(request-target)', 'host', 'x-name'] });
  expect(answer['headers']).toContainEqual(['X-Name', 'zwölf']);
});

test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])(
  '%s is answered',
  async (method) => {
    const answer = await oci.send(bob, { method, target: '/oci' });
    expect(answer.status, answer.text).toBe(200);
    if (method === 'HEAD') expect(answer.text).toBe('');
    else expect(answer.json).toMatchObject({ method, target: '/oci', path: '/oci', query: '', body: '' });
  },
);

const bodies: readonly (readonly [string, Uint8Array, object])[] = [
  ['text', Buffer.from('{"a":1}'), { body: '{"a":1}', body_length: 7 }],
  ['text with a byte order mark', Buffer.from('\ufeffa'), { body: '\ufeffa', body_length: 4 }],
  ['nothing', Buffer.from(''), { body: '', body_length: 0 }],
  ['bytes', Buffer.from([0xff, 0, 0x80]), { body_base64: '/wCA', body_length: 3 }],
  ['a whole MiB', Buffer.alloc(1024 * 1024, 'a'), { body: 'a'.repeat(1024 * 1024), body_length: 1024 * 1024 }],
];
test.each(bodies)('a body comes back that is %s', async (_what, body, expected) => {
  expect(await echoed({ method: 'PUT', target: '/oci/x', body })).toMatchObject(expected);
});

test('of a longer body only the length comes back', async () => {
  const body = Buffer.alloc(1024 * 1024 + 1, 'a');
  const answer = await echoed({ method: 'PUT', target: '/oci/x', body });
  expect(answer).toMatchObject({ body_length: body.length });
  expect(answer).not.toHaveProperty('body');
  expect(answer).not.toHaveProperty('body_base64');
});

test('what is not as it should be is said', async () => {
  const target = '/oci/n/namespace/b/bucket/o/object';
  const answer = await echoed({ method: 'PUT', target, body: 'x', names: ['x-date', '(request-target)', 'host'] });
  expect(answer['warnings']).toEqual(
    expect.arrayContaining([expect.stringMatching(/x-content-sha256/), expect.stringMatching(/content-type/)]),
  );
});

describe('it is not answered', () => {
  const rows: readonly (readonly [string, Partial<OciAsking>, RegExp | undefined])[] = [
    ['without a signature', { authorization: null }, undefined],
    ['with a signature for another path', { signedAs: { target: '/20231130/actions/chat' } }, /^Failed to verify/],
    ['with a signature for another host', { signedAs: { host: 'api.test' } }, /^Failed to verify/],
    ['with an old signature', { at: clock.now() - 400 * second }, /not within allowed clock skew/],
  ];
  test.each(rows)('%s', async (_why, asking, text) => {
    const answer = await oci.send(bob, { target: '/oci/20231130/actions/chat', ...asking });
    expectOciRefusal(answer, 401, 'NotAuthenticated', text);
  });

  test('and the journal says why, and who asked', async () => {
    const entryOf = async (asking: OciAsking): Promise<unknown> => {
      const { headers } = await oci.send(bob, asking);
      return (await send(url, 'get', `/_signet/journal/${String(headers['x-request-id'])}`)).body;
    };
    expect(await entryOf({ target: '/oci/x' })).toMatchObject({
      ...{ outcome: 'answered', caller: { user: 'bob', fingerprint: bob.fingerprint } },
    });
    const refused = await entryOf({ target: '/oci/x', signedAs: { target: '/x' } });
    expect(refused).toMatchObject({ outcome: 'refused', refusal: { code: 'NotAuthenticated' } });
    expect(JSON.stringify(refused)).toContain('/oci');
  });
});

test('the key of the default seed opens it', async () => {
  const { url: own } = await useSignet({ seed: new URL('../../seeds/default.yaml', import.meta.url).pathname });
  const signer = { ...ociIdentity, privateKey: createPrivateKey(ociIdentity.privateKeyPem) };
  const answer = await ociServer(own, Date.now).send(signer, { target: '/oci/x' });
  expect(answer.json).toMatchObject({ caller: { user: { id: ociIdentity.userId }, fingerprint: signer.fingerprint } });
});

describe('the prefix', () => {
  const takenBy = async (own: string, target: string): Promise<number> =>
    (await ociServer(own, clock.now).send(bob, { target })).status;

  test.each(['/ocix', '/OCI/x', '/o', '/x/oci'])('does not take %s', async (target) => {
    expect((await ask(url, signed({ target }, bob, host, clock.now()))).text).toContain('APIGW.0101');
  });

  test('may be another one', async () => {
    const { url: own } = await useSignet({ seed, now: clock.now, ociEcho: '/a/b' });
    expect([await takenBy(own, '/a/b/c'), await takenBy(own, '/a/c'), await takenBy(own, '/oci')]).toEqual([
      200, 404, 404,
    ]);
  });

  test('may be everything that is nobody else’s', async () => {
    const { url: own } = await useSignet({ seed, now: clock.now, ociEcho: '/' });
    for (const target of ['/', '/x', '/oci/x', '/20160919/x', '/20160918x'])
      expect(await takenBy(own, target), target).toBe(200);
    const server = ociServer(own, clock.now);
    expect((await server.list(bob)).json).toMatchObject([{ fingerprint: bob.fingerprint }]);
    expectOciRefusal(await server.send(bob, { target: '/20160918/x' }), 404, 'NotFound');
    expect((await ask(own, { target: '/_oci/x' })).text).toContain('"code":404');
    expect((await ask(own, { target: '/_signet/health' })).status).toBe(200);
    expect((await ask(own, { target: '/_signet/nothing' })).text).toContain('APIGW.0101');
    expect((await ask(own, { target: '/console/' })).text).toContain('<!doctype html>');
    expect((await ask(own, { target: '/v1.0/x/kms/sign', method: 'POST', body: '{}' })).status).not.toBe(200);
  });
});
