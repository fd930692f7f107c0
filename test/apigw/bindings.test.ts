/** Which key is bound to what is published, and for how long. */
import { describe, expect, test } from 'vitest';
import type { components } from '../../src/contract/openapi.ts';
import { gatewayClient, makerOf, newName, release, type Key } from '../support/apigw.ts';
import { expectApigRefusal } from '../support/apig-refusals.ts';
import { makeClock, second } from '../support/clock.ts';
import { useSignet } from '../support/signet.ts';

type Schemas = components['schemas'];

const clock = makeClock();
const { url } = await useSignet({ now: clock.now });
const gateway = gatewayClient(url);
const make = makerOf(gateway);

const bind = (sign_id: string, ...publish_ids: readonly string[]) =>
  gateway.send('post', 'sign-bindings', { sign_id, publish_ids });
const keysOf = async (apiId: string, query = '') =>
  (await gateway.ask<Schemas['ListBoundKeysResponse']>('get', `sign-bindings/binded-signs?api_id=${apiId}${query}`))
    .bindings;
const apisOf = async (keyId: string, query = '') =>
  (await gateway.ask<Schemas['ListBoundApisResponse']>('get', `sign-bindings/binded-apis?sign_id=${keyId}${query}`))
    .bindings;
const unboundOf = async (keyId: string, query = '') =>
  (await gateway.ask<Schemas['ListUnboundApisResponse']>('get', `sign-bindings/unbinded-apis?sign_id=${keyId}${query}`))
    .apis;
const countOf = async (keyId: string): Promise<number> =>
  (await gateway.ask<Schemas['ListSignatureKeysResponse']>('get', `signs?id=${keyId}`)).signs[0]!.bind_num;

/** An API that is published in RELEASE and in an environment of its own. */
async function inTwoPlaces() {
  const apiId = await make.api();
  const environmentId = await make.environment();
  const { publish_id: inRelease } = await make.publish(apiId);
  const { publish_id: elsewhere } = await make.publish(apiId, environmentId);
  return { apiId, environmentId, inRelease, elsewhere };
}

describe('only what is published is bound', () => {
  test('neither an API nor a version, nor what is offline', async () => {
    const [keyId, apiId] = [await make.key(), await make.api()];
    const { publish_id, version_id } = await make.publish(apiId);
    for (const id of [apiId, version_id, keyId]) expectApigRefusal(await bind(keyId, id), 'APIG.3015');
    await make.takeOffline(apiId);
    expectApigRefusal(await bind(keyId, publish_id), 'APIG.3015');
    expect(await apisOf(keyId)).toEqual([]);
  });

  test('all of several, or none', async () => {
    const [keyId, other] = [await make.key(), await make.key()];
    const [one, two] = [await make.published(), await make.published()];
    await make.bind(other, two);
    expectApigRefusal(await bind(keyId, one, '0'.repeat(32), two), 'APIG.3015');
    expect([await countOf(keyId), await countOf(other)]).toEqual([0, 1]);
  });

  test('several at once, in the order in which they are said, each once', async () => {
    const keyId = await make.key();
    const ids = [await make.published(), await make.published(), await make.published()];
    const bound = await make.bind(keyId, ids[1]!, ids[0]!, ids[1]!, ids[2]!);
    expect(bound.map(({ publish_id }) => publish_id)).toEqual([ids[1], ids[0], ids[2]]);
    expect(new Set(bound.map(({ id }) => id)).size).toBe(3);
    expect(await countOf(keyId)).toBe(3);
  });
});

describe('one key for an API in an environment', () => {
  test('different ones in different environments', async () => {
    const { apiId, environmentId, inRelease, elsewhere } = await inTwoPlaces();
    const [one, other] = [await make.key(), await make.key()];
    await make.bind(one, inRelease);
    clock.advance(second);
    await make.bind(other, elsewhere);
    const seen = (await keysOf(apiId)).map(({ sign_id, env_id }) => [sign_id, env_id]);
    expect(seen).toEqual([
      [other, environmentId],
      [one, release],
    ]);
    expect((await keysOf(apiId, `&env_id=${release}`)).map(({ sign_id }) => sign_id)).toEqual([one]);
    expect((await keysOf(apiId, `&sign_id=${other}`)).map(({ env_id }) => env_id)).toEqual([environmentId]);
  });

  test('another one takes its place, and the first sees by name which', async () => {
    const { apiId, inRelease, elsewhere } = await inTwoPlaces();
    const name = newName();
    const [first, second_] = [await make.key(), await make.key({ name })];
    await make.bind(first, inRelease, elsewhere);
    const [binding] = await make.bind(second_, inRelease);
    const unbound = await unboundOf(first, `&api_id=${apiId}`);
    expect(unbound.map(({ publish_id, signature_name }) => [publish_id, signature_name])).toEqual([[inRelease, name]]);
    expect((await apisOf(first)).map(({ publish_id }) => publish_id)).toEqual([elsewhere]);
    expect((await apisOf(second_)).map(({ id, publish_id }) => [id, publish_id])).toEqual([[binding!.id, inRelease]]);
    expect([await countOf(first), await countOf(second_)]).toEqual([1, 1]);
  });

  test('the binding that was replaced is there no more', async () => {
    const publishId = await make.published();
    const [old] = await make.bind(await make.key(), publishId);
    const [now] = await make.bind(await make.key(), publishId);
    expectApigRefusal(await gateway.send('delete', `sign-bindings/${old!.id}`), 'APIG.3018');
    expect((await gateway.send('delete', `sign-bindings/${now!.id}`)).status).toBe(204);
  });

  test('the same key again is no second binding', async () => {
    const [keyId, publishId] = [await make.key(), await make.published()];
    await make.bind(keyId, publishId);
    const again = await bind(keyId, publishId);
    expect([again.status, await countOf(keyId)]).toEqual([201, 1]);
  });
});

