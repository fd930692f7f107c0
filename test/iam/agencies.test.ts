import { describe, expect, test } from 'vitest';
import { makeClock, day } from '../support/clock.ts';
import { send, type Answer } from '../support/http.ts';
import { project, token, user } from '../support/identity.ts';
import { kmsClient } from '../support/kms.ts';
import { expectIamRefusal, expectKmsRefusal } from '../support/refusals.ts';
import { expectSignatureRefusal, signedClient } from '../support/signed.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import {
  closed,
  deputy,
  expiredToken,
  home,
  houses,
  partner,
  partnersAnnex,
  partnersKeyId,
  partnersProject,
  strangersToken,
} from './houses.ts';
import { iamClient, withPassword, withToken, type TokenBody } from './tokens.ts';

const clock = makeClock();
const { url } = await useSignet({ seed: useSeed(houses), now: clock.now });
const iam = iamClient(url);
const ask = signedClient(url, clock.now);

const role = { agency_name: deputy.name, domain_name: partner.name };
const inProject = { project: { name: partnersProject.name } };
const request = (assume_role?: object, scope: object = inProject) => ({
  auth: { identity: { methods: ['assume_role'], assume_role }, scope },
});
const assume = (assume_role?: object, scope?: object, bearer: string = token): Promise<Answer> =>
  iam.post(request(assume_role, scope), '', { 'X-Auth-Token': bearer });
const signed = (body: object, more = {}): Promise<Answer> =>
  ask({ target: '/v3/auth/tokens', body: JSON.stringify(body), ...more });

describe('a user of the trusted domain becomes the agency', () => {
  const expected = {
    methods: ['assume_role'],
    user: { id: deputy.id, name: `${partner.name}/${deputy.name}`, domain: partner, password_expires_at: '' },
    project: { ...partnersProject, domain: partner },
    assumed_by: { user: { id: user.id, name: user.name, domain: home } },
  };
  const { name } = deputy;
  const roles = [
    { agency_name: name, domain_name: partner.name },
    { agency_name: name, domain_id: partner.id },
    { xrole_name: name, domain_name: partner.name },
    { xrole_name: name, domain_id: partner.id },
    { agency_name: name, domain_name: partner.name, domain_id: partner.id },
  ];

  test.each(roles)('%j', async (assume_role) => {
    for (const answer of [await assume(assume_role), await signed(request(assume_role))]) {
      expect(answer.status, answer.text).toBe(201);
      const { token: issued } = answer.body as TokenBody;
      expect(issued).toMatchObject(expected);
      expect(Date.parse(issued.expires_at)).toBe(clock.now() + day);
      expect(issued.catalog.at(-1)?.endpoints[0]?.url).toBe(`${url}/v2/${partnersProject.id}`);
    }
  });

  test.each<[string, object, object]>([
    ['a project by id', { project: { id: partnersAnnex.id } }, { project: { ...partnersAnnex, domain: partner } }],
    ['the domain', { domain: { name: partner.name } }, { domain: partner }],
    ['nothing', {}, {}],
  ])('for %s', async (_what, scope, result) => {
    const { token: issued } = (await assume(role, scope)).body as TokenBody;
    expect({ project: issued.project, domain: issued.domain }).toEqual({
      project: undefined,
      domain: undefined,
      ...result,
    });
  });

  test.each([{ project: { id: project.id } }, { domain: { name: home.name } }])('not for %j: 401', async (scope) => {
    expectIamRefusal(await assume(role, scope), 401, 'Unauthorized', 'Unauthorized.');
  });
});

