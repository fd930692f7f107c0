import { describe, expect, test } from 'vitest';
import { makeClock } from '../support/clock.ts';
import { send, type Answer, type Asked, type Method } from '../support/http.ts';
import { project, region, token, user } from '../support/identity.ts';
import { expectAnswerHeaders, expectIamRefusal } from '../support/refusals.ts';
import { signedClient } from '../support/signed.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { byToken, credentialsPath } from './credentials.ts';
import {
  annex,
  careful,
  deputy,
  domainToken,
  expiredToken,
  home,
  houses,
  partner,
  stranger,
  strangersProject,
  strangersToken,
} from './houses.ts';
import { iamClient, withPassword, type TokenBody } from './tokens.ts';

const clock = makeClock();
const { url } = await useSignet({ seed: useSeed(houses), now: clock.now });
const ask = signedClient(url, clock.now);
const get = (target: string, secret: string = token): Promise<Answer> =>
  send(url, 'get', target, { headers: { 'X-Auth-Token': secret } });

const links = (path: string) => ({ self: `${url}${path}`, previous: null, next: null });
const entry = ({ id, name }: { id: string; name: string }, domainId: string = home.id) => ({
  ...{ id, name, domain_id: domainId, parent_id: domainId },
  ...{ is_domain: false, enabled: true, description: '' },
  links: { self: `${url}/v3/projects/${id}` },
});

describe('/v3/auth/catalog', () => {
  const target = '/v3/auth/catalog';
  const withProject = ['identity', 'kms', 'kmsv1', 'apigv2', 'volumev2'];
  const signed = (headers = {}): Promise<Answer> => ask({ method: 'GET', target, headers });

  test.each<[string, readonly string[], () => Promise<Answer>]>([
    ['a token for a project', withProject, () => get(target)],
    ['a token for a domain', ['identity', 'kms'], () => get(target, domainToken)],
    ['a signature', ['identity', 'kms'], () => signed()],
    ['a signature and X-Project-Id', withProject, () => signed({ 'X-Project-Id': project.id })],
    ['a signature and X-Domain-Id', ['identity', 'kms'], () => signed({ 'X-Domain-Id': home.id })],
    [
      "a signature and somebody else's X-Project-Id",
      ['identity', 'kms'],
      () => signed({ 'X-Project-Id': strangersProject.id }),
    ],
    ['a signature and an X-Project-Id that is none', ['identity', 'kms'], () => signed({ 'X-Project-Id': 'nowhere' })],
  ])('with %s: %j', async (_who, types, request) => {
    const answer = await request();
    expect(answer.status, answer.text).toBe(200);
    const { catalog, ...rest } = answer.body as { catalog: { type: string }[] };
    expect(catalog.map(({ type }) => type)).toEqual(types);
    expect(rest).toStrictEqual({ links: { self: `${url}${target}` } });
  });

  test('is that of the token, address for address', async () => {
    const issued = (await iamClient(url).post(withPassword({}, { project: { id: project.id } }))).body as TokenBody;
    const { catalog } = (await get(target)).body as { catalog: unknown };
    expect(catalog).toStrictEqual(issued.token.catalog);
    const ofAnnex = await signed({ 'X-Project-Id': annex.id });
    expect(JSON.stringify(ofAnnex.body)).toContain(`"${url}/v1.0/${annex.id}"`);
  });
});

describe('/v3/projects', () => {
  const [first, second] = [entry(project), entry(annex)];

  test.each<[string, readonly object[]]>([
    ['', [first, second]],
    [`?name=${region}`, [first]],
    [`?name=${annex.name}`, [second]],
    ['?name=eu', []],
    ['?name=EU-DE', []],
    ['?name=', []],
    [`?domain_id=${home.id}`, [first, second]],
    [`?domain_id=${home.id}&name=${region}`, [first]],
    [`?domain_id=${partner.id}`, []],
    [`?domain_id=${partner.id}&name=${region}`, []],
    [`?parent_id=${home.id}`, [first, second]],
    [`?parent_id=${project.id}`, []],
    ['?enabled=true', [first, second]],
    ['?enabled=false', []],
    ['?is_domain=false', [first, second]],
    ['?is_domain=true', []],
    ['?page=1&per_page=1000', [first, second]],
  ])('%j', async (query, projects) => {
    for (const answer of [
      await get(`/v3/projects${query}`),
      await ask({ method: 'GET', target: `/v3/projects${query}` }),
    ]) {
      expect([answer.status, answer.body]).toStrictEqual([200, { projects, links: links(`/v3/projects${query}`) }]);
    }
  });

  test('are those of the domain of whoever asks', async () => {
    const { projects } = (await get('/v3/projects', strangersToken)).body as { projects: unknown };
    expect(projects).toStrictEqual([entry(strangersProject, stranger.id)]);
  });
});

