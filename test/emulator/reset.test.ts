/** Back to the beginning, over every database: everything as it was planted, or the identities alone; all of it, or one project. */
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { writeFileSync } from 'node:fs';
import type { StateFile } from '../../src/emulator/states/snapshot-format.ts';
import { iamClient, withPassword } from '../iam/tokens.ts';
import { makeClock } from '../support/clock.ts';
import { send } from '../support/http.ts';
import { accessKey, project, seededKeys, token } from '../support/identity.ts';
import { kmsClient } from '../support/kms.ts';
import { manyStates, otherProject, strangersKey, tokens } from '../support/many-states.ts';
import { sign } from '../support/sdk-signer.ts';
import { useFolder, useSeed, useSignet } from '../support/signet.ts';
import { aliasesOf, changed, isValid, publicKey, signature, stateClient, stateOf } from './state-client.ts';

const gateway = `{ name: mine, signature_keys: [{ name: made_up }], groups: [{ name: group, apis: [
          { name: api, req_method: GET, req_uri: /, published: [{ environment: RELEASE, signature_key: made_up }] } ] }] }`;
const planted = manyStates
  .replace(
    '    projects: [{ name: eu-de }]',
    '    projects: [{ name: eu-de, keys: [{ name: made-up, spec: EC_P256 }] }]',
  )
  .replace(
    `name: ${project.name}\n        keys:`,
    `name: ${project.name}\n        gateways: [${gateway}]\n        keys:`,
  );
/** Keys without ids and without material, which the start makes up, and a gateway; a fault rule. */
const seed = `${planted}
faults: [{ operation: kms.sign, error: KMS.0103, skip: 1000000 }]
`;

const databases: readonly (readonly [string, () => string])[] = [
  ['in memory', () => 'sqlite::memory:'],
  ['in a file', () => `sqlite:${join(useFolder(), 'state.sqlite')}`],
];

