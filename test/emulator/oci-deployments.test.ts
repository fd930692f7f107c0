import { describe, expect, test } from 'vitest';
import { day } from '../support/clock.ts';
import { ask } from '../support/gateway-client.ts';
import { send } from '../support/http.ts';
import { at, useOciGateway } from '../support/oci-gateway.ts';

const gateway = await useOciGateway();
const { url, clock, create } = gateway;
const all = '/_signet/oci/deployments';
const specification = { routes: [{ path: '/{rest*}', backend: at('https://api.test/${request.path[rest]}') }] };

interface Deployment {
  readonly id: string;
  readonly path_prefix: string;
}
const list = async (): Promise<Deployment[]> =>
  ((await send(url, 'get', all)).body as { deployments: Deployment[] }).deployments;
const clear = async (): Promise<void> => {
  for (const { id } of await list()) await send(url, 'delete', `${all}/${id}`);
};
const refusal = (code: string) => ({ error: { error_code: code, error_msg: expect.any(String) as string } });

test('a deployment is made, listed, shown and removed', async () => {
  const made = await create('/v1', specification, 'first');
  const deployment = {
    id: expect.stringMatching(/^ocid1\.apideployment\.oc1\.\.[a-z0-9]{60}$/) as string,
    ...{ name: 'first', path_prefix: '/v1', url: `${url}/_oci/v1`, created_at: new Date(clock.now()).toISOString() },
    specification,
  };
  expect([made.status, made.body]).toStrictEqual([201, deployment]);
  const { id } = made.body as Deployment;
  clock.advance(day);
  const other = await create('/a/b', specification);
  expect(other.body).toMatchObject({ name: '/a/b', created_at: new Date(clock.now()).toISOString() });
  expect((await list()).map((one) => one.path_prefix)).toEqual(['/a/b', '/v1']);
  expect((await send(url, 'get', `${all}/${id}`)).body).toStrictEqual(made.body);
  expect(await send(url, 'delete', `${all}/${id}`)).toMatchObject({ status: 204, text: '' });
  expect((await list()).map((one) => one.path_prefix)).toEqual(['/a/b']);
  expect((await ask(url, { target: '/_oci/v1/x' })).status).toBe(404);
  for (const method of ['get', 'delete'] as const)
    expect(await send(url, method, `${all}/${id}`)).toMatchObject({
      ...{ status: 404, body: refusal('Signet.NoSuchOciDeployment') },
    });
});

test('a path prefix belongs to one deployment', async () => {
  expect((await create('/once', specification)).status).toBe(201);
  expect(await create('/once', specification)).toMatchObject({ status: 409, body: refusal('Signet.OciTaken') });
});

test('of 20 that want the same prefix at once, one gets it', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => create('/same', specification)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(409)]);
});

test('there are 100 at most', async () => {
  await clear();
  for (let index = 0; index < 97; index++) expect((await create(`/${index}`, specification)).status).toBe(201);
  // Of six that come at once for the last three places, three get one.
  const late = await Promise.all([1, 2, 3, 4, 5, 6].map((index) => create(`/late${index}`, specification)));
  expect(late.map(({ status }) => status).sort()).toEqual([201, 201, 201, 409, 409, 409]);
  expect(await create('/one-more', specification)).toMatchObject({
    ...{ status: 409, body: refusal('Signet.TooManyOciDeployments') },
  });
  await clear();
});

describe('what is missing or of another kind is refused', () => {
  test.each([
    [{}, 'Signet.MissingParameter'],
    [{ path_prefix: '/x' }, 'Signet.MissingParameter'],
    [{ path_prefix: 1, specification: [] }, 'Signet.'],
    [{ path_prefix: '/x', specification: 'x' }, 'Signet.'],
    [{ path_prefix: '/x', specification: null }, 'Signet.MissingParameter'],
    [{ path_prefix: '/x', specification, name: 'x'.repeat(256) }, 'Signet.'],
    [{ path_prefix: '/x'.repeat(128), specification }, 'Signet.'],
  ])('%j', async (body, code) => {
    const { status, text } = await send(url, 'post', all, { body });
    expect(status).toBe(400);
    expect(text).toContain(code);
  });
});

test('deployments outlive a reset to nothing but identities no more than keys do', async () => {
  await create('/reset', specification);
  await send(url, 'post', '/_signet/reset', { body: { to: 'identity' } });
  expect(await list()).toEqual([]);
});

describe('the requests for them', () => {
  const requests = async (query = ''): Promise<{ sent: { target: string } }[]> =>
    ((await send(url, 'get', `/_signet/oci/requests${query}`)).body as { requests: { sent: { target: string } }[] })
      .requests;

  test('are told newest first, so many as are asked for, and are forgotten', async () => {
    await send(url, 'delete', '/_signet/oci/requests');
    await create('/told', specification);
    for (const part of ['a', 'b', 'c']) await ask(url, { target: `/_oci/told/${part}` });
    await ask(url, { target: '/_oci/untold/d' });
    expect((await requests()).map(({ sent }) => sent.target)).toEqual(['/_oci/told/c', '/_oci/told/b', '/_oci/told/a']);
    expect((await requests('?limit=1')).map(({ sent }) => sent.target)).toEqual(['/_oci/told/c']);
    expect((await send(url, 'delete', '/_signet/oci/requests')).status).toBe(204);
    expect(await requests()).toEqual([]);
  });

  test('are 200 at most', async () => {
    for (let index = 0; index < 210; index++) await ask(url, { target: `/_oci/told/${index}` });
    const told = await requests('?limit=1000');
    expect(told).toHaveLength(200);
    expect(told.at(-1)?.sent.target).toBe('/_oci/told/10');
  });
});

test('all of it is for the administrator', async () => {
  for (const [method, path] of [
    ['get', all],
    ['post', all],
    ['get', `${all}/x`],
    ['delete', `${all}/x`],
    ['get', '/_signet/oci/requests'],
    ['delete', '/_signet/oci/requests'],
  ] as const)
    expect(await send(url, method, path, { headers: { Origin: 'https://evil.example' } })).toMatchObject({
      ...{ status: 403, body: refusal('Signet.ForeignOrigin') },
    });
});
