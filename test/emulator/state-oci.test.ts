/** What of OCI is in a state: out to a file and in from one, kept under a name, and back at the beginning. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Register } from '../../src/emulator/states/snapshot-mistakes.ts';
import { readOci } from '../../src/emulator/states/snapshot-oci.ts';
import { openStore } from '../../src/store/sql.ts';
import type { Contents } from '../../src/store/store.ts';
import { project } from '../support/identity.ts';
import { send } from '../support/http.ts';
import { ociIdentity } from '../support/oci-identity.ts';
import { useFolder, useSeed, useSignet } from '../support/signet.ts';
import { fullContents } from './full-state.ts';
import { changed, parsed, stateClient, stateOf } from './state-client.ts';

const masterKey = Buffer.alloc(32, 7);
const full = await fullContents();

/** A Signet with all this in it. */
async function useContents(contents: Contents, options: Parameters<typeof useSignet>[0] = {}) {
  const databaseUrl = `sqlite:${join(useFolder(), 'state.sqlite')}`;
  const store = await openStore({ url: databaseUrl, masterKey });
  await store.contents.replace(contents);
  await store.close();
  const { url } = await useSignet({ ...options, databaseUrl, masterKey: masterKey.toString('hex') });
  return { url, state: stateClient(url) };
}

test('of thousands of tenancies with a user each no more is read than somebody wants', async () => {
  const { tenancies: [tenancy] = [] } = stateOf(await (await useContents(full)).state.text()).oci ?? {};
  const [user] = tenancy?.users ?? [];
  const tenancies = Array.from({ length: 5000 }, (_, index) => ({
    ...{ ...tenancy!, id: `tenancy ${index}`, users: [{ ...user!, id: `user ${index}` }] },
  }));
  const reading = readOci({ tenancies }, new Register(), AbortSignal.abort());
  await expect(reading).rejects.toMatchObject({ refusal: { code: 'Signet.NotReady' } });
});

describe('a file', async () => {
  const { url, state } = await useContents(full);
  const text = await state.text();
  const elsewhere = async () => stateClient((await useSignet()).url);

  test('has tenancies and deployments in words like those of the vendor', () => {
    const { tenancies = [], deployments = [] } = stateOf(text).oci ?? {};
    const [ada] = tenancies[0]?.users ?? [];
    expect(tenancies.map(({ name }) => name)).toEqual(['One', 'Grüße 🔑']);
    expect(ada).toMatchObject({ id: 'ocid1.user.oc1..ada', administrator: true, name: 'ada' });
    expect(tenancies[1]?.users?.[0]).not.toHaveProperty('administrator');
    const one = full.ociApiKeys.find(({ userId, etag }) => userId === ada?.id && etag === 'etag of one');
    expect(ada?.api_keys?.find(({ etag }) => etag === 'etag of one')).toEqual({
      ...{ fingerprint: one?.fingerprint, public_key_pem: one?.publicKey, etag: 'etag of one' },
      ...{ created_at: '2026-01-15T10:30:00.123Z', active_at: '2026-01-16T10:30:00.123Z' },
    });
    expect(tenancies[1]?.users?.[0]?.api_keys).toMatchObject([{ inactive_status: 0 }]);
    expect(ada?.retries).toMatchObject([{ token: 'upload', sha256: 'd'.repeat(64) }]);
    expect(deployments.map(({ path_prefix }) => path_prefix)).toEqual(['/v1', '/v2']);
    expect(deployments[0]?.specification).toEqual({
      ...{ routes: [{ path: '/{rest*}', '10': 0.5 }], secret: 'deployment-secret-of-one' },
    });
  });

  test.each([
    ['in clear', undefined],
    ['under a passphrase', 'open sesame'],
  ])('%s, brings all of it elsewhere', async (_how, passphrase) => {
    const file = (await state.export({ ...(passphrase && { passphrase }) })).text;
    expect(file.includes('deployment-secret-of-one')).toBe(passphrase === undefined);
    const other = await elsewhere();
    expect((await other.import(parsed(file), passphrase)).text).toBe('');
    expect(await other.text()).toBe(text);
  });

  test('of an earlier Signet has no OCI in it: then there is none', async () => {
    const other = await elsewhere();
    expect(stateOf(await other.text()).oci?.tenancies).toHaveLength(1);
    expect((await other.import(changed(text, (file) => void Reflect.deleteProperty(file, 'oci')))).status).toBe(204);
    expect(stateOf(await other.text()).oci).toBeUndefined();
  });

  test('of one project leaves OCI out, and alone where it is taken in', async () => {
    const mine = (await state.export({ project_id: 'p1' })).text;
    expect(stateOf(mine).oci).toBeUndefined();
    const other = await elsewhere();
    const before = stateOf(await other.text()).oci;
    expect((await other.import(parsed(mine))).text).toBe('');
    expect(stateOf(await other.text()).oci).toEqual(before);
    await send(url, 'delete', '/_signet/projects/p2');
    expect(stateOf(await state.text()).oci).toEqual(stateOf(text).oci);
    await state.import(parsed(text));
  });

  test('is kept under a name, too', async () => {
    expect((await send(url, 'put', '/_signet/snapshots/with-oci')).status).toBe(200);
    await state.import(changed(text, (file) => void Reflect.deleteProperty(file, 'oci')));
    expect((await send(url, 'post', '/_signet/snapshots/with-oci/restore')).status).toBe(204);
    expect(await state.text()).toBe(text);
  });
});