test('/v3/auth/projects: those that the caller may enter', async () => {
  const expected = { projects: [entry(project), entry(annex)], links: links('/v3/auth/projects') };
  for (const secret of [token, domainToken])
    expect((await get('/v3/auth/projects', secret)).body).toStrictEqual(expected);
  expect((await ask({ method: 'GET', target: '/v3/auth/projects' })).body).toStrictEqual(expected);
});

describe('/v3/auth/domains', () => {
  const own = { ...home, enabled: true, description: '', links: { self: `${url}/v3/domains/${home.id}` } };

  test.each<[string, readonly object[]]>([
    ['', [own]],
    [`?name=${home.name}`, [own]],
    [`?name=${partner.name}`, []],
  ])('%j', async (query, domains) => {
    const expected = { domains, links: links(`/v3/auth/domains${query}`) };
    expect((await get(`/v3/auth/domains${query}`)).body).toStrictEqual(expected);
    expect((await ask({ method: 'GET', target: `/v3/auth/domains${query}` })).body).toStrictEqual(expected);
  });
});

test('/v3/regions: the one that there is', async () => {
  const self = `${url}/v3/regions/${region}`;
  const only = { id: region, type: 'public', description: '', parent_region_id: null, links: { self } };
  const regions = [{ ...only, locales: { 'en-us': region } }];
  expect((await get('/v3/regions')).body).toStrictEqual({ regions, links: links('/v3/regions') });
});

const lists = ['/v3/auth/catalog', '/v3/projects', '/v3/auth/projects', '/v3/auth/domains', '/v3/regions'];

test.each(lists)('%s wants a credential', async (target) => {
  const message = 'The request you have made requires authentication.';
  expectIamRefusal(await send(url, 'get', target), 401, 'Unauthorized', message);
  for (const secret of ['unknown', expiredToken]) {
    expectIamRefusal(await get(target, secret), 401, 'Unauthorized', message);
  }
});

describe('what is asked for by its id', () => {
  const idsIn = ({ body }: Answer): string[] => (body as { projects: { id: string }[] }).projects.map(({ id }) => id);

  test.each([project, annex])('is the project $name', async ({ id, name }) => {
    const self = `${url}/v3/projects/${id}`;
    const answer = await get(`/v3/projects/${id}`);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ project: { id, name, domain_id: home.id, enabled: true, links: { self } } });
  });

  test('are the projects of a user', async () => {
    for (const { id } of [user, careful]) {
      const answer = await get(`/v3/users/${id}/projects`);
      expect(idsIn(answer)).toEqual([project.id, annex.id]);
      expect(answer.body).toMatchObject({ links: { self: `${url}/v3/users/${id}/projects` } });
    }
  });

  test.each([
    ['projects', strangersProject.id, 'project', ''],
    ['projects', 'nowhere', 'project', ''],
    ['projects', "$&$'$1", 'project', ''],
    ['users', 'nobody', 'user', '/projects'],
    ['users', deputy.id, 'user', '/projects'],
  ])('is no part of another domain: %s/%s', async (list, id, what, rest) => {
    const answer = await get(`/v3/${list}/${encodeURIComponent(id)}${rest}`);
    expectIamRefusal(answer, 404, 'Not Found', `Could not find ${what}: ${id}.`);
  });
});

describe('X-IAM-Trace-Id is X-Request-Id', () => {
  const calls: readonly (readonly [status: number, method: Method, target: string, asked: Asked])[] = [
    ...lists.map((target) => [200, 'get', target, {}] as const),
    ...lists.map((target) => [401, 'get', target, { headers: {} }] as const),
    [200, 'get', '/v3', {}],
    [401, 'get', '/v3/projects', { headers: { Authorization: 'SDK-HMAC-SHA256 Access=NOBODY' } }],
    [400, 'post', '/v3/auth/tokens', { body: '{' }],
    [401, 'post', '/v3/auth/tokens', { body: withPassword({ password: 'wrong' }) }],
    [405, 'put', '/v3/auth/tokens', {}],
    [201, 'post', credentialsPath, { headers: { 'X-Auth-Token': token }, body: byToken() }],
    [401, 'post', credentialsPath, { headers: {}, body: byToken() }],
    [405, 'put', credentialsPath, {}],
  ];
  test.each(calls)('%i for %s %s', async (status, method, target, asked) => {
    const answer = await send(url, method, target, { headers: { 'X-Auth-Token': token }, ...asked });
    expect(answer.status).toBe(status);
    expectAnswerHeaders(answer);
    expect(answer.headers['x-iam-trace-id']).toBe(answer.headers['x-request-id']);
  });

  test('and the KMS has none', async () => {
    expect((await send(url, 'get', '/v1.0')).headers).not.toHaveProperty('x-iam-trace-id');
  });
});
