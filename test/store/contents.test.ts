/** All contents at once, over every engine: what is read and put into another store is the same there; and of one project. */
import { beforeEach, describe, expect, test } from 'vitest';
import {
  contentsOf,
  DuplicateName,
  noKeys,
  type Contents,
  type Key,
  type NewKey,
  type Store,
} from '../../src/store/store.ts';
import { databases, opened } from './databases.ts';
import { fill, shown } from './full-store.ts';
import {
  newApi,
  newBinding,
  newEnvironment,
  newGateway,
  newGroup,
  newPublication,
  newSignatureKey,
} from './gateway-things.ts';
import { newDeployment } from './oci-things.ts';
import { accessKey, agency, domain, newGrant, newKey, newToken, otherDomain } from './people.ts';
import { otherProject, otherUser, project, temporaryKey, user } from './people.ts';

const gatewayParts = [
  ...(['signatureKeys', 'environments', 'apiGroups'] as const),
  ...(['apis', 'publications', 'signatureBindings'] as const),
];

const ociParts = ['ociTenancies', 'ociUsers', 'ociApiKeys', 'ociRetries', 'ociDeployments'] as const;

const idsOf = (rows: readonly { readonly id: string }[]): string =>
  rows
    .map(({ id }) => id)
    .toSorted()
    .join(' ');

const journeys = databases.flatMap(([from, newUrl]) =>
  databases.filter(([to]) => to !== from).map(([to, otherUrl]) => [from, to, newUrl, otherUrl] as const),
);

test.each(journeys)('what was read from %s is the same in %s', async (_from, _to, newUrl, otherUrl) => {
  const store = await opened(newUrl());
  await fill(store);
  const before = await store.contents.read();
  const other = await opened(otherUrl());
  await other.contents.replace(before);
  expect(shown(await other.contents.read())).toEqual(shown(before));
});