describe('the beginning', () => {
  const oci = {
    tenancies: [
      {
        ...{ id: ociIdentity.tenancyId, name: 'T' },
        users: [{ id: ociIdentity.userId, name: 'u', api_keys: [{ private_key_pem: ociIdentity.privateKeyPem }] }],
      },
      { name: 'derived', users: [{ name: 'v' }] },
    ],
    deployments: [
      {
        path_prefix: '/v1',
        specification: { routes: [{ path: '/a', backend: { type: 'STOCK_RESPONSE_BACKEND', status: 200 } }] },
      },
    ],
  };
  const seed = useSeed(
    `version: 1\nregion: eu-de\ndomains: [{ name: D, projects: [{ id: ${project.id}, name: P }] }]\noci: ${JSON.stringify(oci)}\n`,
  );

  test.each(['sqlite::memory:', 'file'])('%s: comes back to the byte', async (where) => {
    const databaseUrl = where === 'file' ? `sqlite:${join(useFolder(), 'state.sqlite')}` : where;
    const state = stateClient((await useSignet({ seed, databaseUrl })).url);
    const text = await state.text();
    const { tenancies = [], deployments } = stateOf(text).oci ?? {};
    expect(tenancies.flatMap(({ users = [] }) => users.map(({ name }) => name)).toSorted()).toEqual(['u', 'v']);
    expect(deployments).toHaveLength(1);
    await state.import(parsed((await (await useContents(full)).state.export()).text));
    expect(await state.text()).not.toBe(text);
    expect((await state.reset()).status).toBe(204);
    expect(await state.text()).toBe(text);
  });

  test('has the identities alone: who signs stays, and deployments and retries go', async () => {
    const { state } = await useContents(full, { seed });
    expect((await state.reset({ to: 'identity' })).status).toBe(204);
    const { tenancies = [], deployments } = stateOf(await state.text()).oci ?? {};
    expect(deployments).toBeUndefined();
    expect(tenancies.flatMap(({ users = [] }) => users.flatMap(({ api_keys = [] }) => api_keys))).toMatchObject([
      { fingerprint: ociIdentity.fingerprint },
    ]);
  });

  test('of one project leaves OCI alone', async () => {
    const { state } = await useContents(full, { seed });
    const before = stateOf(await state.text()).oci;
    for (const id of [project.id, 'p1']) expect((await state.reset({ project_id: id })).status).toBe(204);
    expect(stateOf(await state.text()).oci).toEqual(before);
  });
});
