/** Which calls a fault rule spoils, and what they answer then. */
import { afterEach, describe, expect, test } from 'vitest';
import { faultClient, type Rule } from '../support/faults.ts';
import { send } from '../support/http.ts';
import { project, seededKeys, token, user } from '../support/identity.ts';
import { base64, kmsClient, type KmsAction } from '../support/kms.ts';
import { manyStates, otherProject, states, tokens } from '../support/many-states.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';

const { url } = await useSignet();
const faults = faultClient(url);
const kms = kmsClient(url);
afterEach(() => faults.clear());

const message = { signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW', message: base64('hello') };
const sign = (keyId: string = seededKeys.EC_P256) => kms.post('sign', { key_id: keyId, ...message });
/** The statuses of so many signatures, one after the other. */
async function statuses(count: number): Promise<number[]> {
  const all: number[] = [];
  while (all.length < count) all.push((await sign()).status);
  return all;
}

describe('each status that the page of sign documents, in the envelope that it documents', () => {
  test('200', async () => {
    await faults.add({ operation: 'kms.sign', latency: { fixed: 1 } });
    const { status, body } = await sign();
    expect([status, Object.keys(body as object)]).toEqual([200, ['key_id', 'signature']]);
  });

  // Of 502 and 504 the vendor documents no code: the gateway's are assumed (src/kms/errors.ts).
  test.each<[number, string, string, string]>([
    [400, 'KMS.0209', 'KMS.0209', 'The key has been disabled.'],
    [400, 'keyDisabled', 'KMS.0209', 'The key has been disabled.'],
    [401, 'tokenMissing', 'KMS.0301', 'Invalid or null X-Auth-Token.'],
    [403, 'KMS.0306', 'KMS.0306', 'No access permissions.'],
    [404, 'noSuchKey', 'KMS.0207', 'The key does not exist.'],
    [500, 'KMS.0103', 'KMS.0103', 'A system exception occurred. Contact technical support.'],
    [500, 'internal', 'KMS.0103', 'A system exception occurred. Contact technical support.'],
    [502, 'badGateway', 'APIGW.0202', 'Backend unavailable'],
    [504, 'gatewayTimeout', 'APIGW.0203', 'Backend timeout'],
    [504, 'APIGW.0203', 'APIGW.0203', 'Backend timeout'],
  ])('%i for %s', async (status, error, error_code, error_msg) => {
    await faults.add({ operation: 'kms.sign', error });
    const answer = await sign();
    expect([answer.status, answer.body]).toStrictEqual([status, { error: { error_code, error_msg } }]);
    expect(answer.headers['content-type']).toMatch(/^application\/json(;|$)/);
  });

  test.each(['throttled', 'APIGW.0308'])('and the 429 of the gateway, flat, for %s', async (error) => {
    await faults.add({ operation: 'kms.sign', error });
    const answer = await sign();
    const throttled = { error_code: 'APIGW.0308', error_msg: 'The throttling threshold has been reached' };
    expect(answer.status).toBe(429);
    expect(answer.body).toStrictEqual({ ...throttled, request_id: answer.headers['x-request-id'] });
  });
});

describe('other services fail in their own words', () => {
  const login = {
    auth: { identity: { methods: ['password'], password: { user: { name: user.name, password: 'x' } } } },
  };
  test.each<[string, Rule, number, object]>([
    [
      'IAM',
      { operation: 'iam.issueToken', error: 'internal' },
      500,
      { error: { code: 500, title: 'Internal Server Error' } },
    ],
    ['IAM, in front of it', { operation: 'iam.*', error: 'badGateway' }, 502, { error_code: 'APIGW.0202' }],
    [
      'IAM, with a place in its text',
      { operation: '*', error: 'noSuchUser' },
      404,
      { error: { message: 'Could not find user: iam.issueToken.' } },
    ],
    ['all', { error: 'internal' }, 500, { error: { code: 500 } }],
  ])('%s', async (_who, rule, status, body) => {
    await faults.add(rule);
    const answer = await send(url, 'post', '/v3/auth/tokens', { body: login });
    expect([answer.status, answer.body]).toMatchObject([status, body]);
  });

  test('under *, a refusal of one service leaves the others alone', async () => {
    const { id } = await faults.add({ operation: '*', error: 'KMS.0103' });
    expect((await send(url, 'get', '/v3/projects', { headers: { 'X-Auth-Token': token } })).status).toBe(200);
    expect((await sign()).status).toBe(500);
    expect(await faults.show(id)).toMatchObject({ operation: '*', matched: 1, acted: 1 });
  });

  test('with tokens refused by the gateway, that is how a missing one is refused', async () => {
    const strict = await useSignet({ seed: 'none', authErrors: 'gateway' });
    await faultClient(strict.url).add({ error: 'tokenMissing' });
    const answer = await kmsClient(strict.url).post('list-keys', {});
    expect([answer.status, answer.body]).toMatchObject([401, { error_code: 'APIGW.0301' }]);
  });
});

describe('a rule is for', () => {
  test.each<[string, Rule, KmsAction, boolean]>([
    ['its operation', { operation: 'kms.sign' }, 'sign', true],
    ['no other operation', { operation: 'kms.verify' }, 'sign', false],
    ['all of a service', { operation: 'kms.*' }, 'sign', true],
    ['all', { operation: '*' }, 'sign', true],
    ['all, where nothing is said', {}, 'sign', true],
    ['its project', { project_id: project.id }, 'sign', true],
    ['no other project', { project_id: otherProject.id }, 'sign', false],
    ['its key', { key_id: seededKeys.EC_P256 }, 'sign', true],
    ['no other key', { key_id: seededKeys.ED25519 }, 'sign', false],
    ['no call without a key', { key_id: seededKeys.EC_P256 }, 'list-keys', false],
    ['a key as the request names it: not its alias', { key_id: 'alias/ec-p256' }, 'sign', false],
    ['a key in the path', { key_id: seededKeys.EC_P256 }, 'GET {key_id}/tags', true],
  ])('%s', async (_what, rule, action, isFor) => {
    const { id } = await faults.add({ ...rule, error: 'badGateway' });
    const body = action === 'list-keys' ? {} : { key_id: seededKeys.EC_P256, ...(action === 'sign' && message) };
    expect((await kms.post(action, body)).status).toBe(isFor ? 502 : 200);
    expect(await faults.show(id)).toMatchObject({ matched: isFor ? 1 : 0, acted: isFor ? 1 : 0 });
  });

  test('the project of the credential, where the path names none', async () => {
    await faults.add({ operation: 'iam.listProjects', project_id: project.id, error: 'badGateway' });
    const headers = { 'X-Auth-Token': token };
    expect((await send(url, 'get', '/v3/projects', { headers })).status).toBe(502);
  });

  test('calls that have passed every check: who may not ask is told so', async () => {
    const { id } = await faults.add({ error: 'badGateway' });
    expectKmsRefusal(await kms.post('sign', {}, { token: 'wrong' }), 'KMS.0302');
    expectKmsRefusal(await kms.post('sign', {}), 'KMS.0204');
    expect(await faults.show(id)).toMatchObject({ matched: 0, acted: 0 });
  });

  test("never Signet's own operations, which are there to remove it", async () => {
    await faults.add({ operation: '*', error: 'internal' });
    expect(await faults.list()).toHaveLength(1);
  });
});

describe('how often', () => {
  test.each<[string, Rule, number[]]>([
    ['without end', { error: 'badGateway' }, [502, 502, 502, 502, 502]],
    ['the first two', { error: 'badGateway', times: 2 }, [502, 502, 200, 200, 200]],
    ['all but the first two', { error: 'badGateway', skip: 2 }, [200, 200, 502, 502, 502]],
    ['the third', { error: 'badGateway', skip: 2, times: 1 }, [200, 200, 502, 200, 200]],
    ['never', { error: 'badGateway', probability: 0 }, [200, 200, 200, 200, 200]],
    ['a list, once', { sequence: [{ error: 'throttled' }, {}, { error: 'KMS.0103' }] }, [429, 200, 500, 200, 200]],
    [
      'a list, later',
      { skip: 1, sequence: [{ error: 'throttled' }, { error: 'badGateway' }] },
      [200, 429, 502, 200, 200],
    ],
  ])('%s', async (_what, rule, expected) => {
    const { id } = await faults.add({ operation: 'kms.sign', ...rule });
    expect(await statuses(5)).toEqual(expected);
    // It stays listed when it has no more to give.
    const acted = expected.filter((status) => status !== 200).length;
    expect(await faults.show(id)).toMatchObject({ matched: 5, acted });
  });

  test('of calls at the same time, as many as of calls one after the other', async () => {
    const { id } = await faults.add({ operation: 'kms.sign', error: 'badGateway', skip: 5, times: 3 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => sign()));
    expect(answers.filter(({ status }) => status === 502)).toHaveLength(3);
    expect(await faults.show(id)).toMatchObject({ matched: 20, acted: 3 });
  });
});

describe('of several rules', () => {
  test('the first that acts decides, and the next are not asked', async () => {
    const first = await faults.add({ operation: 'kms.sign', error: 'badGateway', times: 1 });
    const second = await faults.add({ operation: 'kms.*', error: 'throttled' });
    expect(await statuses(2)).toEqual([502, 429]);
    expect((await faults.list()).map(({ id, matched }) => [id, matched])).toEqual([
      [first.id, 2],
      [second.id, 1],
    ]);
  });

  test('one that lets a call pass leaves it to the next', async () => {
    await faults.add({ operation: 'kms.sign', sequence: [{}, { error: 'badGateway' }] });
    await faults.add({ operation: 'kms.sign', error: 'throttled' });
    expect(await statuses(3)).toEqual([429, 502, 429]);
  });
});

describe('rules are', () => {
  test('shown as they were given, with their defaults, a seed, and what they did', async () => {
    const shown = await faults.add({ error: 'KMS.0103' });
    const { id, seed } = shown;
    const counts = { matched: 0, acted: 0 };
    const defaults = { operation: '*', phase: 'before', skip: 0, probability: 1 };
    expect(shown).toStrictEqual({ id, seed, ...defaults, error: 'KMS.0103', ...counts });
    expect(seed).toBeLessThan(2 ** 32);
    const all: Rule = {
      ...{ operation: 'kms.sign', project_id: 'p', key_id: 'k', phase: 'after', skip: 1, probability: 0.5, seed: 7 },
      sequence: [{ error: 'throttled', latency: { min: 1, max: 2 } }, {}, { connection: 'reset' }],
    };
    const second = await faults.add(all);
    expect(second).toStrictEqual({ id: second.id, ...all, ...counts });
    expect(await faults.list()).toEqual([shown, second]);
    expect(await faults.show(second.id)).toEqual(second);
  });

  test('removed one by one, or all at once', async () => {
    const { id } = await faults.add({ error: 'badGateway' });
    await faults.add({ error: 'throttled' });
    expect((await send(url, 'delete', `/_signet/faults/${id}`)).status).toBe(204);
    expect((await sign()).status).toBe(429);
    for (const method of ['get', 'delete'] as const) {
      const answer = await send(url, method, `/_signet/faults/${id}`);
      expect([answer.status, answer.body]).toMatchObject([404, { error: { error_code: 'Signet.NoSuchFault' } }]);
    }
    expect((await send(url, 'delete', '/_signet/faults')).status).toBe(204);
    expect(await faults.list()).toEqual([]);
    expect((await sign()).status).toBe(200);
  });

  test('1,000 at most, and a call that asks all of them is answered', async () => {
    for (let rules = 0; rules < 1000; rules++) await faults.add({ key_id: `k${rules}`, error: 'badGateway' });
    const answer = await faults.post({ error: 'badGateway' });
    expect([answer.status, answer.body]).toMatchObject([400, { error: { error_msg: 'there are 1000 rules already' } }]);
    expect((await sign()).status).toBe(200);
  });
});

test('keys of other projects: a rule for one project spares the other', async () => {
  const other = await useSignet({ seed: useSeed(manyStates) });
  await faultClient(other.url).add({ project_id: otherProject.id, error: 'badGateway' });
  const client = kmsClient(other.url);
  expect((await client.post('describe-key', { key_id: states.enabled })).status).toBe(200);
  const caller = { projectId: otherProject.id, token: tokens.otherProject };
  expect((await client.post('list-keys', {}, caller)).status).toBe(502);
});
