/** A store with something of everything in it, for tests that look at all of it. */
import type { Contents, Store } from '../../src/store/store.ts';
import { elsewhere, furnish, newApi, newBinding, newEnvironment, newGateway, newGroup } from './gateway-things.ts';
import { newPublication, newSignatureKey } from './gateway-things.ts';
import { populate } from './oci-things.ts';
import { accessKey, agency, domain, newAlias, newGrant, newKey, newToken, otherDomain } from './people.ts';
import { otherProject, otherUser, settle } from './people.ts';

const foreign = { projectId: otherProject.id, domainId: otherDomain.id };

/** In both projects. */
export async function fill(store: Store): Promise<void> {
  await settle(store);
  for (const [key, alias] of [
    [newKey('k'), newAlias('alias/k', 'k')],
    [newKey('f', foreign), newAlias('alias/f', 'f', otherProject.id)],
  ] as const) {
    await store.keys.add(key);
    await store.keys.addMaterial(key.id, 2, Buffer.from(`second half of ${key.id}`));
    await store.aliases.add(alias);
    await store.tags.set(key.id, [{ key: 'stage', value: 'test' }]);
    await store.grants.add(newGrant(`grant of ${key.id}`, key.id));
    const ticket = { hash: `ticket of ${key.id}`, keyId: key.id, algorithm: 'a', expiresAt: 5 };
    await store.imports.add({ ...ticket, privateKey: Buffer.from(`wrapping key of ${key.id}`) });
    await store.tokens.add(newToken(`token of ${key.id}`, { projectId: key.projectId }));
  }
  await furnish(store);
  const { gateways } = store;
  await gateways.addEnvironment(newEnvironment('f', elsewhere));
  await gateways.addKey(newSignatureKey('f', elsewhere));
  await gateways.addGroup(newGroup('f', elsewhere));
  await gateways.addApi(newApi('f', { ...elsewhere, groupId: 'f' }));
  await gateways.publish(newPublication('f', 'f', elsewhere));
  await gateways.bind([newBinding('a', 'k1'), newBinding('f', 'f', { ...elsewhere, id: 'f' })]);
  const both = [newGateway('g'), newGateway('h', { projectId: otherProject.id })];
  await store.contents.replace({ ...(await store.contents.read()), gateways: both });
  await store.tokens.add(newToken('assumed', { userId: agency.id, assumedBy: otherUser.id }));
  await store.tokens.add(newToken('of the domain', { projectId: null, domainId: domain.id }));
  await store.identity.countFailure(accessKey.access, 1, 9000);
  await populate(store);
}

/** As text, without regard to the order of rows. */
export const shown = (contents: Contents): unknown =>
  Object.fromEntries(
    Object.entries(contents).map(([table, rows]: [string, unknown]) => [
      table,
      Array.isArray(rows) ? rows.map((row) => JSON.stringify(inHex(row as object))).toSorted() : rows,
    ]),
  );
const inHex = (row: object) =>
  Object.entries(row)
    .map(([name, value]) => [
      name,
      value instanceof Uint8Array ? Buffer.from(value).toString('hex') : (value as unknown),
    ])
    .toSorted();
