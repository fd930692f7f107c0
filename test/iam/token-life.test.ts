import { describe, expect, test } from 'vitest';
import { makeClock, day, second } from '../support/clock.ts';
import { domain, project, token as seeded } from '../support/identity.ts';
import { send } from '../support/http.ts';
import { kmsClient } from '../support/kms.ts';
import { manyStates, otherProject, tokens } from '../support/many-states.ts';
import { expectAnswerHeaders, expectIamRefusal, expectKmsRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { iamClient, withToken, type TokenBody } from './tokens.ts';

const clock = makeClock();
const seed = useSeed(manyStates);
const { url } = await useSignet({ seed, now: clock.now });
const iam = iamClient(url);
const kms = kmsClient(url);

const use = (token: string) => kms.post('list-keys', {}, { token });
const expectUnknown = (answer: Awaited<ReturnType<typeof use>>): void =>
  expectIamRefusal(answer, 404, 'Not Found', 'X-Subject-Token is invalid in the request');

describe('on the KMS', () => {
  test('a new token works, and the one before it still does', async () => {
    const first = await iam.issue();
    const next = await iam.issue();
    expect(next.secret).not.toBe(first.secret);
    expect((await use(first.secret)).status).toBe(200);
    expect((await use(next.secret)).status).toBe(200);
  });

  test('it works for 24 hours, and is KMS.0303 from then on', async () => {
    const { secret } = await iam.issue();
    clock.advance(day - 1);
    expect((await use(secret)).status).toBe(200);
    clock.advance(1);
    expectKmsRefusal(await use(secret), 'KMS.0303');
    clock.advance(400 * day);
    expectKmsRefusal(await use(secret), 'KMS.0303');
    expect((await use(seeded)).status).toBe(200);
  });

  test('expired for a day, it is forgotten when others are issued; those of the seed are not', async () => {
    const { secret } = await iam.issue();
    clock.advance(2 * day + second);
    await iam.issue();
    expectKmsRefusal(await use(secret), 'KMS.0302');
    expectKmsRefusal(await use(tokens.expired), 'KMS.0303');
  });

  test('also when the clock has been far ahead meanwhile', async () => {
    await send(url, 'post', '/_signet/clock/advance', { body: { days: 1000 } });
    await iam.issue();
    await send(url, 'delete', '/_signet/clock');
    const { secret } = await iam.issue();
    clock.advance(2 * day + second);
    await iam.issue();
    expectKmsRefusal(await use(secret), 'KMS.0302');
  });

  test('revoked, it is KMS.0302, and others are as they were', async () => {
    const { secret } = await iam.issue();
    const other = await iam.issue();
    const { status, text } = await iam.about('delete', secret);
    expect([status, text]).toEqual([204, '']);
    expectKmsRefusal(await use(secret), 'KMS.0302');
    expectUnknown(await iam.about('delete', secret, other.secret));
    expect((await use(other.secret)).status).toBe(200);
  });

  test('without a project it is KMS.0305, for another project KMS.0321', async () => {
    expectKmsRefusal(await use((await iam.issue({ domain: { id: domain.id } })).secret), 'KMS.0305');
    expectKmsRefusal(await use((await iam.issue({})).secret), 'KMS.0305');
    const { secret } = await iam.issue({ project: { id: otherProject.id } });
    expectKmsRefusal(await use(secret), 'KMS.0321');
    expect((await kms.post('list-keys', {}, { token: secret, projectId: otherProject.id })).status).toBe(200);
  });

  test('seeded as expired it is KMS.0303', async () => {
    expectKmsRefusal(await use(tokens.expired), 'KMS.0303');
  });
});

describe('on the identity service', () => {
  test('GET tells what the token stands for, as it did when it was issued', async () => {
    const { secret, token } = await iam.issue();
    const answer = await iam.about('get', secret);
    expect([answer.status, answer.headers['x-subject-token']]).toEqual([200, secret]);
    expect((answer.body as TokenBody).token).toStrictEqual(token);
    const byAnother = await iam.about('get', secret, seeded);
    expect(byAnother.body).toStrictEqual(answer.body);
  });

  test('HEAD tells whether it is valid', async () => {
    const answer = await iam.about('head', seeded);
    expect([answer.status, answer.text, answer.headers['x-subject-token']]).toEqual([200, undefined, seeded]);
    expectAnswerHeaders(answer);
    expect((await iam.about('head', 'unknown', seeded)).status).toBe(404);
  });

  test('a token that does not expire has a date all the same', async () => {
    const { token } = (await iam.about('get', seeded)).body as TokenBody;
    expect(token.expires_at).toBe('9999-12-31T23:59:59.000000Z');
  });

  test.each(['get', 'delete'] as const)('%s of what is none: 404', async (method) => {
    expectUnknown(await iam.about(method, 'unknown', seeded));
    expectUnknown(await iam.about(method, tokens.expired, seeded));
  });

  test.each(['get', 'delete'] as const)('%s asks for a valid token of the one who asks', async (method) => {
    const message = 'The request you have made requires authentication.';
    for (const bearer of ['unknown', tokens.expired, '']) {
      expectIamRefusal(await iam.about(method, seeded, bearer), 401, 'Unauthorized', message);
    }
    const headers = { 'X-Subject-Token': seeded };
    expectIamRefusal(await send(url, method, '/v3/auth/tokens', { headers }), 401, 'Unauthorized', message);
    const { status } = await send(url, method, '/v3/auth/tokens', { headers: { 'X-Auth-Token': seeded } });
    expect(status).toBe(400);
  });
});

const short60 = await useSignet({ seed, now: clock.now, tokenLifetime: 60 });

test('tokenLifetime: 60', async () => {
  const { url: shortUrl } = short60;
  const { token, secret } = await iamClient(shortUrl).issue();
  expect(Date.parse(token.expires_at) - Date.parse(token.issued_at)).toBe(60 * second);
  const short = kmsClient(shortUrl, { token: secret });
  clock.advance(59 * second);
  expect((await short.post('list-keys', {})).status).toBe(200);
  const rescoped = await iamClient(shortUrl).post(withToken(secret, { project: { id: project.id } }));
  clock.advance(second);
  expectKmsRefusal(await short.post('list-keys', {}), 'KMS.0303');
  const rescopedKms = kmsClient(shortUrl, { token: rescoped.headers['x-subject-token']! });
  expectKmsRefusal(await rescopedKms.post('list-keys', {}), 'KMS.0303');
});

test('the secret of a token is nowhere but in X-Subject-Token', async () => {
  const { secret } = await iam.issue();
  const shown = await iam.about('get', secret);
  expect(shown.text).not.toContain(secret);
});
