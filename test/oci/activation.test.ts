import { beforeEach, describe, expect, test } from 'vitest';
import { makeClock, second } from '../support/clock.ts';
import { send } from '../support/http.ts';
import { expectOciRefusal } from '../support/oci-refusals.ts';
import { makeOciPair, ociServer } from '../support/oci-signer.ts';
import { makeOciPeople } from '../support/oci-tenancies.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { clockClient } from '../support/workbench-clock.ts';

const clock = makeClock();
const { signers, seed } = makeOciPeople();
const { url } = await useSignet({ seed: useSeed(seed), now: clock.now, ociActivationDelay: 90 });
const oci = ociServer(url, () => moved());
const { bob } = signers;
const pair = makeOciPair();
const withNew = { ...bob, ...pair };
let moved = clock.now;

beforeEach(async () => {
  moved = clock.now;
  await send(url, 'post', '/_signet/reset');
});

const states = async (): Promise<unknown[]> =>
  ((await oci.list(bob)).json as Record<string, unknown>[]).map((key) => key['lifecycleState']);
const complaintsOf = async (requestId: unknown): Promise<string> =>
  JSON.stringify((await send(url, 'get', `/_signet/journal/${String(requestId)}`)).body);

describe('with an activation delay', () => {
  test('a key is CREATING to the last millisecond, and cannot be used', async () => {
    const answer = await oci.upload(bob, pair.publicKeyPem);
    expect(answer.json).toMatchObject({ lifecycleState: 'CREATING', inactiveStatus: null });
    clock.advance(90 * second - 1);
    expect(await states()).toEqual(['ACTIVE', 'CREATING']);
    const refused = await oci.list(withNew);
    expectOciRefusal(refused, 401, 'NotAuthenticated');
    expect(await complaintsOf(refused.headers['x-request-id'])).toMatch(/is CREATING until \d{4}-\d\d-\d\dT[\d:.]+Z/);
  });

  test('it is ACTIVE from then on', async () => {
    await oci.upload(bob, pair.publicKeyPem);
    clock.advance(90 * second);
    expect(await states()).toEqual(['ACTIVE', 'ACTIVE']);
    expect((await oci.list(withNew)).status).toBe(200);
  });

  test('the clock of Signet counts', async () => {
    await oci.upload(bob, pair.publicKeyPem);
    await clockClient(url).advance({ seconds: 90 });
    moved = () => clock.now() + 90 * second;
    expect(await states()).toEqual(['ACTIVE', 'ACTIVE']);
    expect((await oci.list(withNew)).status).toBe(200);
    await clockClient(url).reset();
    moved = clock.now;
    expect(await states()).toEqual(['ACTIVE', 'CREATING']);
  });

  test('a clock that is set back behind its creation undoes nothing: keys of today open what was signed long ago', async () => {
    await oci.upload(bob, pair.publicKeyPem);
    await clockClient(url).set({ now: '2014-01-05T21:31:40Z', frozen: true });
    moved = () => Date.parse('2014-01-05T21:31:40Z');
    expect(await states()).toEqual(['ACTIVE', 'ACTIVE']);
    expect((await oci.list(withNew)).status).toBe(200);
  });

  test('a key that was never ACTIVE can be deleted', async () => {
    await oci.upload(bob, pair.publicKeyPem);
    expect((await oci.remove(bob, pair.fingerprint)).status).toBe(204);
  });
});

test('an inactive key cannot be used, and says so in the list', async () => {
  const key = { public_key_pem: pair.publicKeyPem, inactive_status: 3 };
  const [adas, bobs] = [signers.ada, bob].map(({ userId: id }) => id);
  const user = { id: bobs, name: 'bob', api_keys: [key] };
  const own = makeOciPair();
  const admin = { id: adas, name: 'ada', administrator: true, api_keys: [{ public_key_pem: own.publicKeyPem }] };
  const tenancies = [{ id: bob.tenancyId, name: 'north', users: [user, admin] }];
  const inactive = JSON.stringify({ version: 1, region: 'eu-de', domains: [{ name: 'D' }], oci: { tenancies } });
  const other = await useSignet({ seed: useSeed(inactive), now: clock.now });
  const client = ociServer(other.url, clock.now);
  const listed = await client.list({ ...signers.ada, ...own }, bobs);
  expect(listed.json).toMatchObject([{ lifecycleState: 'INACTIVE', inactiveStatus: 3 }]);
  const refused = await client.list(withNew);
  expectOciRefusal(refused, 401, 'NotAuthenticated');
  const entry = await send(other.url, 'get', `/_signet/journal/${refused.headers['x-request-id'] as string}`);
  expect(entry.body).toMatchObject({ complaints: [expect.stringMatching(/is INACTIVE: /)] });
});