describe('a binding belongs to the API and the environment', () => {
  test('a further version changes nothing', async () => {
    const [keyId, apiId] = [await make.key(), await make.api()];
    const { publish_id: publishId } = await make.publish(apiId);
    const [binding] = await make.bind(keyId, publishId);
    await make.publish(apiId);
    expect((await apisOf(keyId)).map(({ id, publish_id }) => [id, publish_id])).toEqual([[binding!.id, publishId]]);
  });

  test('offline it stays, and is in force again, with the next record', async () => {
    const [keyId, other, apiId] = [await make.key(), await make.key(), await make.api()];
    const { publish_id: before } = await make.publish(apiId);
    const [binding] = await make.bind(keyId, before);
    await make.takeOffline(apiId);
    // Nothing that a key could be bound to.
    for (const id of [keyId, other]) expect(await unboundOf(id, `&api_id=${apiId}`)).toEqual([]);
    expect((await apisOf(keyId)).map(({ id }) => id)).toEqual([binding!.id]);
    const { publish_id: after } = await make.publish(apiId);
    expect(after).not.toBe(before);
    expect((await apisOf(keyId)).map(({ id, publish_id }) => [id, publish_id])).toEqual([[binding!.id, after]]);
    expect((await keysOf(apiId)).map(({ sign_id, publish_id }) => [sign_id, publish_id])).toEqual([[keyId, after]]);
    expect(await unboundOf(keyId, `&api_id=${apiId}`)).toEqual([]);
    expectApigRefusal(await bind(other, before), 'APIG.3015');
  });

  test('taken away while it is offline, it does not come back', async () => {
    const [keyId, apiId] = [await make.key(), await make.api()];
    const [binding] = await make.bind(keyId, (await make.publish(apiId)).publish_id);
    await make.takeOffline(apiId);
    expect((await gateway.send('delete', `sign-bindings/${binding!.id}`)).status).toBe(204);
    await make.publish(apiId);
    expect(await keysOf(apiId)).toEqual([]);
  });

  test('it goes with the environment', async () => {
    const { apiId, environmentId, elsewhere } = await inTwoPlaces();
    const keyId = await make.key();
    await make.bind(keyId, elsewhere);
    await make.takeOffline(apiId, environmentId);
    await gateway.ask('delete', `envs/${environmentId}`);
    expect([await apisOf(keyId), await keysOf(apiId), await countOf(keyId)]).toEqual([[], [], 0]);
  });
});

describe('a key', () => {
  test('that is changed is changed at once, wherever it is bound', async () => {
    const [keyId, apiId] = [await make.key(), await make.api()];
    await make.bind(keyId, (await make.publish(apiId)).publish_id);
    const { name, sign_key, sign_secret } = await gateway.ask<Key>('put', `signs/${keyId}`, {
      ...{ name: newName(), sign_type: 'basic' },
    });
    const expected = { sign_name: name, sign_key, sign_secret, sign_type: 'basic' };
    expect(await keysOf(apiId)).toMatchObject([expected]);
    expect(await apisOf(keyId)).toMatchObject([{ sign_name: name }]);
  });

  test('goes with its bindings', async () => {
    const [keyId, apiId] = [await make.key(), await make.api()];
    const [binding] = await make.bind(keyId, (await make.publish(apiId)).publish_id);
    await gateway.ask('delete', `signs/${keyId}`);
    expect(await keysOf(apiId)).toEqual([]);
    expectApigRefusal(await gateway.send('delete', `sign-bindings/${binding!.id}`), 'APIG.3018');
    const [row] = await unboundOf(await make.key(), `&api_id=${apiId}`);
    expect(row).not.toHaveProperty('signature_name');
  });

  test('loses the binding of an API that goes', async () => {
    const [keyId, apiId] = [await make.key(), await make.api()];
    const [binding] = await make.bind(keyId, (await make.publish(apiId)).publish_id);
    await make.takeOffline(apiId);
    await gateway.ask('delete', `apis/${apiId}`);
    expect([await apisOf(keyId), await countOf(keyId)]).toEqual([[], 0]);
    expectApigRefusal(await gateway.send('delete', `sign-bindings/${binding!.id}`), 'APIG.3018');
    expectApigRefusal(
      await gateway.send('get', `sign-bindings/binded-signs?api_id=${apiId}`),
      ...(['APIG.3002', apiId] as const),
    );
  });
});

test('keys that are bound to the same at once leave one binding for each API, of one of them', async () => {
  const keys = await Promise.all(Array.from({ length: 5 }, () => make.key()));
  const ids = await Promise.all(Array.from({ length: 8 }, () => make.published()));
  const answers = await Promise.all(keys.flatMap((id) => [bind(id, ...ids), bind(id, ...ids.toReversed())]));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  const left = (await Promise.all(keys.map((id) => apisOf(id)))).flat();
  expect(left.map(({ publish_id }) => publish_id).sort()).toEqual([...ids].sort());
  const counts = await Promise.all(keys.map(countOf));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(ids.length);
  const seen = await Promise.all(left.map(({ api_id }) => keysOf(api_id)));
  expect(seen.map((bindings) => bindings.length)).toEqual(ids.map(() => 1));
});
