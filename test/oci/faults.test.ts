import { beforeEach, describe, expect, test } from 'vitest';
import { makeClock } from '../support/clock.ts';
import { faultClient } from '../support/faults.ts';
import { expectOciRefusal } from '../support/oci-refusals.ts';
import { makeOciPair, ociServer } from '../support/oci-signer.ts';
import { makeOciPeople } from '../support/oci-tenancies.ts';
import { useSeed, useSignet } from '../support/signet.ts';

const clock = makeClock();
const { signers, seed } = makeOciPeople();
const { url } = await useSignet({ seed: useSeed(seed), now: clock.now });
const oci = ociServer(url, clock.now);
const faults = faultClient(url);
const { bob } = signers;
const pair = makeOciPair();

beforeEach(() => faults.clear());

describe('a fault rule can have OCI refuse', () => {
  test.each([
    ['throttled', 429, 'TooManyRequests', /^User-rate limit exceeded\.$/],
    ['TooManyRequests', 429, 'TooManyRequests', undefined],
    ['internal', 500, 'InternalServerError', undefined],
    ['serviceUnavailable', 503, 'ServiceUnavailable', undefined],
    ['incorrectState', 409, 'IncorrectState', undefined],
    ['notAuthorizedOrNotFound', 404, 'NotAuthorizedOrNotFound', undefined],
    ['tokenInvalid', 401, 'NotAuthenticated', undefined],
  ])('with %s', async (error, status, code, message) => {
    await faults.add({ operation: 'oci.listApiKeys', error });
    expectOciRefusal(await oci.list(bob), status, code, message);
  });

  test('once, so that the second try succeeds', async () => {
    await faults.add({ operation: 'oci.*', error: 'throttled', times: 1 });
    expectOciRefusal(await oci.upload(bob, pair.publicKeyPem), 429, 'TooManyRequests');
    expect((await oci.upload(bob, pair.publicKeyPem)).status).toBe(200);
    await oci.remove(bob, pair.fingerprint);
  });

  test('in its own words where a rule is for every service', async () => {
    await faults.add({ operation: '*', error: 'throttled' });
    expectOciRefusal(await oci.list(bob), 429, 'TooManyRequests');
  });

  test('after the upload has happened, so that the retry token has to help', async () => {
    const headers = [['opc-retry-token', 'once']] as const;
    await faults.add({ operation: 'oci.uploadApiKey', error: 'serviceUnavailable', phase: 'after', times: 1 });
    expectOciRefusal(await oci.upload(bob, pair.publicKeyPem, { headers }), 503, 'ServiceUnavailable');
    expect((await oci.upload(bob, pair.publicKeyPem, { headers })).json).toMatchObject({
      fingerprint: pair.fingerprint,
    });
    expect((await oci.remove(bob, pair.fingerprint)).status).toBe(204);
  });

  test('but only those who have signed', async () => {
    await faults.add({ operation: 'oci.*', error: 'throttled' });
    const asking = { target: `/20160918/users/${bob.userId}/apiKeys`, authorization: null };
    expectOciRefusal(await oci.send(bob, asking), 401, 'NotAuthenticated');
  });
});

test.each(['APIGW.0308', 'badGateway', 'uriTooLong', 'KMS.0306'])(
  'there is no rule that has OCI refuse as another cloud does: %s',
  async (error) => {
    const answer = await faults.post({ operation: 'oci.*', error });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(`oci has no refusal ${error}`)]);
  },
);
