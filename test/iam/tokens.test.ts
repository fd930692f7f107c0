import { describe, expect, test } from 'vitest';
import { domain, project, token as seededToken, user } from '../support/identity.ts';
import { send } from '../support/http.ts';
import { manyStates, otherDomain, otherProject, tokens } from '../support/many-states.ts';
import { expectAnswerHeaders, expectIamRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { makeClock } from '../support/clock.ts';
import { iamClient, withPassword, withToken, type TokenBody } from './tokens.ts';

const clock = makeClock();
const { url } = await useSignet({ seed: useSeed(manyStates), now: clock.now });
const iam = iamClient(url);

const projectScope = { project: { id: project.id } };
const home = { id: domain.id, name: domain.name };
const hex = /^[0-9a-f]{32}$/;

test('a token for a project: 201, the token in X-Subject-Token, all fields as the vendor has them', async () => {
  const answer = await iam.post(withPassword({}, projectScope));
  expectAnswerHeaders(answer);
  expect(answer.headers['x-subject-token']).toMatch(/^\S{32,}$/);
  const entry = (type: string, name: string, path: string) => {
    const endpoint = {
      id: expect.stringMatching(hex) as string,
      interface: 'public',
      region: 'eu-de',
      region_id: 'eu-de',
    };
    return { type, id: expect.stringMatching(hex) as string, name, endpoints: [{ ...endpoint, url: `${url}${path}` }] };
  };
  expect([answer.status, answer.body]).toStrictEqual([
    201,
    {
      token: {
        expires_at: '2026-01-16T10:30:00.123000Z',
        issued_at: '2026-01-15T10:30:00.123000Z',
        methods: ['password'],
        catalog: [
          entry('identity', 'keystone', '/v3'),
          entry('kms', 'key-management', '/v1.0'),
          entry('kmsv1', 'kmsv1', `/v1.0/${project.id}`),
          entry('apigv2', 'apig', `/v2/${project.id}`),
          entry('volumev2', 'evs', `/v2/${project.id}`),
        ],
        roles: [{ id: '0', name: 'te_admin' }],
        project: { ...project, domain: home },
        user: { id: user.id, name: user.name, domain: home, password_expires_at: '' },
      },
    },
  ]);
});

describe('a password proves', () => {
  const ways = {
    'name and domain name': {},
    'name and domain id': { domain: { id: domain.id } },
    id: { id: user.id, name: undefined, domain: undefined },
    'id, with a name that does not count': { id: user.id, name: 'somebody' },
  };
  test.each(Object.entries(ways))('by %s', async (_way, who) => {
    const answer = await iam.post(withPassword(who, projectScope));
    expect([answer.status, (answer.body as TokenBody).token.user.id]).toEqual([201, user.id]);
  });

  const wrong = {
    'a wrong password': { password: 'wrong' },
    'an empty password': { password: '' },
    'an unknown user': { name: 'nobody' },
    'an unknown id': { id: 'nobody' },
    'an unknown domain': { domain: { name: 'nowhere' } },
    "another domain's user of that name": { domain: { name: otherDomain.name } },
    'a name that two domains have': { domain: undefined },
  };
  test.each(Object.entries(wrong))('not with %s', async (_way, who) => {
    expectIamRefusal(await iam.post(withPassword(who, projectScope)), 401, 'Unauthorized', 'Unauthorized.');
  });
});

describe('the scope', () => {
  const inProject = { project: { ...project, domain: home }, domain: undefined };
  const inDomain = { project: undefined, domain: home };
  const nowhere = { project: undefined, domain: undefined };
  const { id, name } = project;
  const scopes: Readonly<Record<string, readonly [scope: unknown, result: object]>> = {
    'a project by id': [{ project: { id } }, inProject],
    'a project by name': [{ project: { name } }, inProject],
    'a project by name and domain name': [{ project: { name, domain: { name: domain.name } } }, inProject],
    'a project by name and domain id': [{ project: { name, domain: { id: domain.id } } }, inProject],
    'a project by name and domain id "default"': [{ project: { name, domain: { id: 'default' } } }, inProject],
    'a project by id and name': [{ project: { id, name } }, inProject],
    'another project': [{ project: { name: otherProject.name } }, { project: { ...otherProject, domain: home } }],
    'a domain by name': [{ domain: { name: domain.name } }, inDomain],
    'a domain by id': [{ domain: { id: domain.id } }, inDomain],
    'the domain "default"': [{ domain: { id: 'default' } }, inDomain],
    'both: the project counts': [{ project: { name }, domain: { name: domain.name } }, inProject],
    'none at all': [undefined, nowhere],
    'an empty one': [{}, nowhere],
    null: [null, nowhere],
    'a project by id and a null for its domain': [{ project: { id, domain: null } }, inProject],
  };
  test.each(Object.entries(scopes))('%s', async (_name, [scope, result]) => {
    const answer = await iam.post(withPassword({}, scope));
    expect(answer.status).toBe(201);
    const { project: inProject, domain: inDomain } = (answer.body as TokenBody).token;
    expect({ project: inProject, domain: inDomain }).toEqual(result);
  });

  const strangers = {
    'a project that does not exist': { project: { id: 'nowhere' } },
    'a project name that does not exist': { project: { name: 'nowhere' } },
    'id and name of two projects': { project: { id, name: otherProject.name } },
    "another domain's project": { project: { name, domain: { name: otherDomain.name } } },
    'a project in a domain that does not exist': { project: { name, domain: { name: 'nowhere' } } },
    'another domain': { domain: { name: otherDomain.name } },
    'a domain that does not exist': { domain: { name: 'nowhere' } },
  };
  test.each(Object.entries(strangers))('%s: 401', async (_name, scope) => {
    expectIamRefusal(await iam.post(withPassword({}, scope)), 401, 'Unauthorized', 'Unauthorized.');
  });

  test('without a project the catalogue has no URL with one', async () => {
    const { token } = await iam.issue({ domain: { id: domain.id } });
    expect(token.catalog.map(({ type }) => type)).toEqual(['identity', 'kms']);
  });
});

describe('a token proves', () => {
  test('as much as the password did, in another scope, and no longer', async () => {
    const { secret, token } = await iam.issue({ domain: { id: domain.id } });
    clock.advance(3_600_000);
    const answer = await iam.post(withToken(secret, projectScope));
    expect(answer.status).toBe(201);
    const { token: second } = answer.body as TokenBody;
    expect(second).toMatchObject({ methods: ['token'], project: { id: project.id }, user: { id: user.id } });
    expect(second.expires_at).toBe(token.expires_at);
    expect(answer.headers['x-subject-token']).not.toBe(secret);
  });

  test('also when it is a seeded one that does not expire: the new one does', async () => {
    const { token } = (await iam.post(withToken(seededToken, projectScope))).body as TokenBody;
    expect(Date.parse(token.expires_at)).toBe(clock.now() + 86_400_000);
  });

  test.each(['unknown', tokens.expired, ''])('%j: 401', async (id) => {
    expectIamRefusal(await iam.post(withToken(id, projectScope)), 401, 'Unauthorized', 'Unauthorized.');
  });
});

test.each([
  ['', 5],
  ['?nocatalog', 5],
  ['?nocatalog=', 5],
  ['?nocatalog=1', 0],
  ['?nocatalog=true', 0],
  ['?nocatalog=0', 0],
])('%j: a catalogue of %i', async (query, entries) => {
  const { token } = (await iam.post(withPassword({}, projectScope), query)).body as TokenBody;
  expect(token.catalog).toHaveLength(entries);
  const shown = (await iam.about('get', seededToken, seededToken, query)).body as TokenBody;
  expect(shown.token.catalog).toHaveLength(entries);
});

describe('what is no request for a token', () => {
  const illegal: Readonly<Record<string, unknown>> = {
    'no body': undefined,
    'not JSON': '{"auth"',
    'a list': [],
    'an empty object': {},
    'auth null': { auth: null },
    'no identity': { auth: {} },
    'no methods': { auth: { identity: {} } },
    'an empty list of methods': { auth: { identity: { methods: [] } } },
    'methods that are no list': { auth: { identity: { methods: {} } } },
    'password without its part': { auth: { identity: { methods: ['password'] } } },
    'password without a user': { auth: { identity: { methods: ['password'], password: {} } } },
    'a user without a password': withPassword({ password: undefined }),
    'a user without a name': withPassword({ name: undefined }),
    'an object for a password': withPassword({ password: {} }),
    'token without its part': { auth: { identity: { methods: ['token'] } } },
    'token without an id': withToken(undefined),
    'a project without a name': withPassword({}, { project: {} }),
    'text for a scope': withPassword({}, 'all'),
  };
  test.each(Object.entries(illegal))('%s: 400', async (_name, body) => {
    expectIamRefusal(await iam.post(body), 400, 'Bad Request', 'Illegal request');
  });

  test.each([['magic'], ['constructor'], ['totp'], ['password', 'token'], ['password', null], ['']])(
    'methods %j: 401',
    async (...methods) => {
      const { auth } = withPassword() as { auth: { identity: object } };
      const body = { auth: { ...auth, identity: { ...auth.identity, methods } } };
      expectIamRefusal(
        await iam.post(body),
        401,
        'Unauthorized',
        'Attempted to authenticate with an unsupported method.',
      );
    },
  );

  test('more than 1 MiB: 413', async () => {
    const answer = await iam.post(JSON.stringify(withPassword()).padEnd(1024 * 1024 + 1));
    expectIamRefusal(answer, 413, 'Request Entity Too Large', 'Request is too large.');
  });

  test.each(['put', 'patch', 'options'] as const)('%s: 405', async (method) => {
    const message = 'The method is not allowed for the requested URL.';
    expectIamRefusal(await send(url, method, '/v3/auth/tokens'), 405, 'Method Not Allowed', message);
  });
});
