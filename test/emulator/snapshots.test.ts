/** Snapshots under names, over every database. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { makeClock } from '../support/clock.ts';
import { send, type Answer, type Method } from '../support/http.ts';
import { seededKeys } from '../support/identity.ts';
import { kmsClient } from '../support/kms.ts';
import { useFolder, useSignet } from '../support/signet.ts';
import { aliasesOf, isValid, parsed, publicKey, signature, stateClient } from './state-client.ts';

const databases: readonly (readonly [string, () => string])[] = [
  ['in memory', () => 'sqlite::memory:'],
  ['in a file', () => `sqlite:${join(useFolder(), 'state.sqlite')}`],
];

const asked =
  (url: string) =>
  (method: Method, name: string): Promise<Answer> =>
    send(url, method, `/_signet/snapshots${name === '' ? '' : `/${name}`}`);

describe.each(databases)('%s', async (_, newUrl) => {
  const clock = makeClock();
  const { url } = await useSignet({ databaseUrl: newUrl(), now: clock.now });
  const [state, kms, snapshots] = [stateClient(url), kmsClient(url), asked(url)];
  const names = async (): Promise<string[]> =>
    ((await snapshots('get', '')).body as { snapshots: { name: string }[] }).snapshots.map(({ name }) => name);

  beforeEach(async () => {
    for (const name of await names()) await snapshots('delete', name);
    await state.reset();
  });

  test('one is taken, listed, gone back to, and forgotten', async () => {
    const id = await kms.create({ key_alias: 'kept', key_spec: 'EC_P256' });
    const [pem, text] = [await publicKey(kms, id), await state.text()];
    const taken = await snapshots('put', 'with-a-key');
    const info = { name: 'with-a-key', taken_at: new Date(clock.now()).toISOString(), bytes: Buffer.byteLength(text) };
    expect([taken.status, taken.body]).toEqual([200, info]);
    expect((await snapshots('get', '')).body).toEqual({ snapshots: [info] });

    await kms.ask('disable-key', { key_id: id });
    await kms.create({ key_alias: 'later', key_spec: 'EC_P256' });
    expect((await snapshots('post', 'with-a-key/restore')).status).toBe(204);
    expect(await state.text()).toBe(text);
    expect(isValid(pem, await signature(kms, id))).toBe(true);
    expect((await snapshots('delete', 'with-a-key')).status).toBe(204);
    expect(await names()).toEqual([]);
  });

  test('they outlive resets, imports and each other; lists go by name', async () => {
    const text = await state.text();
    for (const name of ['zebra', 'Ape', 'b.1_2-3']) await snapshots('put', name);
    await state.reset({ to: 'identity' });
    await state.import(parsed(text));
    await snapshots('post', 'Ape/restore');
    expect(await names()).toEqual(['Ape', 'b.1_2-3', 'zebra']);
  });

  test('one takes the place of the one before, at the time of the emulator', async () => {
    await snapshots('put', 'same');
    await send(url, 'put', '/_signet/clock', { body: { now: '2040-05-06T07:08:09.010Z', frozen: true } });
    await kms.create({ key_alias: 'second', key_spec: 'EC_P256' });
    expect((await snapshots('put', 'same')).body).toMatchObject({ taken_at: '2040-05-06T07:08:09.010Z' });
    await state.reset();
    await snapshots('post', 'same/restore');
    expect(await aliasesOf(url)).toContain('second');
    expect((await send(url, 'get', '/_signet/clock')).body).toMatchObject({ now: '2040-05-06T07:08:09.010Z' });
  });

  test.each<[Method, string]>([
    ['post', 'none/restore'],
    ['delete', 'none'],
  ])('%s %s: there is none', async (method, name) => {
    const answer = await snapshots(method, name);
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ error: { error_code: 'Signet.NoSuchSnapshot' } });
  });

  test.each(['.hidden', 'a%2Fb', 'x'.repeat(65), '%00'])('no name: %s', async (name) => {
    expect((await snapshots('put', name)).status).toBe(400);
    expect(await names()).toEqual([]);
  });
});

test('in a file they are there after a restart, and hold nothing in clear', async () => {
  const file = join(useFolder(), 'state.sqlite');
  const first = await useSignet({ databaseUrl: `sqlite:${file}` });
  const text = await stateClient(first.url).text();
  await asked(first.url)('put', 'kept');
  await kmsClient(first.url).ask('schedule-key-deletion', { key_id: seededKeys.SM2, pending_days: '7' });
  await first.stop();
  expect(
    ['PRIVATE KEY', 'SignetSecretAccessKey', 'signsecretsign'].filter((clear) => readFileSync(file).includes(clear)),
  ).toEqual([]);
  const { url } = await useSignet({ databaseUrl: `sqlite:${file}` });
  expect((await asked(url)('post', 'kept/restore')).status).toBe(204);
  expect(await stateClient(url).text()).toBe(text);
});
