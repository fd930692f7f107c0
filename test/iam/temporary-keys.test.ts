import { describe, expect, test } from 'vitest';
import { makeClock, second } from '../support/clock.ts';
import { send, type Answer } from '../support/http.ts';
import { token } from '../support/identity.ts';
import { kmsPath } from '../support/kms.ts';
import { expectAnswerHeaders } from '../support/refusals.ts';
import { expectSignatureRefusal, signedClient } from '../support/signed.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { askForKey, byAgency, byToken, credentialsPath, expectFlatRefusal, identity, keyIn } from './credentials.ts';
import {
  closed,
  deputy,
  expiredToken,
  houses,
  partner,
  partnersProject,
  strangersProject,
  strangersToken,
} from './houses.ts';

const clock = makeClock();
const { url } = await useSignet({ seed: useSeed(houses), now: clock.now });
const ask = signedClient(url, clock.now);
const signed = (body: unknown, more = {}): Promise<Answer> =>
  ask({ target: credentialsPath, body: JSON.stringify(body), ...more });

test('201: key, secret, security token and the end of their validity, which is in 15 minutes', async () => {
  const answer = await askForKey(url, byToken());
  expectAnswerHeaders(answer);
  expect([answer.status, answer.body]).toStrictEqual([
    201,
    {
      credential: {
        access: expect.stringMatching(/^[0-9A-Z]{20}$/) as string,
        secret: expect.stringMatching(/^[0-9A-Za-z]{40}$/) as string,
        securitytoken: expect.stringMatching(/^[!-~]{64,}$/) as string,
        expires_at: '2026-01-15T10:45:00.123000Z',
      },
    },
  ]);
});

test('every one is another', async () => {
  const keys = [keyIn(await askForKey(url, byToken())), keyIn(await askForKey(url, byToken()))];
  const parts = keys.flatMap(({ access, secret, securityToken }) => [access, secret, securityToken]);
  expect(new Set(parts).size).toBe(6);
});

describe('lasts', () => {
  test.each([
    [900, 900],
    ['900', 900],
    [3601, 3601],
    [86_400, 86_400],
    [null, 900],
  ])('duration_seconds %j: %i seconds', async (duration_seconds, seconds) => {
    const role = { agency_name: deputy.name, domain_name: partner.name };
    for (const body of [byToken({ duration_seconds }), byAgency({ ...role, duration_seconds })]) {
      const { credential } = (await askForKey(url, body)).body as { credential: { expires_at: string } };
      expect(Date.parse(credential.expires_at)).toBe(clock.now() + seconds * second);
    }
  });

  test.each([899, 86_401, 0, -900, 900.5, 'soon', {}])('duration_seconds %j: IAM.0007', async (duration_seconds) => {
    for (const body of [
      byToken({ duration_seconds }),
      byAgency({ agency_name: 'a', domain_name: 'b', duration_seconds }),
    ])
      expectFlatRefusal(await askForKey(url, body), 400, 'IAM.0007', 'Request parameter duration_seconds is invalid.');
  });
});

