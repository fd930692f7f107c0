import { describe, expect, test } from 'vitest';
import type { components } from '../../src/contract/openapi.ts';
import { iamClient } from '../iam/tokens.ts';
import { makeClock, second } from '../support/clock.ts';
import { send, type Answer } from '../support/http.ts';
import { domain, project, seededKeys, user } from '../support/identity.ts';
import { kmsClient } from '../support/kms.ts';
import { useSeed, useSignet } from '../support/signet.ts';

type Schemas = components['schemas'];

const clock = makeClock();
const seed = useSeed(`
version: 1
region: eu-de
domains:
  - id: '${'a'.repeat(32)}'
    name: Zeta
    users: [{ id: '${'1'.repeat(32)}', name: zoe, password: p }, { id: '${'2'.repeat(32)}', name: anna, password: p }]
    projects: [{ id: '${'3'.repeat(32)}', name: eu-de }, { id: '${'4'.repeat(32)}', name: eu-de_b }]
  - id: '${'b'.repeat(32)}'
    name: Alpha
    users:
      - { id: '${'5'.repeat(32)}', name: abe, password: p, permissions: ['kms:cmk:list'] }
      - { id: '${'6'.repeat(32)}', name: bea, password: p }
    agencies: [{ id: '${'7'.repeat(32)}', name: aaa, trusted_domain: Zeta }]
    projects:
      - id: '${'8'.repeat(32)}'
        name: eu-de
        keys: [{ name: one, spec: EC_P256 }, { name: two, spec: AES_256 }]
  - id: '${'c'.repeat(32)}'
    name: Empty
    users: [{ id: '${'9'.repeat(32)}', name: nobody, password: p, permissions: [] }]
    projects: [{ id: '${'d'.repeat(32)}', name: eu-de }]
`);
const { url } = await useSignet({ seed, now: clock.now });
const alpha = '8'.repeat(32);

const issue = (projectId: string, body?: unknown): Promise<Answer> =>
  send(url, 'post', `/_signet/projects/${projectId}/tokens`, { body });
const issued = async (projectId: string, body?: unknown): Promise<Schemas['NewTokenResponse']> =>
  (await issue(projectId, body)).body as Schemas['NewTokenResponse'];

describe('GET /_signet/projects', () => {
  test('has all projects, in the order of domains and names, with how many keys they have', async () => {
    const answer = await send(url, 'get', '/_signet/projects');
    expect(answer.body).toEqual({
      projects: [
        { id: alpha, name: 'eu-de', domain: { id: 'b'.repeat(32), name: 'Alpha' }, keys: 2 },
        { id: 'd'.repeat(32), name: 'eu-de', domain: { id: 'c'.repeat(32), name: 'Empty' }, keys: 0 },
        { id: '3'.repeat(32), name: 'eu-de', domain: { id: 'a'.repeat(32), name: 'Zeta' }, keys: 0 },
        { id: '4'.repeat(32), name: 'eu-de_b', domain: { id: 'a'.repeat(32), name: 'Zeta' }, keys: 0 },
      ],
    });
  });

  test('has those of the default seed and isolated ones, and counts the keys that come', async () => {
    const own = await useSignet();
    const { project: isolated, token } = await own.createProject('mine');
    await kmsClient(own.url, { projectId: isolated.id, token }).create({ key_alias: 'k' });
    const { projects } = (await send(own.url, 'get', '/_signet/projects')).body as Schemas['ProjectList'];
    const counts = Object.fromEntries(projects.map(({ id, keys }) => [id, keys]));
    expect(counts).toEqual({ [project.id]: Object.keys(seededKeys).length, [isolated.id]: 1 });
    expect(projects.find(({ id }) => id === project.id)?.domain).toEqual(domain);
  });
});

describe('POST /_signet/projects/{project_id}/tokens', () => {
  test('gives a token that opens the project, of the first user who may do everything', async () => {
    const { token, user_id, expires_at } = await issued(alpha);
    expect(user_id).toBe('6'.repeat(32));
    expect(expires_at).toBe(new Date(clock.now() + 3600 * second).toISOString());
    const kms = kmsClient(url, { projectId: alpha, token });
    expect((await kms.ask('list-keys', {})).total).toBe(2);
    expect((await iamClient(url).about('get', token)).body).toMatchObject({
      token: { user: { name: 'bea' }, project: { id: alpha }, expires_at: '2026-01-15T11:30:00.123000Z' },
    });
  });

  test('takes users in the order of their names', async () => {
    expect((await issued('3'.repeat(32))).user_id).toBe('2'.repeat(32));
  });

  test('gives one of the user who is named, who may do no more with it than otherwise', async () => {
    const { token, user_id } = await issued(alpha, { user_id: '5'.repeat(32) });
    expect(user_id).toBe('5'.repeat(32));
    const kms = kmsClient(url, { projectId: alpha, token });
    expect((await kms.post('list-keys', {})).status).toBe(200);
    expect((await kms.post('create-key', { key_alias: 'k' })).status).toBe(403);
  });

  test('gives one that lives as long as it is told, by the clock', async () => {
    const { token } = await issued(alpha, { lifetime_seconds: 60 });
    const kms = kmsClient(url, { projectId: alpha, token });
    clock.advance(59 * second);
    expect((await kms.post('list-keys', {})).status).toBe(200);
    clock.advance(second);
    expect((await kms.post('list-keys', {})).status).not.toBe(200);
  });

  test.each([
    ['an unknown project', 'f'.repeat(32), {}, 404, 'Signet.NoSuchProject'],
    ['an unknown user', alpha, { user_id: 'f'.repeat(32) }, 404, 'Signet.NoSuchUser'],
    ['a user of another domain', alpha, { user_id: '1'.repeat(32) }, 404, 'Signet.NoSuchUser'],
    ['an agency, which somebody must act as', alpha, { user_id: '7'.repeat(32) }, 404, 'Signet.NoSuchUser'],
    ['a domain where nobody may do everything', 'd'.repeat(32), {}, 404, 'Signet.NoSuchUser'],
    ['no time at all', alpha, { lifetime_seconds: 0 }, 400, 'Signet.InvalidParameter'],
    ['more than a year', alpha, { lifetime_seconds: 31_536_001 }, 400, 'Signet.InvalidParameter'],
    ['no JSON', alpha, '{', 400, 'Signet.InvalidBody'],
  ])('refuses %s', async (_, projectId, body, status, code) => {
    const answer = await issue(projectId, body);
    expect(answer.body).toMatchObject({ error: { error_code: code } });
    expect(answer.status).toBe(status);
  });

  test('gives none for a project that was removed, and takes those back that there were', async () => {
    const own = await useSignet();
    const made = await own.createProject();
    const path = `/_signet/projects/${made.project.id}/tokens`;
    const { token } = (await send(own.url, 'post', path)).body as Schemas['NewTokenResponse'];
    await made.remove();
    expect((await send(own.url, 'post', path)).body).toMatchObject({ error: { error_code: 'Signet.NoSuchProject' } });
    const gone = await kmsClient(own.url, { projectId: made.project.id, token }).post('list-keys', {});
    expect(gone.status).not.toBe(200);
  });

  test('opens the default project as its own user', async () => {
    const own = await useSignet();
    const answer = await send(own.url, 'post', `/_signet/projects/${project.id}/tokens`, { body: {} });
    const { token, user_id } = answer.body as Schemas['NewTokenResponse'];
    expect(answer.status).toBe(201);
    expect(user_id).toBe(user.id);
    expect((await kmsClient(own.url, { token }).post('list-keys', {})).status).toBe(200);
  });
});
