import { beforeEach, expect, test } from 'vitest';
import { makeClock } from '../support/clock.ts';
import { send } from '../support/http.ts';
import { makeOciPair, ociServer, type OciAnswer } from '../support/oci-signer.ts';
import { makeOciPeople } from '../support/oci-tenancies.ts';
import { useSeed, useSignet } from '../support/signet.ts';

const clock = makeClock();
const { signers, seed } = makeOciPeople();
const { url } = await useSignet({ seed: useSeed(seed), now: clock.now });
const oci = ociServer(url, clock.now);
const { bob } = signers;
const pairs = Array.from({ length: 8 }, () => makeOciPair());
const pem = pairs[0]!.publicKeyPem;

beforeEach(async () => {
  await send(url, 'post', '/_signet/reset');
});

const kinds = (answers: readonly OciAnswer[]): Record<string, number> => {
  const codes = answers.map(({ status, json }) => (status < 300 ? String(status) : (json as { code: string }).code));
  const grouped = Map.groupBy(codes, (code) => code);
  return Object.fromEntries(Array.from(grouped, ([code, all]) => [code, all.length]));
};
const fingerprints = async (): Promise<string[]> =>
  ((await oci.list(bob)).json as { fingerprint: string }[]).map(({ fingerprint }) => fingerprint);
const eight = <T>(work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(pairs.map((_pair, index) => work(index)));

test('of eight different keys the two for which there is room are taken', async () => {
  const answers = await eight((index) => oci.upload(bob, pairs[index]!.publicKeyPem));
  expect(kinds(answers)).toEqual({ 200: 2, LimitExceeded: 6 });
  const made = answers
    .filter(({ status }) => status === 200)
    .map(({ json }) => (json as { fingerprint: string }).fingerprint);
  expect(new Set(await fingerprints())).toEqual(new Set([bob.fingerprint, ...made]));
});

test('the same key eight times is taken once', async () => {
  expect(kinds(await eight(() => oci.upload(bob, pem)))).toEqual({ 200: 1, Conflict: 7 });
  expect(await fingerprints()).toHaveLength(2);
});

test('the same upload eight times with one retry token is answered eight times, and done once', async () => {
  const answers = await eight(() => oci.upload(bob, pem, { headers: [['opc-retry-token', 'once']] }));
  expect(kinds(answers)).toEqual({ 200: 8 });
  expect(new Set(answers.map(({ headers }) => headers.etag)).size).toBe(1);
  expect(await fingerprints()).toHaveLength(2);
});

test('of eight different keys with one retry token one is taken', async () => {
  const headers = [['opc-retry-token', 'once']] as const;
  const answers = await eight((index) => oci.upload(bob, pairs[index]!.publicKeyPem, { headers }));
  expect(kinds(answers)).toEqual({ 200: 1, InvalidatedRetryToken: 7 });
  expect(await fingerprints()).toHaveLength(2);
});

test('of eight who delete a key one does', async () => {
  await oci.upload(bob, pem);
  const answers = await eight(() => oci.remove(bob, pairs[0]!.fingerprint));
  expect(kinds(answers)).toEqual({ 204: 1, NotAuthorizedOrNotFound: 7 });
});

test('uploads beside resets leave a whole state', async () => {
  await Promise.all([
    eight((index) => oci.upload(bob, pairs[index]!.publicKeyPem)),
    ...[1, 2, 3].map(() => send(url, 'post', '/_signet/reset')),
  ]);
  const there = await fingerprints();
  expect(there).toContain(bob.fingerprint);
  expect(there.length).toBeLessThanOrEqual(3);
});