describe.each(databases)('%s', (_, newUrl) => {
  let store: Store;
  beforeEach(async () => {
    store = await opened(newUrl());
    await fill(store);
  });

  test('are the same in another store', async () => {
    const contents = await store.contents.read();
    for (const rows of Object.values(contents) as (readonly unknown[])[]) expect(rows.length).toBeGreaterThan(1);
    const other = await opened(newUrl());
    await other.contents.replace(contents);
    expect(shown(await other.contents.read())).toEqual(shown(contents));
    expect(Buffer.from((await other.keys.material('k', 2)) ?? []).toString()).toBe('second half of k');
    expect((await other.identity.accessKey(accessKey.access))?.lockedUntil).toBe(9000);
    expect((await other.tokens.find('assumed'))?.assumer?.id).toBe(otherUser.id);
    expect(await other.oci.apiKey('ada', 'a2')).toEqual(await store.oci.apiKey('ada', 'a2'));
    expect(await other.oci.deployment('v1')).toEqual(newDeployment('v1'));
  });

  test('take the place of everything, but not of documents', async () => {
    const contents = await store.contents.read();
    await store.documents.put({ kind: 'snapshot', name: 'one', content: Buffer.from('text'), createdAt: 1 });
    await store.keys.add(newKey('later'));
    await store.identity.addProject({ id: 'p3', name: 'later', domainId: domain.id });
    await store.setRegion('later');
    await store.oci.removeUser('ada');
    await store.oci.addDeployment(newDeployment('later'));
    await store.contents.replace(contents);
    expect(shown(await store.contents.read())).toEqual(shown(contents));
    expect(await store.documents.list('snapshot')).toHaveLength(1);
  });

  test('of more rows than a statement takes', async () => {
    const { keys, materials, ...rest } = await store.contents.read();
    const many = Array.from({ length: 1234 }, (_each, index) => {
      const { material, ...key } = newKey(`many ${index}`);
      return { key, material: { keyId: key.id, version: 1, secret: material ?? Buffer.alloc(1) } };
    });
    const contents = {
      ...rest,
      keys: [...keys, ...many.map(({ key }) => key)],
      materials: [...materials, ...many.map(({ material }) => material)],
    };
    await store.contents.replace(contents);
    expect(shown(await store.contents.read())).toEqual(shown(contents));
  });

  test('that do not fit together change nothing', async () => {
    const contents = await store.contents.read();
    const twice = { ...contents, region: 'other', grants: [...contents.grants, ...contents.grants] };
    await expect(store.contents.replace(twice)).rejects.toThrow(DuplicateName);
    expect(shown(await store.contents.read())).toEqual(shown(contents));
  });

  describe('of a project', () => {
    test('are its domain, its keys, and whoever has to do with it', async () => {
      const contents = await store.contents.read(project.id);
      expect(shown(contents)).toEqual(shown(contentsOf(await store.contents.read(), project.id)));
      expect(idsOf(contents.projects)).toBe(project.id);
      expect(idsOf(contents.domains)).toBe(`${domain.id} ${otherDomain.id}`);
      // The other user acts as the agency.
      expect(idsOf(contents.users)).toBe(`${agency.id} ${user.id} ${otherUser.id}`);
      expect(contents.accessKeys.map(({ access }) => access).toSorted()).toEqual([
        accessKey.access,
        temporaryKey.access,
      ]);
      expect(contents.tokens.map(({ hash }) => hash).toSorted()).toEqual(['assumed', 'token of k']);
      expect(idsOf(contents.keys)).toBe('k');
      for (const part of ['materials', 'aliases', 'tags', 'grants', 'importTickets'] as const) {
        expect(new Set(contents[part].map(({ keyId }) => keyId))).toEqual(new Set(['k']));
      }
      expect(idsOf(contents.gateways)).toBe('g');
      for (const part of gatewayParts) {
        expect(new Set(contents[part].map(({ gatewayId }) => gatewayId))).toEqual(new Set(['g']));
      }
      for (const part of ociParts) expect(contents[part]).toEqual([]);
    });

    test('of which there is none: none', async () => {
      expect((await store.contents.read('none')).projects).toEqual([]);
    });

    test('take the place of the project alone', async () => {
      const before = await store.contents.read();
      const mine = await store.contents.read(project.id);
      await store.keys.add(newKey('later'));
      await store.keys.update(project.id, 'k', [2], { description: 'changed' });
      await store.tokens.remove('token of k');
      await store.gateways.removeKey('g', 'k1');
      await store.gateways.publish(newPublication('later', 'a'));
      await store.contents.replaceProject(mine, project.id);
      expect(shown(await store.contents.read())).toEqual(shown(before));
      await store.contents.replaceProject({ ...mine, ...noKeys, tokens: [] }, project.id);
      const { items } = await store.keys.list(project.id, {}, 0, 10);
      expect(items).toEqual([]);
      const bare = await store.contents.read(project.id);
      expect(bare.gateways).toEqual([newGateway('g')]);
      for (const part of gatewayParts) expect(bare[part]).toEqual([]);
      expect(shown(await store.contents.read(otherProject.id))).toEqual(shown(contentsOf(before, otherProject.id)));
    });

    test('come with whom they need', async () => {
      const mine = await store.contents.read(project.id);
      const other = await opened(newUrl());
      await other.setRegion('eu-nl');
      await other.contents.replaceProject(mine, project.id);
      expect(shown(await other.contents.read(project.id))).toEqual(shown({ ...mine, region: 'eu-nl' }));
    });

    test('get the name of the project there', async () => {
      const mine = await store.contents.read(project.id);
      await store.contents.replaceProject({ ...mine, projects: [{ ...project, name: 'renamed' }] }, project.id);
      expect((await store.identity.project(project.id))?.name).toBe('renamed');
    });

    const keyOf = ({ material: _material, ...key }: NewKey): Key => key;
    const taken: readonly (readonly [string, (mine: Contents) => Partial<Contents>, RegExp])[] = [
      ['a key', () => ({ keys: [keyOf(newKey('f'))], materials: [] }), /The key f is another project's/],
      ['a grant', () => ({ grants: [newGrant('grant of f', 'k')] }), /The grant grant of f is/],
      ['a token', () => ({ tokens: [newToken('token of f')] }), /The token token of f is/],
      [
        'an access key',
        () => ({ accessKeys: [{ ...accessKey, userId: agency.id, failures: 0, lockedUntil: null }] }),
        /AK1/,
      ],
      ['a signature key', () => ({ signatureKeys: [newSignatureKey('f')] }), /The signature key f is/],
      ['an environment', () => ({ environments: [newEnvironment('f')] }), /The environment f is/],
      ['an API group', () => ({ apiGroups: [newGroup('f')] }), /The API group f is/],
      ['an API', () => ({ apis: [newApi('f')] }), /The API f is/],
      ['a publication', () => ({ publications: [newPublication('f', 'a')] }), /The publication f is/],
      ['a binding', () => ({ signatureBindings: [newBinding('a', 'k1', { id: 'f' })] }), /The binding f is/],
      ['a gateway', () => ({ gateways: [newGateway('h')] }), /The gateway h is/],
      [
        'the gateway that something is in',
        () => ({ signatureKeys: [newSignatureKey('new', { gatewayId: 'h' })] }),
        /The gateway h is/,
      ],
      ['a domain name', () => ({ domains: [{ id: 'd3', name: 'Domain One' }] }), /domain Domain One/],
      ['a user of another domain', () => ({ users: [{ ...otherUser, domainId: domain.id }] }), /u2 is taken/],
      ['a user name', () => ({ users: [{ ...user, id: 'u3' }] }), /user ann/],
    ];
    test.each(taken)('of which %s is taken: DuplicateName, and nothing changes', async (_what, change, words) => {
      const before = await store.contents.read();
      const mine = await store.contents.read(project.id);
      const attempt = store.contents.replaceProject({ ...mine, ...change(mine) }, project.id);
      await expect(attempt).rejects.toThrow(DuplicateName);
      await expect(attempt).rejects.toThrow(words);
      expect(shown(await store.contents.read())).toEqual(shown(before));
    });
  });
});
