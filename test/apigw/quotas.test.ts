/** How much a gateway may have; the larger quotas are shown in refusals.test.ts, on a gateway that a seed has filled. */
import { describe, expect, test } from 'vitest';
import { gatewayOf, generations, makerOf, newName } from '../support/apigw.ts';
import { expectApigRefusal } from '../support/apig-refusals.ts';
import { useSignet } from '../support/signet.ts';

const signet = await useSignet();

describe('200 signature keys', () => {
  test('the last one is made, the next one is not, and another when one is gone', async () => {
    const project = await signet.createProject();
    const gateway = await gatewayOf(signet.url, project);
    const make = makerOf(gateway);
    const ids: string[] = [];
    while (ids.length < 200) ids.push(...(await Promise.all(Array.from({ length: 20 }, () => make.key()))));
    for (const generation of generations) {
      const one = await gatewayOf(signet.url, project, generation);
      expectApigRefusal(await one.send('post', 'signs', { name: newName() }), 'APIG.3105');
    }
    // A change takes no room.
    expect((await gateway.send('put', `signs/${ids[0]!}`, { name: newName() })).status).toBe(200);
    await gateway.ask('delete', `signs/${ids[7]!}`);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => gateway.send('post', 'signs', { name: newName() })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403, 403, 403]);
    expect(await gateway.ask('get', 'signs')).toMatchObject({ total: 200 });
  });

  test('are counted for each gateway', async () => {
    const other = await gatewayOf(signet.url, await signet.createProject());
    expect((await other.send('post', 'signs', { name: newName() })).status).toBe(201);
  });
});

test('ten environments, RELEASE among them', async () => {
  const gateway = await gatewayOf(signet.url, await signet.createProject());
  const make = makerOf(gateway);
  const ids: string[] = [];
  for (let index = 0; index < 9; index += 1) ids.push(await make.environment());
  expectApigRefusal(await gateway.send('post', 'envs', { name: newName() }), 'APIG.3104');
  await gateway.ask('delete', `envs/${ids[0]!}`);
  const answers = await Promise.all(Array.from({ length: 4 }, () => gateway.send('post', 'envs', { name: newName() })));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403, 403]);
});

test('of many who take a name at once, one gets it', async () => {
  const gateway = await gatewayOf(signet.url, await signet.createProject());
  const name = newName();
  const answers = await Promise.all(Array.from({ length: 8 }, () => gateway.send('post', 'signs', { name })));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  for (const answer of answers.filter(({ status }) => status !== 201)) expectApigRefusal(answer, 'APIG.3207');
});
