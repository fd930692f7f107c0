import { beforeEach, describe, expect, test } from 'vitest';
import { day, makeClock, second } from '../support/clock.ts';
import { send } from '../support/http.ts';
import { expectOciRefusal } from '../support/oci-refusals.ts';
import { makeOciPair, ociServer, type OciSigner } from '../support/oci-signer.ts';
import { makeOciPeople } from '../support/oci-tenancies.ts';
import { useSeed, useSignet } from '../support/signet.ts';

const clock = makeClock();
const { signers, seed } = makeOciPeople();
const { url } = await useSignet({ seed: useSeed(seed), now: clock.now, ociActivationDelay: 60 });
const oci = ociServer(url, clock.now);
const { ada, bob, cyd } = signers;
const [pair, other, third] = [makeOciPair(), makeOciPair(), makeOciPair()];

beforeEach(async () => {
  await send(url, 'post', '/_signet/reset');
});

const upload = (pem: string, token: string, signer: OciSigner = bob, userId = signer.userId) =>
  oci.upload(signer, pem, { userId, headers: [['opc-retry-token', token]] });
const count = async (): Promise<number> => ((await oci.list(bob)).json as unknown[]).length;

describe('an upload that comes again with its token', () => {
  test('has the first answer, and makes nothing', async () => {
    const first = await upload(pair.publicKeyPem, 'once');
    clock.advance(30 * second);
    const again = await upload(pair.publicKeyPem, 'once');
    expect([again.status, again.json, again.headers.etag]).toEqual([200, first.json, first.headers.etag]);
    expect(again.headers['opc-request-id']).not.toBe(first.headers['opc-request-id']);
    expect(await count()).toBe(2);
  });

  test('has the key as it is meanwhile', async () => {
    const first = await upload(pair.publicKeyPem, 'once');
    clock.advance(60 * second);
    const again = await upload(pair.publicKeyPem, 'once');
    expect(first.json).toMatchObject({ lifecycleState: 'CREATING' });
    expect(again.json).toStrictEqual({ ...(first.json as object), lifecycleState: 'ACTIVE' });
  });

  test('has it where the user can have no more keys', async () => {
    await oci.upload(bob, other.publicKeyPem);
    await upload(pair.publicKeyPem, 'once');
    expect((await upload(pair.publicKeyPem, 'once')).status).toBe(200);
    expectOciRefusal(await upload(third.publicKeyPem, 'another'), 400, 'LimitExceeded');
  });

  test('has it whoever sends it: the token is the user’s', async () => {
    const first = await upload(pair.publicKeyPem, 'once');
    const again = await upload(pair.publicKeyPem, 'once', ada, bob.userId);
    expect(again.json).toStrictEqual(first.json);
  });

  test.each([
    ['another key', 'once', 409, 'InvalidatedRetryToken', other.publicKeyPem],
    ['the same key written in another way', 'once', 409, 'InvalidatedRetryToken', pair.publicKeyPem.trim()],
    ['another token', 'Once', 409, 'Conflict', pair.publicKeyPem],
  ])('and %s is refused', async (_why, token, status, code, pem) => {
    await upload(pair.publicKeyPem, 'once');
    expectOciRefusal(await upload(pem, token), status, code);
    expect(await count()).toBe(2);
  });

  test.each([
    ['was deleted', () => Promise.resolve()],
    ['was deleted and uploaded anew', () => oci.upload(bob, pair.publicKeyPem)],
  ])('after its key %s is refused', async (_why, meanwhile) => {
    await upload(pair.publicKeyPem, 'once');
    await oci.remove(bob, pair.fingerprint);
    await meanwhile();
    expectOciRefusal(await upload(pair.publicKeyPem, 'once'), 409, 'InvalidatedRetryToken');
  });

  test('is a new one after a day', async () => {
    await upload(pair.publicKeyPem, 'once');
    clock.advance(day - 1);
    expectOciRefusal(await upload(other.publicKeyPem, 'once'), 409, 'InvalidatedRetryToken');
    clock.advance(1);
    expect((await upload(other.publicKeyPem, 'once')).status).toBe(200);
    expectOciRefusal(await upload(pair.publicKeyPem, 'once'), 409, 'InvalidatedRetryToken');
  });

  test('of another user is another', async () => {
    await upload(pair.publicKeyPem, 'once');
    const theirs = await upload(pair.publicKeyPem, 'once', cyd);
    expect(theirs.json).toMatchObject({ userId: cyd.userId });
  });
});

test('an upload that was refused leaves its token free', async () => {
  expectOciRefusal(await upload('no key', 'once'), 400, 'InvalidParameter', /PEM/);
  expectOciRefusal(await upload(bob.fingerprint, 'once'), 400, 'InvalidParameter', /PEM/);
  expect((await upload(pair.publicKeyPem, 'once')).status).toBe(200);
});

test.each([
  ['1 character', 'x', 200],
  ['64 characters', 'x'.repeat(64), 200],
  ['65 characters', 'x'.repeat(65), 400],
  ['none', '', 400],
  ['what UUIDs are made of', 'dfa45ab0-e5ce-11f1-aa84-dbc2308c910f', 200],
  ['bytes beyond ASCII', '\u00e9\u00ff', 200],
])('a token of %s', async (_length, token, status) => {
  const answer = await upload(pair.publicKeyPem, token);
  if (status === 400) expectOciRefusal(answer, 400, 'InvalidParameter', /opc-retry-token/);
  else expect(answer.status).toBe(200);
});