describe('the token of an agency', () => {
  const message = { key_id: partnersKeyId, message: 'AAAA', signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW' };
  const tokenOf = async (): Promise<string> => (await assume(role)).headers['x-subject-token']!;

  test('signs there, and only there', async () => {
    const kms = kmsClient(url, { token: await tokenOf(), projectId: partnersProject.id });
    expect((await kms.ask('sign', message)).key_id).toBe(partnersKeyId);
    expectKmsRefusal(await kms.post('sign', message, { projectId: partnersAnnex.id }), 'KMS.0321');
    expectKmsRefusal(await kms.post('sign', message, { projectId: project.id }), 'KMS.0321');
  });

  test('stays what it is when it is shown, and when it is exchanged for another scope', async () => {
    const secret = await tokenOf();
    const { token: shown } = (await iam.about('get', secret)).body as TokenBody;
    const exchanged = await iam.post(withToken(secret, { project: { id: partnersAnnex.id } }));
    expect((exchanged.body as TokenBody).token).toMatchObject({
      methods: ['token'],
      project: { id: partnersAnnex.id },
      assumed_by: shown.assumed_by!,
      user: shown.user,
    });
    const home = await iam.post(withToken(secret, { project: { id: project.id } }));
    expectIamRefusal(home, 401, 'Unauthorized', 'Unauthorized.');
  });

  test('sees the domain that it acts in', async () => {
    const headers = { 'X-Auth-Token': await tokenOf() };
    const { domains } = (await send(url, 'get', '/v3/auth/domains', { headers })).body as { domains: unknown[] };
    expect(domains).toEqual([expect.objectContaining(partner)]);
  });
});

describe('403 for', () => {
  const forbidden: Readonly<Record<string, () => Promise<Answer>>> = {
    'an agency that trusts another domain': () => assume({ ...role, agency_name: closed }),
    'a user whom the agency does not trust': () => assume(role, inProject, strangersToken),
    'an agency that is not there': () => assume({ ...role, agency_name: 'nobody' }),
    'a user of the domain': () => assume({ agency_name: user.name, domain_name: home.name }),
    'an agency by its name as a user': () => assume({ ...role, agency_name: `${partner.name}/${deputy.name}` }),
    'a domain that is not there': () => assume({ ...role, domain_name: 'nowhere' }),
    'a domain id that is not there': () => assume({ ...role, domain_id: 'nowhere' }),
    'a signature of the wrong user': () => signed(request({ ...role, agency_name: closed })),
  };
  test.each(Object.entries(forbidden))('%s', async (_what, answer) => {
    expectIamRefusal(await answer(), 403, 'Forbidden', 'Forbidden operation');
  });
});

describe('who asks must say who it is', () => {
  const message = 'The request you have made requires authentication.';

  test.each([{}, { 'X-Auth-Token': '' }, { Authorization: 'Bearer abc' }, { 'X-Auth-Token': 'unknown' }])(
    '%j: 401',
    async (headers) => {
      expectIamRefusal(await iam.post(request(role), '', headers), 401, 'Unauthorized', message);
    },
  );

  test('an expired token: 401', async () => {
    expectIamRefusal(await assume(role, inProject, expiredToken), 401, 'Unauthorized', message);
    expectIamRefusal(
      await signed(request(role), { headers: { 'X-Auth-Token': expiredToken } }),
      401,
      'Unauthorized',
      message,
    );
  });

  test('a wrong signature: what is wrong with it', async () => {
    expectSignatureRefusal(await signed(request(role), { access: 'NOBODY' }), 'ak NOBODY not exist');
  });
});

describe('400 without', () => {
  const illegal = {
    'its part': undefined,
    'an agency': { domain_name: partner.name },
    'a domain': { agency_name: deputy.name },
  };
  test.each(Object.entries(illegal))('%s', async (_what, assume_role) => {
    expectIamRefusal(await assume(assume_role), 400, 'Bad Request', 'Illegal request');
  });
});

describe('no password opens an agency', () => {
  const names = [{ id: deputy.id }, { name: `${partner.name}/${deputy.name}`, domain: { name: partner.name } }];
  const passwords = ['', 'null', 'undefined', deputy.name, user.password];
  test.each(names.flatMap((who) => passwords.map((password) => ({ ...who, password }))))('%j', async (who) => {
    const answer = await iam.post(withPassword({ name: undefined, domain: undefined, ...who }, inProject));
    expectIamRefusal(answer, 401, 'Unauthorized', 'Unauthorized.');
  });
});
