import { describe, expect, test } from 'vitest';
import { makeClock, day } from '../support/clock.ts';
import { accessKey, domain, project, token, user } from '../support/identity.ts';
import { kmsClient } from '../support/kms.ts';
import { expectIamRefusal } from '../support/refusals.ts';
import { signedClient } from '../support/signed.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { houses, home, partnersProject, spare } from './houses.ts';
import { iamClient, withPair, type TokenBody } from './tokens.ts';

const clock = makeClock();
const { url } = await useSignet({ seed: useSeed(houses), now: clock.now });
const iam = iamClient(url);
const { access, secret } = accessKey;
const scope = { project: { name: project.name } };

test('an access key proves who one is: 201, and a token that opens the project', async () => {
  const answer = await iam.post(withPair(access, secret, scope));
  expect(answer.status).toBe(201);
  const { token: issued } = answer.body as TokenBody;
  expect(issued).toMatchObject({
    methods: ['hw_ak_sk'],
    user: { id: user.id, name: user.name, domain: home },
    project: { ...project, domain: home },
  });
  expect(Date.parse(issued.expires_at)).toBe(clock.now() + day);
  expect(issued).not.toHaveProperty('assumed_by');
  expect(issued).not.toHaveProperty('mfa_authn_at');
  const kms = kmsClient(url, { token: answer.headers['x-subject-token']! });
  expect((await kms.ask('list-keys', {})).total).toBe(1);
});

test('so does every key of the user, in every scope', async () => {
  const answer = await iam.post(withPair(spare.access, spare.secret, { domain: { id: domain.id } }));
  expect([answer.status, (answer.body as TokenBody).token.domain]).toEqual([201, home]);
  const unscoped = (await iam.post(withPair(access, secret))).body as TokenBody;
  expect([unscoped.token.project, unscoped.token.domain]).toEqual([undefined, undefined]);
});

describe('401 for', () => {
  const wrong: Readonly<Record<string, object>> = {
    'a wrong secret': withPair(access, 'wrong', scope),
    'an empty secret': withPair(access, '', scope),
    "another key's secret": withPair(access, spare.secret, scope),
    'an access key that is not there': withPair('NOBODY', secret, scope),
    'an empty access key': withPair('', secret, scope),
    'an access key in other letters': withPair(access.toLowerCase(), secret, scope),
    "another domain's project": withPair(access, secret, { project: { id: partnersProject.id } }),
  };
  test.each(Object.entries(wrong))('%s', async (_what, body) => {
    expectIamRefusal(await iam.post(body), 401, 'Unauthorized', 'Unauthorized.');
  });
});

describe('400 without', () => {
  const pair = (hw_ak_sk?: object) => ({ auth: { identity: { methods: ['hw_ak_sk'], hw_ak_sk } } });
  const illegal: Readonly<Record<string, object>> = {
    'its part': pair(),
    'access and secret': pair({}),
    secret: pair({ access: { key: access } }),
    access: pair({ secret: { key: secret } }),
    'the key in access': pair({ access: {}, secret: { key: secret } }),
    'the key in secret': pair({ access: { key: access }, secret: {} }),
    'an object around the key': pair({ access, secret }),
    'text for the key': withPair(access, {}),
  };
  test.each(Object.entries(illegal))('%s', async (_what, body) => {
    expectIamRefusal(await iam.post(body), 400, 'Bad Request', 'Illegal request');
  });
});

describe('a credential in the head does not matter to whom the body proves', () => {
  const body = withPair(access, secret, scope);

  test.each([{ 'X-Auth-Token': token }, { 'X-Auth-Token': 'unknown' }, { Authorization: 'Bearer abc' }])(
    '%j',
    async (headers) => {
      expect((await iam.post(body, '', headers)).status).toBe(201);
    },
  );

  test.each([secret, 'wrong'])('a signature with the secret %s', async (signedWith) => {
    const ask = signedClient(url, clock.now, { secret: signedWith });
    expect((await ask({ target: '/v3/auth/tokens', body: JSON.stringify(body) })).status).toBe(201);
  });
});
