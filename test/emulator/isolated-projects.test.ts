import { describe, expect, test } from 'vitest';
import type { components } from '../../src/contract/openapi.ts';
import type { TestProject } from '../../src/index.ts';
import { iamClient, withPassword } from '../iam/tokens.ts';
import { send, type Answer } from '../support/http.ts';
import { kmsClient } from '../support/kms.ts';
import { sign } from '../support/sdk-signer.ts';
import { useSignet } from '../support/signet.ts';

type NewProject = components['schemas']['NewProjectResponse'];

const signet = await useSignet();
const { url } = signet;

const make = (body?: unknown): Promise<Answer> => send(url, 'post', '/_signet/projects', { body });
const remove = (id: string): Promise<Answer> => send(url, 'delete', `/_signet/projects/${id}`);
const made = async (body?: unknown): Promise<NewProject> => (await make(body)).body as NewProject;
const clientOf = ({ project, token }: Pick<NewProject, 'project' | 'token'>) =>
  kmsClient(url, { projectId: project.id, token });

function signed({ access_key }: NewProject, target: string): Promise<Answer> {
  const headers = sign({ method: 'GET', target, headers: {}, at: Date.now(), ...access_key });
  return send(url, 'get', target, { headers });
}

describe('POST /_signet/projects', () => {
  test.each([
    ['no body', undefined],
    ['an empty object', {}],
    ['a name', { name: 'my-tests' }],
  ])('with %s makes a project that token, access key and password open', async (_, body) => {
    const answer = await make(body);
    expect(answer.status).toBe(201);
    const { region, domain, project, user, token, access_key, ...rest } = answer.body as NewProject;
    expect(rest).toEqual({});
    expect(region).toBe('eu-de');
    expect(project.name).toBe(body && 'name' in body ? body.name : 'eu-de');
    expect([domain.id, project.id, user.id]).toEqual(Array(3).fill(expect.stringMatching(/^[0-9a-f]{32}$/)));
    expect(access_key).toEqual({
      access: expect.stringMatching(/^[0-9A-Z]{20}$/) as unknown,
      secret: expect.stringMatching(/^[0-9a-f]{40}$/) as unknown,
    });

    const byToken = clientOf({ project, token });
    const keyId = await byToken.create({ key_alias: 'mine', key_spec: 'EC_P256' });
    expect((await byToken.describe(keyId)).domain_id).toBe(domain.id);
    const found = await signed(answer.body as NewProject, `/v3/projects?name=${project.name}`);
    expect(found.body).toMatchObject({ projects: [{ id: project.id, domain_id: domain.id }] });
    const login = withPassword(
      { name: user.name, password: user.password, domain: { name: domain.name } },
      { project: { id: project.id } },
    );
    expect((await iamClient(url).post(login)).status).toBe(201);
  });

  test('makes projects that do not meet', async () => {
    const [one, other] = [await made(), await made()];
    const keyId = await clientOf(one).create({ key_alias: 'same-name', key_spec: 'EC_P256' });
    await clientOf(other).create({ key_alias: 'same-name', key_spec: 'EC_P256' });
    expect((await clientOf(other).post('describe-key', { key_id: keyId })).status).toBe(404);
    expect((await kmsClient(url, { projectId: one.project.id, token: other.token }).post('list-keys', {})).status).toBe(
      403,
    );
    const found = await signed(other, '/v3/projects');
    expect((found.body as { projects: unknown[] }).projects).toHaveLength(1);
  });

  test('makes users whom nobody meets who logs in without a domain', async () => {
    await made();
    const withoutDomain = withPassword({ domain: undefined }, { project: { name: 'eu-de' } });
    expect((await iamClient(url).post(withoutDomain)).status).toBe(201);
  });

  test.each([
    ['not JSON', '{', 'Signet.InvalidBody', 'The body is not a JSON object, or longer than 1 MiB.'],
    ['a list', [], 'Signet.InvalidBody', 'The body is not a JSON object, or longer than 1 MiB.'],
    [
      'a name that is too long',
      { name: 'x'.repeat(65) },
      'Signet.InvalidParameter',
      "'name' is not as openapi.yaml describes it.",
    ],
  ])('refuses %s', async (_, body, code, text) => {
    const answer = await make(body);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ error: { error_code: code, error_msg: text } });
  });
});

describe('DELETE /_signet/projects/{project_id}', () => {
  test('removes the project with all that opened it, and nothing else', async () => {
    const [one, other] = [await made(), await made()];
    await clientOf(one).create({ key_alias: 'goes', key_spec: 'EC_P256' });
    expect((await remove(one.project.id)).status).toBe(204);
    expect((await clientOf(one).post('list-keys', {})).body).toMatchObject({ error: { error_code: 'KMS.0302' } });
    expect((await signed(one, '/v3/projects')).text).toContain(`ak ${one.access_key.access} not exist`);
    expect((await clientOf(other).post('list-keys', {})).status).toBe(200);
  });

  test('while a key is being made there, refuses the key as it would refuse the token', async () => {
    const { project, token } = await made();
    const creating = clientOf({ project, token }).post('create-key', { key_alias: 'late', key_spec: 'RSA_4096' });
    await remove(project.id);
    expect((await creating).body).toMatchObject({ error: { error_code: 'KMS.0302' } });
  });

  test('says when there is none', async () => {
    const { project } = await made();
    expect((await remove(project.id)).status).toBe(204);
    for (const id of [project.id, 'nowhere']) {
      const answer = await remove(id);
      expect(answer.status).toBe(404);
      expect(answer.body).toEqual({
        error: { error_code: 'Signet.NoSuchProject', error_msg: 'There is no such project.' },
      });
    }
  });

  test('is all that answers there', async () => {
    const answer = await send(url, 'get', '/_signet/projects/x');
    expect(answer.status).toBe(405);
    expect(answer.body).toMatchObject({ error: { error_code: 'Signet.MethodNotAllowed' } });
  });
});

test('createProject does the same in process', async () => {
  const project: TestProject = await signet.createProject('in-process');
  expect(project.project.name).toBe('in-process');
  expect((await clientOf(project).ask('list-keys', {})).total).toBe(0);
  await expect(signet.createProject('x'.repeat(65))).rejects.toThrow(RangeError);
  expect(await project.remove()).toBe(true);
  expect(await project.remove()).toBe(false);
  expect((await clientOf(project).post('list-keys', {})).status).toBe(403);
});