describe.each(databases)('%s', async (_, newUrl) => {
  const clock = makeClock();
  const { url, createProject } = await useSignet({ seed: useSeed(seed), databaseUrl: newUrl(), now: clock.now });
  const state = stateClient(url);
  const kms = kmsClient(url);
  const other = kmsClient(url, { projectId: otherProject.id, token: tokens.otherProject });
  const rules = async (): Promise<unknown[]> =>
    ((await send(url, 'get', '/_signet/faults')).body as { faults: unknown[] }).faults;
  const beginning = await state.text();

  beforeEach(async () => {
    expect((await state.reset()).status).toBe(204);
  });

  test('to the seed: the same to the byte, generated ids and material too', async () => {
    const before = await publicKey(kms, '00000000-0000-4000-8000-000000000002');
    await kms.create({ key_alias: 'later', key_spec: 'EC_P256' });
    await kms.ask('disable-key', { key_id: '00000000-0000-4000-8000-000000000002' });
    await other.ask('schedule-key-deletion', { key_id: strangersKey, pending_days: '7' });
    clock.advance(60_000);
    expect(await state.text()).not.toBe(beginning);
    expect((await state.reset({ to: 'seed' })).status).toBe(204);
    expect(await state.text()).toBe(beginning);
    expect(isValid(before, await signature(kms, '00000000-0000-4000-8000-000000000002'))).toBe(true);
    expect((await other.describe(strangersKey)).key_state).toBe('2');
  });

  test('an isolated project made since is gone, with all that opened it', async () => {
    const made = await createProject();
    expect((await kmsClient(url, { projectId: made.project.id, token: made.token }).post('list-keys', {})).status).toBe(
      200,
    );
    await state.reset();
    expect((await kmsClient(url, { projectId: made.project.id, token: made.token }).post('list-keys', {})).status).toBe(
      403,
    );
    const headers = sign({ method: 'GET', target: '/v3/projects', headers: {}, at: clock.now(), ...made.accessKey });
    expect((await send(url, 'get', '/v3/projects', { headers })).text).toContain('not exist');
  });

  test('tokens: one that was issued is void, one of the seed that was revoked is good again', async () => {
    const issued = await iamClient(url).post(withPassword({}, { project: { id: project.id } }));
    const fresh = kmsClient(url, { token: issued.headers['x-subject-token'] ?? '' });
    expect((await fresh.post('list-keys', {})).status).toBe(200);
    const revoking = { 'X-Auth-Token': token, 'X-Subject-Token': token };
    expect((await send(url, 'delete', '/v3/auth/tokens', { headers: revoking })).status).toBe(204);
    expect((await kms.post('list-keys', {})).status).toBe(403);
    await state.reset();
    expect((await fresh.post('list-keys', {})).status).toBe(403);
    expect((await kms.post('list-keys', {})).status).toBe(200);
    expect((await iamClient(url).post(withPassword({}, { project: { id: project.id } }))).status).toBe(201);
  });

  test('the clock is the real one again, and the faults are those of the beginning', async () => {
    await send(url, 'put', '/_signet/clock', { body: { now: '2040-01-01T00:00:00Z', frozen: true } });
    await send(url, 'post', '/_signet/faults', { body: { operation: 'kms.createKey', error: 'KMS.0103' } });
    expect(await rules()).toHaveLength(2);
    await state.reset();
    const answer = await send(url, 'get', '/_signet/clock');
    expect(answer.body).toMatchObject({
      now: new Date(clock.now()).toISOString(),
      frozen: false,
      offset_milliseconds: 0,
    });
    expect(await rules()).toMatchObject([{ operation: 'kms.sign', matched: 0 }]);
  });

  test('to the identity: everybody gets in, and there is no key', async () => {
    await kms.ask('aliases', { alias: 'alias/of-mine', key_id: '00000000-0000-4000-8000-000000000002' });
    expect((await state.reset({ to: 'identity' })).status).toBe(204);
    for (const client of [kms, other]) expect((await client.ask('list-keys', {})).key_details).toEqual([]);
    expect((await kms.ask('GET aliases', {})).aliases).toEqual([]);
    expect((await iamClient(url).post(withPassword({}, { project: { id: project.id } }))).status).toBe(201);
    const id = await kms.create({ key_alias: 'enabled', key_spec: 'EC_P256' });
    expect(isValid(await publicKey(kms, id), await signature(kms, id))).toBe(true);
  });

  const gatewaysOf = (text: string) =>
    stateOf(text).domains.flatMap(({ projects = [] }) => projects.flatMap(({ gateways = [] }) => gateways));
  const withoutGateways = ({ domains }: StateFile): void => {
    for (const { projects = [] } of domains) for (const each of projects) Reflect.deleteProperty(each, 'gateways');
  };

  test('gateways: what is in them is there again, generated pairs too; to the identity it is not', async () => {
    const before = gatewaysOf(beginning);
    expect(before).toMatchObject([{ signature_keys: [{ name: 'made_up' }], groups: [{ apis: [{}] }] }]);
    // As an export of earlier versions, which knew none.
    expect((await state.import(changed(beginning, withoutGateways))).status).toBe(204);
    expect(gatewaysOf(await state.text())).toEqual([]);
    await state.reset({ project_id: project.id });
    expect(gatewaysOf(await state.text())).toEqual(before);
    await state.reset({ to: 'identity' });
    const empty = before.map(({ id, name, created_at }) => ({ id, name, created_at }));
    expect(gatewaysOf(await state.text())).toEqual(empty);
  });

  describe('of one project', () => {
    test('leaves the others alone, and the clock and the faults', async () => {
      await kms.create({ key_alias: 'later', key_spec: 'EC_P256' });
      await other.create({ key_alias: 'of-other', key_spec: 'EC_P256' });
      const made = await createProject();
      const mine = kmsClient(url, { projectId: made.project.id, token: made.token });
      await mine.create({ key_alias: 'of-mine', key_spec: 'EC_P256' });
      await send(url, 'post', '/_signet/faults', {
        body: { operation: 'kms.createKey', skip: 1000, error: 'KMS.0103' },
      });
      await send(url, 'put', '/_signet/clock', { body: { now: '2026-02-01T00:00:00Z', frozen: true } });
      const [others, isolated] = await Promise.all(
        [otherProject.id, made.project.id].map(async (id) => (await state.export({ project_id: id })).text),
      );
      const wanted = await aliasesOf(url);

      expect((await state.reset({ project_id: project.id })).status).toBe(204);
      expect(await aliasesOf(url)).toEqual(wanted.filter((alias) => alias !== 'later'));
      expect((await state.export({ project_id: otherProject.id })).text).toBe(others);
      expect((await state.export({ project_id: made.project.id })).text).toBe(isolated);
      expect((await send(url, 'get', '/_signet/clock')).body).toMatchObject({ frozen: true });
      expect(await rules()).toHaveLength(2);
    });

    test('brings back what the seed says of it, to the byte', async () => {
      const exported = async () => (await state.export({ project_id: project.id })).text;
      const before = await exported();
      for (const { key_id: id } of (await kms.ask('list-keys', { key_state: '2' })).key_details) {
        if (id.endsWith('de') || id.endsWith('6ae5')) continue;
        await kms.ask('schedule-key-deletion', { key_id: id, pending_days: '7' });
      }
      const revoking = { 'X-Auth-Token': tokens.domain, 'X-Subject-Token': token };
      await send(url, 'delete', '/v3/auth/tokens', { headers: revoking });
      await iamClient(url).post(withPassword({}, { project: { id: project.id } }));
      expect(await exported()).not.toBe(before);
      await state.reset({ project_id: project.id });
      expect(await exported()).toBe(before);
      await state.reset({ project_id: project.id, to: 'identity' });
      expect((await kms.ask('list-keys', {})).key_details).toEqual([]);
    });

    test('an isolated one keeps its identity and loses its keys, and tokens that were issued for it', async () => {
      const made = await createProject('mine');
      const mine = kmsClient(url, { projectId: made.project.id, token: made.token });
      const empty = (await state.export({ project_id: made.project.id })).text;
      const created_at = '2026-01-01T00:00:00.000Z';
      await state.import(
        changed(empty, ({ domains }) => {
          const gateways = [{ id: 'not-stored', environments: [{ id: 'e', name: 'TEST', created_at }] }];
          Object.assign(domains[0]?.projects?.[0] ?? {}, { gateways });
        }),
      );
      expect((await state.export({ project_id: made.project.id })).text).not.toBe(empty);
      await mine.create({ key_alias: 'goes', key_spec: 'EC_P256' });
      const scope = { project: { id: made.project.id } };
      const person = { name: made.user.name, password: made.user.password, domain: { name: made.domain.name } };
      const issued = await iamClient(url).post(withPassword(person, scope));
      expect((await state.reset({ project_id: made.project.id })).status).toBe(204);
      expect(await aliasesOf(url, { projectId: made.project.id, token: made.token })).toEqual([]);
      const late = { projectId: made.project.id, token: issued.headers['x-subject-token'] ?? '' };
      expect((await kmsClient(url, late).post('list-keys', {})).status).toBe(403);
      expect((await iamClient(url).post(withPassword(person, scope))).status).toBe(201);
      expect((await state.reset({ project_id: made.project.id })).status).toBe(204);
      expect((await state.export({ project_id: made.project.id })).text).toBe(empty);
    });

    test('of the seed that was removed comes back with its domain', async () => {
      await send(url, 'delete', `/_signet/projects/${project.id}`);
      await send(url, 'delete', `/_signet/projects/${otherProject.id}`);
      expect((await kms.post('list-keys', {})).status).toBe(403);
      expect((await state.reset({ project_id: project.id })).status).toBe(204);
      expect((await kms.ask('list-keys', {})).key_details.length).toBeGreaterThan(5);
      expect((await iamClient(url).post(withPassword({}, { project: { id: project.id } }))).status).toBe(201);
    });
  });

  test.each([
    [{ project_id: 'nowhere' }, 404, 'Signet.NoSuchProject'],
    [{ to: 'nothing' }, 400, 'Signet.InvalidParameter'],
    [{ project_id: 7, to: [] }, 400, 'Signet.InvalidParameter'],
  ])('%j is refused, and changes nothing', async (body, status, code) => {
    await kms.create({ key_alias: 'stays', key_spec: 'EC_P256' });
    const answer = await state.reset(body);
    expect([answer.status, (answer.body as { error: { error_code: string } }).error.error_code]).toEqual([
      status,
      code,
    ]);
    expect(await aliasesOf(url)).toContain('stays');
  });
});

