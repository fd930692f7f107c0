/** What goes on while the state is replaced under it: every call sees the old one or the new one, never some of each, and none fails. */
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { ImportMaterial } from '../../src/emulator/states/snapshot-materials.ts';
import { readContents } from '../../src/emulator/states/snapshot-reading.ts';
import { send } from '../support/http.ts';
import { project, seededKeys, token } from '../support/identity.ts';
import { base64, kmsClient } from '../support/kms.ts';
import { useFolder, useSignet } from '../support/signet.ts';
import { changed, isValid, parsed, publicKey, signature, stateClient, stateOf } from './state-client.ts';

const databases: readonly (readonly [string, () => string])[] = [
  ['in memory', () => 'sqlite::memory:'],
  ['in a file', () => `sqlite:${join(useFolder(), 'state.sqlite')}`],
];

const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T>[] =>
  Array.from({ length: count }, (_each, index) => work(index));

describe.each(databases)('%s', async (_, newUrl) => {
  const { url, createProject } = await useSignet({ databaseUrl: newUrl() });
  const [state, kms] = [stateClient(url), kmsClient(url)];
  const id = seededKeys.EC_P256;

  test('signs, creates and logins during resets succeed, or are refused as is due', async () => {
    const pem = await publicKey(kms, id);
    for (let round = 0; round < 5; round++) {
      const signing = times(40, () => signature(kms, id));
      const creating = times(20, (index) => kms.post('create-key', { key_alias: `k${index}`, key_spec: 'EC_P256' }));
      const resetting = times(3, () => state.reset());
      const more = times(40, () => signature(kms, id));
      for (const made of await Promise.all([...signing, ...more])) expect(isValid(pem, made)).toBe(true);
      for (const { status } of await Promise.all(resetting)) expect(status).toBe(204);
      for (const { status, text } of await Promise.all(creating)) expect([200, 400], text).toContain(status);
    }
    await state.reset();
    expect((await kms.ask('list-keys', { limit: '100' })).key_details).toHaveLength(Object.keys(seededKeys).length);
  });

  test('an isolated project that goes away under its calls: no fault', async () => {
    for (let round = 0; round < 3; round++) {
      const made = await createProject();
      const mine = kmsClient(url, { projectId: made.project.id, token: made.token });
      const key = await mine.create({ key_alias: 'mine', key_spec: 'EC_P256' });
      const body = { key_id: key, message: base64('m'), signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW' };
      const calls = [
        ...times(20, () => mine.post('sign', body)),
        ...times(20, (index) => mine.post('create-key', { key_alias: `k${index}`, key_spec: 'EC_P256' })),
        ...times(10, (index) => mine.post('aliases', { alias: `alias/a${index}`, key_id: key })),
        ...times(10, (index) => mine.post('{key_id}/tags', { key_id: key, tag: { key: `t${index}`, value: '' } })),
        ...times(3, () => send(url, 'post', `/_signet/projects/${made.project.id}/tokens`, { body: {} })),
      ];
      const answers = await Promise.all([
        state.reset(),
        ...calls,
        createProject().then(() => ({ status: 200, text: '' })),
      ]);
      for (const { status, text } of answers) expect(status, text).toBeLessThan(500);
    }
    await state.reset();
  });

  test('while two states take turns, a signature is always of the pair that its key had', async () => {
    const text = await state.text();
    await kms.create({ key_alias: 'other-pair', key_spec: 'EC_P256' });
    const other = stateOf(await state.text()).domains[0]?.projects?.[0]?.keys?.find(
      ({ name }) => name === 'other-pair',
    );
    const exchanged = changed(text, (file) => {
      const target = file.domains[0]?.projects?.[0]?.keys?.find((key) => key.id === id);
      Object.assign(target ?? {}, { public_key_pem: other?.public_key_pem, materials: other?.materials });
    });
    const pems = [];
    for (const snapshot of [parsed(text), exchanged]) {
      await state.import(snapshot);
      pems.push(await publicKey(kms, id));
    }
    const imports = [parsed(text), exchanged, parsed(text), exchanged].map((snapshot) => state.import(snapshot));
    const made = await Promise.all(times(150, () => signature(kms, id)));
    for (const { status } of await Promise.all(imports)) expect(status).toBe(204);
    for (const one of made) expect(pems.filter((pem) => isValid(pem, one))).toHaveLength(1);
    const last = await publicKey(kms, id);
    for (let time = 0; time < 3; time++) expect(isValid(last, await signature(kms, id))).toBe(true);
    await state.reset();
  });

  test('what had begun before a reset is of the state before it', async () => {
    // Takes hundreds of milliseconds each, one after the other.
    const making = times(3, (index) => kms.post('create-key', { key_alias: `slow${index}`, key_spec: 'RSA_4096' }));
    for (let time = 0; time < 5; time++) await signature(kms, id);
    await state.reset();
    for (const { status } of await Promise.all(making)) expect(status).toBe(200);
    expect((await kms.ask('list-keys', { limit: '100' })).key_details).toHaveLength(Object.keys(seededKeys).length);
  });

  test('a reset whose client has gone before its turn does not happen', async () => {
    const making = times(3, (index) => kms.post('create-key', { key_alias: `slow${index}`, key_spec: 'RSA_4096' }));
    for (let time = 0; time < 5; time++) await signature(kms, id);
    const client = new AbortController();
    const options = { method: 'POST', signal: client.signal };
    const resets = times(3, () => fetch(`${url}/_signet/reset`, options));
    const gone = resets.map((reset) => expect(reset).rejects.toThrow(/abort/));
    // They have come when a call has to wait for them.
    let isHeldBack = false;
    while (!isHeldBack) {
      const call = kms.post('list-keys', {}).then(() => false);
      isHeldBack = await Promise.race([call, setTimeout(200, true)]);
    }
    client.abort();
    await Promise.all(gone);
    for (const { status } of await Promise.all(making)) expect(status).toBe(200);
    expect((await kms.ask('list-keys', { limit: '100' })).key_details).toHaveLength(
      Object.keys(seededKeys).length + making.length,
    );
    await state.reset();
  });

  test('an import that its client leaves is read no further', async () => {
    const client = new AbortController();
    let read = 0;
    const slow: ImportMaterial = (_spec, secret) => {
      read += 1;
      client.abort();
      const since = performance.now();
      while (performance.now() - since < 20);
      return { secret, publicKey: null };
    };
    const reading = readContents(stateOf(await state.text()), slow, client.signal);
    await expect(reading).rejects.toMatchObject({ refusal: { code: 'Signet.NotReady' } });
    expect(read).toBe(1);
  });

  test('an export during resets is one of the states there were', async () => {
    const begun = await state.text();
    const answers = await Promise.all([
      ...times(5, () => state.text()),
      ...times(5, (index) => state.reset({ to: index % 2 === 0 ? 'identity' : 'seed' }).then(() => begun)),
      ...times(5, () => state.text()),
    ]);
    await state.reset({ to: 'identity' });
    const bare = await state.text();
    for (const text of answers) expect([begun, bare]).toContain(text);
    await state.reset();
  });

  test('a late answer to a call of before has no hold on the state', async () => {
    await send(url, 'post', '/_signet/faults', { body: { operation: 'kms.sign', latency: { fixed: 300 } } });
    const late = signature(kms, id);
    expect((await state.reset()).status).toBe(204);
    expect(isValid(await publicKey(kms, id), await late)).toBe(true);
    const headers = { 'X-Auth-Token': token };
    expect((await send(url, 'get', `/v3/projects?id=${project.id}`, { headers })).status).toBe(200);
  });
});
