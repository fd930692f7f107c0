/** What is kept of OCI, over every engine: tenancies, users, API keys, retries of uploads, deployments. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, test } from 'vitest';
import { DuplicateName, OwnerGone } from '../../src/store/store.ts';
import type { Store } from '../../src/store/store.ts';
import { databases, opened, temporaryFolder } from './databases.ts';
import { newApiKey, newDeployment, newOciUser, newRetry, otherTenancy, populate, tenancy } from './oci-things.ts';

const start = 1_700_000_000_000;
const most = 3;

const fingerprints = (keys: readonly { readonly fingerprint: string }[]): string =>
  keys.map(({ fingerprint }) => fingerprint).join(' ');

describe.each(databases)('%s', (_, newUrl) => {
  let store: Store;
  let oci: Store['oci'];
  beforeEach(async () => {
    store = await opened(newUrl());
    ({ oci } = store);
    await populate(store);
  });

  describe('tenancies', () => {
    test('are listed in the order of their ids, and found by them', async () => {
      const first = { id: 'ocid1.tenancy.oc1..first', name: tenancy.name, createdAt: 0 };
      await oci.addTenancy(first);
      expect(await oci.tenancies()).toEqual([first, tenancy, otherTenancy]);
      expect(await oci.tenancy(otherTenancy.id)).toEqual(otherTenancy);
      expect(await oci.tenancy(otherTenancy.id.toUpperCase())).toBeUndefined();
    });

    test('have an id of their own', async () => {
      await expect(oci.addTenancy({ ...otherTenancy, id: tenancy.id })).rejects.toThrow(DuplicateName);
      expect(await oci.tenancy(tenancy.id)).toEqual(tenancy);
    });

    test('go with their users, and with what those have', async () => {
      expect(await oci.removeTenancy(tenancy.id)).toBe(true);
      expect(await oci.removeTenancy(tenancy.id)).toBe(false);
      const { ociTenancies, ociUsers, ociApiKeys, ociRetries, ociDeployments } = await store.contents.read();
      expect(ociTenancies).toEqual([otherTenancy]);
      expect(ociUsers.map(({ id }) => id)).toEqual(['eve']);
      expect(fingerprints(ociApiKeys)).toBe('e1');
      expect(ociRetries.map(({ userId }) => userId)).toEqual(['eve']);
      expect(ociDeployments).toHaveLength(2);
    });
  });

  describe('users', () => {
    test('are listed in the order of their ids, of a tenancy or of all', async () => {
      await oci.addUser(newOciUser('abe', { tenancyId: otherTenancy.id }));
      const ids = async (tenancyId?: string) => (await oci.users(tenancyId)).map(({ id }) => id).join(' ');
      expect(await ids()).toBe('abe ada bob eve');
      expect(await ids(tenancy.id)).toBe('ada bob');
      expect(await ids(otherTenancy.id)).toBe('abe eve');
      expect(await ids('none')).toBe('');
    });

    test('are found as they were added', async () => {
      expect(await oci.user('ada')).toEqual(newOciUser('ada', { isAdministrator: true }));
      expect(await oci.user('bob')).toEqual(newOciUser('bob'));
      expect(await oci.user('none')).toBeUndefined();
    });

    test('have an id of their own, and a name of their own in their tenancy', async () => {
      await expect(oci.addUser(newOciUser('ada', { name: 'another' }))).rejects.toThrow(DuplicateName);
      await expect(oci.addUser(newOciUser('ben', { name: 'name of bob' }))).rejects.toThrow(DuplicateName);
      expect((await oci.users()).map(({ name }) => name)).toEqual(['name of ada', 'name of bob', 'name of bob']);
    });

    test('belong to a tenancy that there is', () =>
      expect(oci.addUser(newOciUser('ben', { tenancyId: 'none' }))).rejects.toThrow(OwnerGone));

    test('go with their keys', async () => {
      expect(await oci.removeUser('ada')).toBe(true);
      expect(await oci.removeUser('ada')).toBe(false);
      expect(await oci.apiKeys('ada')).toEqual([]);
      expect(await oci.retry('ada', 'upload', start)).toBeUndefined();
      // The same key of somebody else stays.
      expect(fingerprints(await oci.apiKeys('bob'))).toBe('a1');
      await oci.addUser(newOciUser('ada'));
      expect(await oci.apiKeys('ada')).toEqual([]);
    });
  });

  describe('API keys', () => {
    test('are found with their user and tenancy', async () => {
      expect(await oci.apiKey('ada', 'a2')).toEqual({
        ...newApiKey('a2', { createdAt: start + 2, inactiveStatus: 7 }),
        user: newOciUser('ada', { isAdministrator: true }),
        tenancy,
      });
      expect((await oci.apiKey('eve', 'e1'))?.tenancy).toEqual(otherTenancy);
      expect((await oci.apiKey('eve', 'e1'))?.user.isAdministrator).toBe(false);
      expect(await oci.apiKey('bob', 'a2')).toBeUndefined();
      expect(await oci.apiKey('ada', 'A2')).toBeUndefined();
    });

    test('of a user are listed oldest first, then by fingerprint', async () => {
      await oci.addApiKey(newApiKey('a0', { createdAt: start + 2 }), most);
      expect(fingerprints(await oci.apiKeys('ada'))).toBe('a1 a0 a2');
      expect((await oci.apiKeys('bob'))[0]).toEqual(newApiKey('a1', { userId: 'bob', createdAt: start + 1 }));
    });

    test.each([
      [10, 'eve e1, ada a2, bob a1, ada a1'],
      [2, 'eve e1, ada a2'],
      [0, ''],
    ])('of anybody, at most %i: "%s", newest first', async (limit, found) => {
      const keys = await oci.anyApiKeys(limit);
      expect(keys.map(({ userId, fingerprint }) => `${userId} ${fingerprint}`).join(', ')).toBe(found);
      for (const key of keys) expect(key).toEqual(await oci.apiKey(key.userId, key.fingerprint));
    });

    test.each([
      ['added', 'a3', most],
      ['full', 'a3', 2],
      ['full', 'a3', 0],
      ['taken', 'a2', most],
      ['taken', 'a2', 2],
    ])('%s: %s, where there may be %i and two are', async (outcome, fingerprint, limit) => {
      const before = await oci.apiKeys('ada');
      expect(await oci.addApiKey(newApiKey(fingerprint, { etag: 'new' }), limit)).toBe(outcome);
      const after = await oci.apiKeys('ada');
      if (outcome === 'added') expect(fingerprints(after)).toBe('a1 a3 a2');
      else expect(after).toEqual(before);
    });

    test('belong to a user that there is', () =>
      expect(oci.addApiKey(newApiKey('a3', { userId: 'none' }), most)).rejects.toThrow(OwnerGone));

    test('of many that come at once, the limit is let in', async () => {
      const names = Array.from({ length: 20 }, (_each, index) => `b${index}`);
      const outcomes = await Promise.all(names.map((name) => oci.addApiKey(newApiKey(name, { userId: 'bob' }), most)));
      expect(outcomes.filter((outcome) => outcome === 'added')).toHaveLength(2);
      expect(outcomes.filter((outcome) => outcome === 'full')).toHaveLength(18);
      expect(await oci.apiKeys('bob')).toHaveLength(most);
    });

    test('the same that comes many times at once is let in once', async () => {
      const again = Array.from({ length: 10 }, () => oci.addApiKey(newApiKey('b1', { userId: 'bob' }), most));
      expect((await Promise.all(again)).toSorted()).toEqual(['added', ...Array<string>(9).fill('taken')]);
      expect(fingerprints(await oci.apiKeys('bob'))).toBe('b1 a1');
    });

    test.each([
      ['removed', 'ada', 'a1', undefined],
      ['removed', 'ada', 'a1', 'etag of a1'],
      ['stale', 'ada', 'a1', 'etag of a2'],
      ['stale', 'ada', 'a1', ''],
      ['missing', 'ada', 'e1', undefined],
      ['missing', 'ada', 'e1', 'etag of e1'],
      ['missing', 'none', 'a1', undefined],
    ])('%s: of %s %s, with the etag %s', async (outcome, userId, fingerprint, etag) => {
      expect(await oci.removeApiKey(userId, fingerprint, etag)).toBe(outcome);
      const { ociApiKeys } = await store.contents.read();
      expect(ociApiKeys).toHaveLength(outcome === 'removed' ? 3 : 4);
      expect(fingerprints(await oci.apiKeys('ada'))).toBe(outcome === 'removed' ? 'a2' : 'a1 a2');
    });

    test('are removed once', async () => {
      const outcomes = await Promise.all([1, 2, 3].map(() => oci.removeApiKey('ada', 'a1')));
      expect(outcomes.toSorted()).toEqual(['missing', 'missing', 'removed']);
    });

    test('are made inactive for a reason, and active again', async () => {
      expect(await oci.setInactive('ada', 'a1', 2 ** 40)).toBe(true);
      expect((await oci.apiKey('ada', 'a1'))?.inactiveStatus).toBe(2 ** 40);
      expect((await oci.apiKey('bob', 'a1'))?.inactiveStatus).toBeNull();
      expect(await oci.setInactive('ada', 'a1', null)).toBe(true);
      expect((await oci.apiKey('ada', 'a1'))?.inactiveStatus).toBeNull();
      expect(await oci.setInactive('ada', 'e1', 1)).toBe(false);
    });
  });

  describe('retries', () => {
    const { expiresAt } = newRetry('upload');

    test.each([
      ['before it expires', expiresAt - 1, true],
      ['when it expires', expiresAt, false],
      ['after that', expiresAt + 1, false],
    ])('%s one is found: %i', async (_when, at, isFound) => {
      expect(await oci.retry('ada', 'upload', at)).toEqual(isFound ? newRetry('upload') : undefined);
    });

    test('are those of a user', async () => {
      expect((await oci.retry('eve', 'upload', start))?.fingerprint).toBe('e1');
      expect(await oci.retry('bob', 'upload', start)).toBeUndefined();
      expect(await oci.retry('ada', 'UPLOAD', start)).toBeUndefined();
    });

    test('stand once until they expire', async () => {
      const later = newRetry('upload', { requestHash: 'another', expiresAt: expiresAt + 5 });
      await expect(oci.addRetry(later, expiresAt - 1)).rejects.toThrow(DuplicateName);
      expect(await oci.retry('ada', 'upload', start)).toEqual(newRetry('upload'));
      await oci.addRetry(later, expiresAt);
      expect(await oci.retry('ada', 'upload', expiresAt)).toEqual(later);
    });

    test('that have expired go when one comes', async () => {
      await oci.addRetry(newRetry('last', { expiresAt: expiresAt + 5 }), expiresAt);
      expect((await store.contents.read()).ociRetries.map(({ token }) => token)).toEqual(['last']);
    });

    test('outlive the key', async () => {
      await oci.removeApiKey('ada', 'a1');
      expect((await oci.retry('ada', 'upload', start))?.etag).toBe('etag of a1');
    });

    test('belong to a user that there is', () =>
      expect(oci.addRetry(newRetry('new', { userId: 'none' }), start)).rejects.toThrow(OwnerGone));
  });

  describe('deployments', () => {
    test('are listed in the order of their path prefixes, and found by id', async () => {
      await oci.addDeployment(newDeployment('v3', { pathPrefix: '/V1' }));
      expect((await oci.deployments()).map(({ pathPrefix }) => pathPrefix)).toEqual(['/V1', '/v1', '/v2']);
      expect((await oci.deployments())[1]).toEqual(newDeployment('v1'));
      expect(await oci.deployment('v2')).toEqual(newDeployment('v2'));
      expect(await oci.deployment('none')).toBeUndefined();
    });

    test('are found by the longest of the path prefixes that are asked for', async () => {
      await oci.addDeployment(newDeployment('all', { pathPrefix: '/' }));
      await oci.addDeployment(newDeployment('inner', { pathPrefix: '/v1/inner' }));
      const at = async (...prefixes: string[]) => (await oci.deploymentAt(prefixes))?.id;
      expect(await at('/', '/v1', '/v1/inner', '/v1/inner/x')).toBe('inner');
      expect(await at('/v1/other', '/v1', '/')).toBe('v1');
      expect(await at('/V1', '/')).toBe('all');
      expect(await at('/V1')).toBeUndefined();
      expect(await oci.deploymentAt(['/v1'])).toEqual(newDeployment('v1'));
    });

    test('have an id and a path prefix of their own', async () => {
      await expect(oci.addDeployment(newDeployment('v1', { pathPrefix: '/v3' }))).rejects.toThrow(DuplicateName);
      await expect(oci.addDeployment(newDeployment('v3', { pathPrefix: '/v1' }))).rejects.toThrow(DuplicateName);
      expect(await oci.deployments()).toHaveLength(2);
    });

    test('are removed once', async () => {
      expect(await oci.removeDeployment('v1')).toBe(true);
      expect(await oci.removeDeployment('v1')).toBe(false);
      expect(await oci.deployment('v1')).toBeUndefined();
    });
  });

  test('all of it belongs to a transaction like everything else', async () => {
    const work = store.transaction(async ({ oci: inner }) => {
      expect(await inner.addApiKey(newApiKey('b1', { userId: 'bob' }), most)).toBe('added');
      await inner.addRetry(newRetry('new'), start);
      expect(await inner.removeApiKey('ada', 'a1')).toBe('removed');
      await inner.removeTenancy(otherTenancy.id);
      throw new Error('enough');
    });
    await expect(work).rejects.toThrow('enough');
    expect((await oci.anyApiKeys(10)).map(({ fingerprint }) => fingerprint)).toEqual(['e1', 'a2', 'a1', 'a1']);
    expect(await oci.retry('ada', 'new', start)).toBeUndefined();
  });

  test('does not make an empty store a seeded one', async () => expect(await store.isEmpty()).toBe(true));
});

describe('in a file', () => {
  const masterKey = Buffer.alloc(32, 7);

  /** With everything in it, closed. */
  async function filled(): Promise<{ folder: string; file: string }> {
    const folder = temporaryFolder();
    const file = join(folder, 'state.sqlite');
    const store = await opened(`sqlite:${file}`, masterKey);
    await populate(store);
    await store.close();
    return { folder, file };
  }

  test('a specification is sealed, a public key is not, and both are there again after closing', async () => {
    const { folder, file } = await filled();
    const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString('latin1'));
    expect(bytes.join('')).toContain('public key a1');
    expect(bytes.join('')).not.toContain('the specification of');
    const again = await opened(`sqlite:${file}`, masterKey);
    expect(await again.oci.deployment('v1')).toEqual(newDeployment('v1'));
    expect((await again.oci.apiKey('ada', 'a1'))?.publicKey).toBe('public key a1');
  });

  test('a specification that was moved to another row does not open', async () => {
    const { file } = await filled();
    const database = new DatabaseSync(file);
    database.exec(`update ociDeployments set specification =
      (select specification from ociDeployments where id = 'v1') where id = 'v2'`);
    database.close();
    const { oci } = await opened(`sqlite:${file}`, masterKey);
    await expect(oci.deployment('v2')).rejects.toThrow('The sealed specification of OCI deployment v2 does not open');
    expect(await oci.deployment('v1')).toEqual(newDeployment('v1'));
  });
});
