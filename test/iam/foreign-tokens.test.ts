/** A token is its own account's business, and that of whoever acts with it. */
import { expect, test } from 'vitest';
import { token } from '../support/identity.ts';
import { expectIamRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { closed, deputy, domainToken, houses, partner, partnersProject, strangersToken } from './houses.ts';
import { iamClient } from './tokens.ts';

const { url } = await useSignet({ seed: useSeed(houses) });
const iam = iamClient(url);
const assume = (name: string, bearer: string): Promise<string> => {
  const assume_role = { agency_name: name, domain_name: partner.name };
  const scope = { project: { name: partnersProject.name } };
  const request = { auth: { identity: { methods: ['assume_role'], assume_role }, scope } };
  return iam.post(request, '', { 'X-Auth-Token': bearer }).then(({ headers }) => headers['x-subject-token'] ?? '');
};
const methods = ['get', 'head', 'delete'] as const;

test.each(methods)('%s: that of another account is unknown', async (method) => {
  const unknown = await iam.about(method, 'unknown', strangersToken);
  const answer = await iam.about(method, token, strangersToken);
  expect([answer.status, answer.body]).toEqual([unknown.status, unknown.body]);
  if (method !== 'head') expectIamRefusal(answer, 404, 'Not Found', 'X-Subject-Token is invalid in the request');
  expect((await iam.about('get', token)).status).toBe(200);
});

test('one of the same account is shown, whatever each is for', async () => {
  expect((await iam.about('get', domainToken, token)).status).toBe(200);
  expect((await iam.about('get', token, domainToken)).status).toBe(200);
});

test.each(methods)("%s: an agency's is that of the user who acts as it", async (method) => {
  const acting = await assume(deputy.name, token);
  expectIamRefusal(
    await iam.about('get', acting, strangersToken),
    404,
    'Not Found',
    'X-Subject-Token is invalid in the request',
  );
  const answer = await iam.about(method, acting, token);
  expect(answer.status).toBe(method === 'delete' ? 204 : 200);
});

test("the agency itself looks at its account's tokens, and at none of the one that acts", async () => {
  const [one, other] = [await assume(deputy.name, token), await assume(closed, strangersToken)];
  expect((await iam.about('get', other, one)).status).toBe(200);
  expect((await iam.about('get', token, one)).status).toBe(404);
});
