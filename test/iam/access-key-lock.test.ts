import { beforeEach, describe, expect, test } from 'vitest';
import { makeClock, second } from '../support/clock.ts';
import type { Answer } from '../support/http.ts';
import { accessKey, token } from '../support/identity.ts';
import { kmsPath } from '../support/kms.ts';
import { expectIamRefusal } from '../support/refusals.ts';
import { expectSignatureRefusal, signedClient } from '../support/signed.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { houses, spare } from './houses.ts';
import { iamClient, withPair } from './tokens.ts';

const clock = makeClock();
const seed = useSeed(houses);
const { url } = await useSignet({ seed, now: clock.now, accessKeyLock: true });
const { url: withoutLock } = await useSignet({ seed, now: clock.now });
const ask = signedClient(url, clock.now);

const lock = 5 * 60 * second;
const list = { target: kmsPath('list-keys'), body: '{}' };
const right = (): Promise<Answer> => ask(list);
const wrong = (): Promise<Answer> => ask({ ...list, secret: 'wrong' });
const pair = (secret: string, access: string = accessKey.access): Promise<Answer> =>
  iamClient(url).post(withPair(access, secret));

async function repeat(times: number, request: () => Promise<Answer>): Promise<void> {
  for (let time = 0; time < times; time += 1) expect((await request()).status).toBe(401);
}
const expectLocked = (answer: Answer): void =>
  expectSignatureRefusal(answer, 'AK access failed to reach the limit,forbidden');
const expectOpen = async (): Promise<void> => expect((await right()).status).toBe(200);

// No test hands its failures on to the next one.
beforeEach(async () => {
  clock.advance(lock);
  await expectOpen();
});

test('off unless it is switched on: twenty failures lock nothing', async () => {
  const other = signedClient(withoutLock, clock.now);
  await repeat(20, () => other({ ...list, secret: 'wrong' }));
  expect((await other(list)).status).toBe(200);
});

test('four failures lock nothing, and a success makes them forgotten', async () => {
  await repeat(4, wrong);
  await expectOpen();
  await repeat(4, wrong);
  await expectOpen();
});

test('five in a row lock for five minutes, right signatures too', async () => {
  await repeat(5, wrong);
  expectLocked(await right());
  expectLocked(await wrong());
  clock.advance(lock - 1);
  expectLocked(await right());
  expectLocked(await ask({ method: 'GET', target: '/v3/projects' }));
  clock.advance(1);
  await expectOpen();
});

test('a locked key stays locked no longer for being tried, and then has five tries again', async () => {
  await repeat(5, wrong);
  clock.advance(lock - second);
  await repeat(5, wrong);
  clock.advance(second);
  await repeat(4, wrong);
  await expectOpen();
});

test('five at the same time lock as well', async () => {
  await Promise.all(Array.from({ length: 5 }, wrong));
  expectLocked(await right());
});

test('another key of the same user is not locked', async () => {
  await repeat(5, wrong);
  expect((await ask({ ...list, ...spare })).status).toBe(200);
  expect((await pair(spare.secret, spare.access)).status).toBe(201);
});

test('nor are the tokens of that user', async () => {
  await repeat(5, wrong);
  expect((await ask({ ...list, secret: 'wrong', headers: { 'X-Auth-Token': token } })).status).toBe(200);
});

describe('the method hw_ak_sk', () => {
  const expectRefused = (answer: Answer): void => expectIamRefusal(answer, 401, 'Unauthorized', 'Unauthorized.');

  test('counts, and is locked out', async () => {
    await repeat(2, wrong);
    await repeat(3, () => pair('wrong'));
    expectLocked(await right());
    expectRefused(await pair(accessKey.secret));
    clock.advance(lock);
    expect((await pair(accessKey.secret)).status).toBe(201);
  });

  test('makes failures forgotten', async () => {
    await repeat(4, wrong);
    expect((await pair(accessKey.secret)).status).toBe(201);
    await repeat(4, () => pair('wrong'));
    await expectOpen();
  });
});

describe('does not count', () => {
  const harmless = {
    'a signature that is too old': { ...list, at: clock.now() - 3_600_000 },
    'a malformed one': { ...list, spoil: (authorization: string) => authorization.replace(/, Signature=.*/, '') },
    'an access key that does not exist': { ...list, access: 'NOBODY' },
  };
  test.each(Object.entries(harmless))('%s', async (_what, request) => {
    await repeat(5, () => ask(request));
    await expectOpen();
  });

  test('a wrong one beside a token', async () => {
    const headers = { 'X-Auth-Token': token };
    for (let time = 0; time < 5; time += 1) await ask({ ...list, headers, secret: 'wrong' });
    await expectOpen();
  });
});
