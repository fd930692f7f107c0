import { hash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { openssl } from '../crypto/outside/openssl.ts';
import { day, makeClock, second } from '../support/clock.ts';
import { send } from '../support/http.ts';
import { expectOciHeaders, expectOciRefusal } from '../support/oci-refusals.ts';
import { keysPath, makeOciPair, ociServer, type OciAnswer } from '../support/oci-signer.ts';
import { makeOciPeople, ociTenancyIds } from '../support/oci-tenancies.ts';
import { useSeed, useSignet } from '../support/signet.ts';

const clock = makeClock();
const { signers, seed } = makeOciPeople();
const { url } = await useSignet({ seed: useSeed(seed), now: clock.now });
const oci = ociServer(url, clock.now);
const { bob } = signers;
const [pair, longer, third] = [makeOciPair(), makeOciPair(3072), makeOciPair()];

beforeEach(async () => {
  await send(url, 'post', '/_signet/reset');
  clock.advance(second);
});

const bodyOf = (answer: OciAnswer): Record<string, unknown> => {
  expect(answer.status, answer.text).toBe(200);
  return answer.json as Record<string, unknown>;
};
const fingerprints = async (signer = bob): Promise<unknown[]> =>
  ((await oci.list(signer)).json as Record<string, unknown>[]).map((key) => key['fingerprint']);

test('an uploaded key is told with all its fields, and an etag', async () => {
  const answer = await oci.upload(bob, pair.publicKeyPem);
  expect(bodyOf(answer)).toStrictEqual({
    keyId: `${ociTenancyIds.north}/${bob.userId}/${pair.fingerprint}`,
    keyValue: pair.publicKeyPem,
    fingerprint: pair.fingerprint,
    userId: bob.userId,
    timeCreated: new Date(clock.now()).toISOString(),
    lifecycleState: 'ACTIVE',
    inactiveStatus: null,
  });
  expect(answer.headers.etag).toMatch(/^[0-9a-f]{32}$/);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  expectOciHeaders(answer);
});

test('its fingerprint is the one that the documented openssl command prints', async () => {
  const { fingerprint } = bodyOf(await oci.upload(bob, pair.publicKeyPem));
  const key = pair.privateKey.export({ type: 'pkcs8', format: 'pem' });
  const der = openssl(['rsa', '-pubout', '-outform', 'DER', '-in', 'key', '-out', 'out'], { key });
  const printed = openssl(['md5', '-c', '-out', 'out', 'der'], { der }).toString();
  expect(printed.trim().endsWith(String(fingerprint))).toBe(true);
});

test('the list is bare, and in the order of the uploads', async () => {
  const before = await oci.list(bob);
  expect(before.json).toMatchObject([{ fingerprint: bob.fingerprint, timeCreated: '2026-01-01T00:00:00.000Z' }]);
  const uploaded = [];
  for (const { publicKeyPem } of [pair, longer]) {
    clock.advance(1);
    uploaded.push(bodyOf(await oci.upload(bob, publicKeyPem)));
  }
  const after = await oci.list(bob);
  expect(after.json).toStrictEqual([...(before.json as unknown[]), ...uploaded]);
  expect(after.headers).not.toHaveProperty('etag');
  expect(after.headers).not.toHaveProperty('opc-next-page');
  expectOciHeaders(after);
});

test('an uploaded key signs requests, and a deleted one no more', async () => {
  await oci.upload(bob, pair.publicKeyPem);
  const withNew = { ...bob, ...pair };
  expect(await fingerprints(withNew)).toEqual([bob.fingerprint, pair.fingerprint]);
  const gone = await oci.remove(bob, pair.fingerprint);
  expect([gone.status, gone.text, gone.headers['content-type']]).toEqual([204, '', undefined]);
  expectOciHeaders(gone);
  expectOciRefusal(await oci.list(withNew), 401, 'NotAuthenticated');
  expect(await fingerprints()).toEqual([bob.fingerprint]);
});

test('a key may delete itself, and its user then has none', async () => {
  expect((await oci.remove(bob, bob.fingerprint)).status).toBe(204);
  expectOciRefusal(await oci.list(bob), 401, 'NotAuthenticated');
  expect((await oci.list(signers.ada, bob.userId)).json).toEqual([]);
});

test('the same key belongs to as many users as upload it', async () => {
  await oci.upload(bob, pair.publicKeyPem);
  await oci.upload(signers.cyd, pair.publicKeyPem);
  await oci.remove(bob, pair.fingerprint);
  expect(await fingerprints({ ...signers.cyd, ...pair })).toEqual([signers.cyd.fingerprint, pair.fingerprint]);
});

describe('three keys are as many as a user can have', () => {
  test('a fourth is refused, and one that is there already for being there', async () => {
    for (const { publicKeyPem } of [pair, longer]) await oci.upload(bob, publicKeyPem);
    expectOciRefusal(await oci.upload(bob, third.publicKeyPem), 400, 'LimitExceeded', /3/);
    expectOciRefusal(await oci.upload(bob, pair.publicKeyPem), 409, 'Conflict');
    expect(await fingerprints()).toHaveLength(3);
  });

  test('the place of a deleted one is free', async () => {
    for (const { publicKeyPem } of [pair, longer]) await oci.upload(bob, publicKeyPem);
    await oci.remove(bob, pair.fingerprint);
    bodyOf(await oci.upload(bob, third.publicKeyPem));
  });

  test('a key that was deleted can come again, with another etag', async () => {
    const first = await oci.upload(bob, pair.publicKeyPem);
    await oci.remove(bob, pair.fingerprint);
    const again = await oci.upload(bob, pair.publicKeyPem);
    expect(bodyOf(again)).toStrictEqual(first.json);
    expect(again.headers.etag).not.toBe(first.headers.etag);
  });
});

describe('PEM as it is uploaded', () => {
  const pkcs1 = pair.privateKey.export({ type: 'pkcs1', format: 'pem' });
  const bare = openssl(['rsa', '-RSAPublicKey_out', '-in', 'key', '-out', 'out'], { key: pkcs1 }).toString();
  const crlf = pair.publicKeyPem.replaceAll('\n', '\r\n');
  test.each([
    ['without the last line end', pair.publicKeyPem.trim(), pair.publicKeyPem.trim()],
    ['with CRLF', crlf, crlf],
    ['with blank lines around it', `\n\n${pair.publicKeyPem}\n\n`, `\n\n${pair.publicKeyPem}\n\n`],
    ['PKCS#1, which becomes SubjectPublicKeyInfo', bare, pair.publicKeyPem],
  ])('%s', async (_form, sent, kept) => {
    const { fingerprint, keyValue } = bodyOf(await oci.upload(bob, sent));
    expect([fingerprint, keyValue]).toEqual([pair.fingerprint, kept]);
    expect(await fingerprints({ ...bob, ...pair })).toContain(pair.fingerprint);
  });
});

describe('what clients write in other ways', () => {
  const upload = (target: string, body: unknown, headers: readonly (readonly [string, string])[] = []) =>
    oci.send(bob, { method: 'POST', target, body: JSON.stringify(body), headers });

  test.each([
    ['a slash at the end', `${keysPath(bob.userId)}/`],
    ['a slash too many at the beginning', `/${keysPath(bob.userId)}`],
    ['three of them', `//${keysPath(bob.userId)}`],
    ['a query', `${keysPath(bob.userId)}?page=1&limit=%31`],
    ['an encoded user', `/20160918/users/${bob.userId.replaceAll('.', '%2E')}/apiKeys`],
  ])('%s', async (_why, target) => {
    bodyOf(await upload(target, { key: pair.publicKeyPem }));
    expect((await oci.send(bob, { target })).json).toHaveLength(2);
  });

  test('fields, headers and parameters that nobody knows', async () => {
    const more = { description: 'x', freeformTags: { a: 1 }, keyId: null };
    const headers = [
      ['opc-client-info', 'Oracle-PythonSDK/2'],
      ['opc-obo-token', 'x'],
      ['X-Auth-Token', 'nobody'],
      ['accept', 'text/html'],
    ] as const;
    bodyOf(await upload(keysPath(bob.userId), { key: pair.publicKeyPem, ...more }, headers));
  });

  test('a fingerprint that is not encoded, and one with a slash behind it', async () => {
    for (const [suffix, { publicKeyPem, fingerprint }] of [['', pair] as const, ['/', longer] as const]) {
      await oci.upload(bob, publicKeyPem);
      const target = `${keysPath(bob.userId)}/${fingerprint}${suffix}`;
      expect((await oci.send(bob, { method: 'DELETE', target })).status).toBe(204);
    }
  });

  test('HEAD is answered as GET is, without the body', async () => {
    const answer = await oci.send(bob, { method: 'HEAD', target: keysPath(bob.userId) });
    expect([answer.status, answer.text]).toEqual([200, '']);
    expectOciHeaders(answer);
  });
});

describe('if-match', () => {
  test.each([
    ['the etag', (etag: string) => etag],
    ['the etag in quotes', (etag: string) => `"${etag}"`],
    ['an asterisk', () => '*'],
  ])('%s deletes the key', async (_form, ifMatch) => {
    const { headers } = await oci.upload(bob, pair.publicKeyPem);
    const answer = await oci.remove(bob, pair.fingerprint, { ifMatch: ifMatch(headers.etag!) });
    expect(answer.status).toBe(204);
  });

  test.each(['another', `"${hash('md5', '')}"`, '""', 'W/*', ','])('%s does not', async (ifMatch) => {
    await oci.upload(bob, pair.publicKeyPem);
    expectOciRefusal(await oci.remove(bob, pair.fingerprint, { ifMatch }), 412, 'NoEtagMatch');
    expect(await fingerprints()).toHaveLength(2);
  });

  test('of a key that is not there counts for nothing', async () => {
    const answer = await oci.remove(bob, pair.fingerprint, { ifMatch: 'another' });
    expectOciRefusal(answer, 404, 'NotAuthorizedOrNotFound');
  });
});

test('a reset brings back what was there at the beginning', async () => {
  await oci.upload(bob, pair.publicKeyPem, { headers: [['opc-retry-token', 'once']] });
  await oci.remove(bob, bob.fingerprint);
  clock.advance(day);
  await send(url, 'post', '/_signet/reset');
  expect(await fingerprints()).toEqual([bob.fingerprint]);
  bodyOf(await oci.upload(bob, longer.publicKeyPem, { headers: [['opc-retry-token', 'once']] }));
});