describe('who asks', () => {
  /** The project that a key opens. */
  async function projectOf(answer: Answer): Promise<string> {
    const { securityToken, ...key } = keyIn(answer);
    const headers = { 'X-Security-Token': securityToken };
    const listed = await ask({ method: 'GET', target: '/v3/projects', ...key, headers });
    return (listed.body as { projects: { name: string }[] }).projects.map(({ name }) => name).join();
  }
  const [ofHome, ofStranger] = ['eu-de,eu-de_annex', strangersProject.name];

  test.each<[string, string, () => Promise<Answer>]>([
    ['a token', ofHome, () => askForKey(url, byToken())],
    ['a token, and no part for the method', ofHome, () => askForKey(url, identity(['token'], { token: null }))],
    ['the id of a token', ofHome, () => askForKey(url, byToken({ id: token }), null)],
    ['a signature', ofHome, () => signed(byToken())],
    ['a token before the id of another', ofStranger, () => askForKey(url, byToken({ id: token }), strangersToken)],
    ['a token before an id that is none', ofHome, () => askForKey(url, byToken({ id: 'unknown' }))],
    ['a signature before the id of a token', ofHome, () => signed(byToken({ id: strangersToken }))],
    [
      'a token before a signature',
      ofStranger,
      () => signed(byToken(), { headers: { 'X-Auth-Token': strangersToken } }),
    ],
  ])('%s', async (_who, projects, request) => {
    expect(await projectOf(await request())).toBe(projects);
  });

  test('nobody: IAM.0001', async () => {
    const text = 'The request you have made requires authentication.';
    for (const body of [byToken(), byAgency({ agency_name: deputy.name, domain_name: partner.name })]) {
      expectFlatRefusal(await askForKey(url, body, null), 401, 'IAM.0001', text);
      const headers = { Authorization: 'Bearer abc' };
      expectFlatRefusal(await send(url, 'post', credentialsPath, { body, headers }), 401, 'IAM.0001', text);
    }
  });

  test.each([
    ['unknown', 'IAM.0067', 'Invalid token.'],
    [expiredToken, 'IAM.0066', 'The token has expired.'],
  ])('with the token %s: %s', async (secret, code, text) => {
    expectFlatRefusal(await askForKey(url, byToken(), secret), 401, code, text);
    expectFlatRefusal(await askForKey(url, byToken({ id: secret }), null), 401, code, text);
    const role = { agency_name: deputy.name, domain_name: partner.name };
    expectFlatRefusal(await askForKey(url, byAgency(role), secret), 401, code, text);
  });

  // The header is the one that counts: https://support.huaweicloud.com/api-iam/iam_04_0002.html
  test('with a token that is none, whatever id is in the body: IAM.0067', async () => {
    expectFlatRefusal(await askForKey(url, byToken({ id: token }), 'unknown'), 401, 'IAM.0067', 'Invalid token.');
  });

  test('with a wrong signature', async () => {
    expectSignatureRefusal(await signed(byToken(), { access: 'NOBODY' }), 'ak NOBODY not exist');
    const both = await signed(byToken({ id: token }), { access: 'NOBODY' });
    expectSignatureRefusal(both, 'ak NOBODY not exist');
  });
});

describe('for an agency', () => {
  const list = { target: kmsPath('list-keys', partnersProject.id), body: '{}' };

  test.each([
    { agency_name: deputy.name, domain_name: partner.name },
    { xrole_name: deputy.name, domain_id: partner.id },
  ])('%j: it opens the projects of the agency, and no others', async (role) => {
    const { securityToken, ...key } = keyIn(await signed(byAgency(role)));
    const headers = { 'X-Security-Token': securityToken };
    expect((await ask({ ...list, ...key, headers })).status).toBe(200);
    expect((await ask({ ...list, ...key, headers, target: kmsPath('list-keys') })).status).toBe(403);
  });

  test.each([
    ['does not trust', { agency_name: closed, domain_name: partner.name }],
    ['is not there', { agency_name: 'nobody', domain_name: partner.name }],
    ['is in no domain', { agency_name: deputy.name, domain_name: 'nowhere' }],
  ])('that %s: IAM.0002', async (_why, role) => {
    const text = 'You are not authorized to perform the requested action.';
    expectFlatRefusal(await askForKey(url, byAgency(role)), 403, 'IAM.0002', text);
  });
});

describe('what is no request for a key', () => {
  test.each<[string, unknown]>([
    ['auth', {}],
    ['auth', { auth: null }],
    ['identity', { auth: {} }],
    ['methods', { auth: { identity: {} } }],
    ['agency_name', byAgency()],
    ['agency_name', byAgency({ domain_name: partner.name })],
    ['domain_name', byAgency({ agency_name: deputy.name })],
  ])('%s is missing: IAM.0072', async (name, body) => {
    expectFlatRefusal(await askForKey(url, body), 400, 'IAM.0072', `'${name}' is a required property.`);
  });

  test.each([[['password']], [['token', 'assume_role']], [['constructor']], [[]], ['token'], [{}]])(
    'methods %j: IAM.0007',
    async (methods) => {
      const text = 'Request parameter methods is invalid.';
      expectFlatRefusal(await askForKey(url, identity(methods)), 400, 'IAM.0007', text);
    },
  );

  test.each(['', '{', '[]', 'null', '"auth"'])('%j: IAM.0011', async (body) => {
    expectFlatRefusal(await askForKey(url, body), 400, 'IAM.0011', 'Request body is invalid.');
  });
});
