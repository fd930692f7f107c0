/** Databases of earlier formats open, with all that is in them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { expect, test } from 'vitest';
import { createSealing } from '../../src/crypto/sealing.ts';
import { openEngine } from '../../src/store/engines.ts';
import { migrations } from '../../src/store/migrations.ts';
import type { Schema } from '../../src/store/schema.ts';
import { freshPostgres } from '../support/postgres-database.ts';
import { runSql } from '../support/postgres.ts';
import { opened, temporaryFolder } from './databases.ts';
import { furnish, newBinding, newGateway, newSignatureKey } from './gateway-things.ts';
import { newApiKey, newDeployment, populate } from './oci-things.ts';
import {
  accessKey,
  agency,
  domain,
  newAlias,
  newGrant,
  newKey,
  newToken,
  otherDomain,
  otherProject,
} from './people.ts';
import { otherUser, project, shown, temporaryKey, user } from './people.ts';

const masterKey = Buffer.alloc(32, 7);

function ofFormat(format: number): string {
  const file = join(temporaryFolder(), 'state.sqlite');
  const database = new DatabaseSync(file);
  database.exec(readFileSync(new URL(`format-${format}.sql`, import.meta.url), 'utf8'));
  database.close();
  return file;
}

test('format 1: its rows are there, and mean what they meant', async () => {
  const store = await opened(`sqlite:${ofFormat(1)}`, masterKey);
  const ann = { id: user.id, name: 'ann', domain, permissions: null };
  expect(await store.region()).toBe('eu-de');
  expect(await store.identity.domain({ id: otherDomain.id })).toEqual(otherDomain);
  expect(await store.identity.projects({})).toEqual([project, otherProject]);
  expect(await store.identity.users({ name: 'ann' })).toEqual([
    user,
    { ...otherUser, permissions: null, totpSecret: null },
  ]);
  expect(await store.identity.accessKey('AK1')).toEqual({ ...accessKey, user: ann, failures: 0, lockedUntil: null });
  expect(await store.tokens.find('hash')).toEqual({
    ...newToken('hash'),
    ...{ user: ann, project: { id: project.id, name: 'eu-de', domain }, domain: null, assumer: null },
  });
  expect(shown(await store.keys.findByAlias(project.id, ['alias/k']))).toEqual(shown(newKey('k')));
  expect(Buffer.from((await store.keys.material('k', 1)) ?? []).toString()).toBe('private half of k');
});

test('format 2: its keys have their material, their alias and what is new about them', async () => {
  const store = await opened(`sqlite:${ofFormat(2)}`, masterKey);
  const waiting = newKey('waiting', { state: 5, origin: 'external', publicKey: null, materialVersion: 0 });
  expect(shown(await store.keys.find(project.id, 'k'))).toEqual(shown(newKey('k')));
  expect(shown(await store.keys.find(project.id, 'waiting'))).toEqual(shown(waiting));
  expect(Buffer.from((await store.keys.material('k', 1)) ?? []).toString()).toBe('private half of k');
  expect(await store.keys.material('waiting', 1)).toBeUndefined();
  expect(await store.aliases.find(project.id, 'alias/k')).toEqual(newAlias('alias/k', 'k'));
  expect(await store.identity.users({ id: otherUser.id })).toEqual([otherUser]);
  expect(await store.identity.accessKey('AK2')).toMatchObject(temporaryKey);
});

test('format 3: its materials, what belongs to its keys, and room for documents', async () => {
  const store = await opened(`sqlite:${ofFormat(3)}`, masterKey);
  const life = { rotationDays: 90, nextRotationAt: 1_707_776_000_000, lastRotationAt: 1_700_000_000_000 };
  expect(shown(await store.keys.find(project.id, 'k'))).toEqual(shown(newKey('k', { ...life, materialVersion: 2 })));
  expect(Buffer.from((await store.keys.material('k', 1)) ?? []).toString()).toBe('private half of k');
  expect(Buffer.from((await store.keys.material('k', 2)) ?? []).toString()).toBe('second private half of k');
  expect(await store.aliases.find(project.id, 'alias/k')).toEqual(newAlias('alias/k', 'k'));
  expect(await store.tags.list(['k'])).toEqual([{ keyId: 'k', key: 'stage', value: 'test' }]);
  expect(await store.grants.find('g')).toEqual(
    newGrant('g', 'k', { name: 'reading', retiringPrincipal: otherUser.id }),
  );
  const ticket = await store.imports.find('ticket');
  expect(Buffer.from(ticket?.privateKey ?? []).toString()).toBe('wrapping key');
  expect(await store.documents.list('snapshot')).toEqual([]);
  await store.documents.put({ kind: 'snapshot', name: 'one', content: Buffer.from('text'), createdAt: 1 });
  expect((await store.documents.get('snapshot', 'one'))?.content.length).toBe(4);
});

test('format 4: its documents, and room for gateways', async () => {
  const store = await opened(`sqlite:${ofFormat(4)}`, masterKey);
  expect(shown(await store.keys.find(project.id, 'k'))).toMatchObject({ materialVersion: 2, rotationDays: 90 });
  expect(await store.tags.list(['k'])).toEqual([{ keyId: 'k', key: 'stage', value: 'test' }]);
  expect(Buffer.from((await store.documents.get('snapshot', 'one'))?.content ?? []).toString()).toBe('text');
  expect((await store.contents.read()).signatureKeys).toEqual([]);
  await furnish(store);
  expect(await store.gateways.findKey('g', 'k1')).toEqual(newSignatureKey('k1'));
  expect((await store.gateways.routes('group'))?.routes).toHaveLength(1);
});

test('format 5: its gateways, and room for OCI', async () => {
  const store = await opened(`sqlite:${ofFormat(5)}`, masterKey);
  expect(shown(await store.keys.find(project.id, 'k'))).toMatchObject({ materialVersion: 2, rotationDays: 90 });
  expect(Buffer.from((await store.documents.get('snapshot', 'one'))?.content ?? []).toString()).toBe('text');
  expect(await store.gateways.gateways(project.id)).toEqual([newGateway('g')]);
  expect(await store.gateways.findKey('g', 'k1')).toEqual(newSignatureKey('k1'));
  const [bound] = await store.gateways.bound('g', ['k1 of a']);
  expect(bound?.binding).toEqual(newBinding('a', 'k1'));
  expect(await store.oci.tenancies()).toEqual([]);
  await populate(store);
  expect(await store.oci.apiKey('ada', 'a1')).toMatchObject(newApiKey('a1'));
  expect(await store.oci.deployments()).toEqual([newDeployment('v1'), newDeployment('v2')]);
});

test('format 1: what is new finds its place in it, and is there again after closing', async () => {
  const url = `sqlite:${ofFormat(1)}`;
  const first = await opened(url, masterKey);
  await first.identity.addUser(agency);
  await first.identity.countFailure('AK1', 3, 5000);
  await first.tokens.add(newToken('assumed', { userId: agency.id, assumedBy: otherUser.id }));
  await first.close();
  const again = await opened(url, masterKey);
  expect(await again.identity.users({ id: agency.id })).toEqual([agency]);
  expect((await again.identity.accessKey('AK1'))?.failures).toBe(1);
  expect((await again.tokens.find('assumed'))?.assumer?.domain).toEqual(otherDomain);
  expect(await again.identity.removeProject(project.id)).toBe(true);
  expect(await again.tokens.find('assumed')).toBeUndefined();
});

test('format 1: stays what it is when it cannot be opened', async () => {
  const file = ofFormat(1);
  const before = readFileSync(file);
  await expect(opened(`sqlite:${file}`, Buffer.alloc(32, 8))).rejects.toThrow(/not the one that sealed/);
  expect(readFileSync(file).equals(before)).toBe(true);
});

test.each([1, 2, 3, 4, 5])(
  'format %d on Postgres: it is brought to the present one, with what is in it',
  async (format) => {
    const url = await freshPostgres();
    const sealed = createSealing(masterKey).seal(Buffer.from('private half of k'), 'material of key k');
    const { dialect } = await openEngine({ url });
    const db = new Kysely<Schema>({ dialect });
    await db.transaction().execute(async (transaction) => {
      for (const migration of migrations.slice(0, format)) await migration(transaction);
    });
    await db
      .insertInto('signet')
      .values({ name: 'format', value: String(format) })
      .execute();
    await db.insertInto('domains').values(domain).execute();
    await db.insertInto('projects').values(project).execute();
    await db.destroy();
    const key = {
      id: 'k',
      projectId: project.id,
      domainId: domain.id,
      name: 'name of k',
      description: '',
      spec: 'RSA_2048',
    };
    const more = {
      usage: 'SIGN_VERIFY',
      state: 2,
      origin: 'kms',
      enterpriseProjectId: '0',
      createdAt: 1_700_000_000_000,
    };
    const columns = Object.entries({ ...key, ...more });
    const material = `'\\x${Buffer.from(sealed).toString('hex')}'::bytea`;
    const names = columns.map(([name]) => `"${name}"`).join(', ');
    const values = columns.map(([, value]) => `'${value}'`).join(', ');
    const [own, apart] = format < 3 ? [', "material"', `, ${material}`] : ['', ''];
    await runSql(url, `insert into keys (${names}${own}) values (${values}${apart})`);
    if (format >= 3)
      await runSql(url, `insert into materials values ('k', 1, ${material}); update keys set "materialVersion" = 1`);

    const store = await opened(url, masterKey);
    expect(await store.keys.find(project.id, 'k')).toMatchObject({
      name: 'name of k',
      materialVersion: 1,
      rotationDays: 365,
    });
    expect(Buffer.from((await store.keys.material('k', 1)) ?? []).toString()).toBe('private half of k');
    await store.aliases.add(newAlias('alias/k', 'k'));
    await furnish(store);
    await populate(store);
    expect((await store.gateways.routes('group'))?.routes).toHaveLength(1);
    expect(await store.oci.apiKey('ada', 'a1')).toMatchObject(newApiKey('a1'));
  },
);