describe('a state from a file, of which the start planted nothing', () => {
  const databaseUrl = `sqlite:${join(useFolder(), 'state.sqlite')}`;
  const folder = useFolder();

  test('begins again with the seed of this start; the same each time', async () => {
    const first = await useSignet({ databaseUrl });
    await kmsClient(first.url).create({ key_alias: 'later', key_spec: 'EC_P256' });
    await first.stop();
    const { url } = await useSignet({ databaseUrl });
    expect(await aliasesOf(url)).toContain('later');
    await stateClient(url).reset();
    const text = await stateClient(url).text();
    expect(await aliasesOf(url)).toHaveLength(Object.keys(seededKeys).length);
    const headers = sign({ method: 'GET', target: '/v3/projects', headers: {}, at: Date.now(), ...accessKey });
    expect((await send(url, 'get', '/v3/projects', { headers })).status).toBe(200);
    await kmsClient(url).create({ key_alias: 'once-more', key_spec: 'EC_P256' });
    await stateClient(url).reset();
    expect(await stateClient(url).text()).toBe(text);
  });

  test('says when the seed cannot be read, and stays as it is', async () => {
    const seedFile = join(folder, 'broken.yaml');
    writeFileSync(seedFile, 'version: 2');
    const { url } = await useSignet({ databaseUrl, seed: seedFile });
    const before = await stateClient(url).text();
    const answer = await stateClient(url).reset();
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('Signet.SeedUnusable');
    expect(await stateClient(url).text()).toBe(before);
    writeFileSync(seedFile, manyStates);
    expect((await stateClient(url).reset()).status).toBe(204);
    expect(await aliasesOf(url)).toContain('rotating-aes');
  });
});
