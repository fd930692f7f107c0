import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeClock } from '../support/clock.ts';
import { expectOciRefusal } from '../support/oci-refusals.ts';
import {
  keysPath,
  makeOciPair,
  ociServer,
  type OciAnswer,
  type OciAsking,
  type OciSigner,
} from '../support/oci-signer.ts';
import { makeOciPeople, ociUserIds, type OciPerson } from '../support/oci-tenancies.ts';
import { useSeed, useSignet } from '../support/signet.ts';

const clock = makeClock();
const { signers, seed } = makeOciPeople();
const { url } = await useSignet({ seed: useSeed(seed), now: clock.now });
const oci = ociServer(url, clock.now);
const pair = makeOciPair();

type Try = (by: OciSigner, of: string, fingerprint: string) => Promise<OciAnswer>;
const operations: Readonly<Record<string, Try>> = {
  upload: (by, of) => oci.upload(by, pair.publicKeyPem, { userId: of }),
  list: (by, of) => oci.list(by, of),
  delete: (by, of, fingerprint) => oci.remove(by, fingerprint, { userId: of }),
};

/** Who may do it for whom. */
const allowed: readonly (readonly [OciPerson, OciPerson])[] = [
  ['bob', 'bob'],
  ['ada', 'ada'],
  ['ada', 'bob'],
  ['eve', 'fay'],
];
const forbidden: readonly (readonly [OciPerson, OciPerson])[] = [
  ['bob', 'ada'],
  ['bob', 'cyd'],
  ['bob', 'fay'],
  ['ada', 'eve'],
  ['ada', 'fay'],
  ['eve', 'bob'],
];

describe('a user for himself, and an administrator for everybody in the tenancy', () => {
  test.each(allowed)('%s for %s', async (by, of) => {
    const uploaded = await oci.upload(signers[by], pair.publicKeyPem, { userId: ociUserIds[of] });
    expect(uploaded.json).toMatchObject({
      userId: ociUserIds[of],
      keyId: expect.stringContaining(signers[of].tenancyId) as string,
    });
    expect((await oci.list(signers[by], ociUserIds[of])).json).toHaveLength(2);
    const gone = await oci.remove(signers[by], pair.fingerprint, { userId: ociUserIds[of] });
    expect(gone.status).toBe(204);
  });
});

describe('nobody else learns so much as whether the user exists', () => {
  const keys = async (): Promise<unknown[]> =>
    Promise.all(Object.values(signers).map(async (signer) => (await oci.list(signer)).json));
  let before: unknown[];
  beforeAll(async () => {
    before = await keys();
  });
  afterAll(async () => {
    expect(await keys(), 'refused requests change nothing').toEqual(before);
  });

  describe.each(Object.entries(operations))('%s', (_operation, attempt) => {
    test.each(forbidden)('%s for %s', async (by, of) => {
      const answer = await attempt(signers[by], ociUserIds[of], signers[of].fingerprint);
      expectOciRefusal(answer, 404, 'NotAuthorizedOrNotFound');
      const ofNobody = await attempt(signers[by], ociUserIds.ada.replace('ada', 'joe'), signers[of].fingerprint);
      expect([ofNobody.status, ofNobody.text]).toEqual([answer.status, answer.text]);
    });
  });

  test('a request that is wrong in another way as well is refused for that', async () => {
    const asking: OciAsking = { method: 'POST', target: keysPath(ociUserIds.ada), body: 'no JSON' };
    expectOciRefusal(await oci.send(signers.bob, asking), 404, 'NotAuthorizedOrNotFound');
  });
});

test('a key opens nothing for a user or a tenancy that it is not of', async () => {
  const { bob, cyd, eve } = signers;
  for (const signer of [
    { ...bob, userId: cyd.userId },
    { ...bob, tenancyId: eve.tenancyId },
    { ...bob, fingerprint: cyd.fingerprint },
    { ...bob, userId: eve.userId, tenancyId: eve.tenancyId },
  ])
    expectOciRefusal(await oci.list(signer, signer.userId), 401, 'NotAuthenticated');
});
