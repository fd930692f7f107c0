/** Lists are given whole, a page at a time, as real clients ask for them: until the next marker is empty. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { keySpecs } from '../../src/crypto/key-specs.ts';
import { openStore } from '../../src/store/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { domain, project, user } from '../support/identity.ts';
import { kmsClient } from '../support/kms.ts';
import { useFolder, useSignet } from '../support/signet.ts';
import { newKey } from '../store/people.ts';

const databaseUrl = `sqlite:${join(useFolder(), 'state.sqlite')}`;
const { url } = await useSignet({ databaseUrl, keyQuota: 100_000 });
const kms = kmsClient(url);

const KEYS = 10_000;
const idOf = (index: number): string => `${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`;
/** Writes beside the server: asking it for as many would take a minute. */
async function write(work: (store: Store) => Promise<void>): Promise<void> {
  const store = await openStore({ url: databaseUrl });
  try {
    await store.transaction(work);
  } finally {
    await store.close();
  }
}

const { secret: material } = await keySpecs.AES_256.generate();
await write(async ({ keys }) => {
  for (let index = 0; index < KEYS; index++) {
    const owner = { projectId: project.id, domainId: domain.id, name: `key-${index}` };
    const spec = { spec: 'AES_256', usage: 'ENCRYPT_DECRYPT', material, publicKey: null };
    // Five keys a millisecond: newest first is not enough of an order.
    await keys.add(newKey(idOf(index), { ...owner, ...spec, createdAt: 1_700_000_000_000 + Math.floor(index / 5) }));
  }
});
const all = Array.from({ length: KEYS }, (_, index) => idOf(KEYS - 1 - index));

interface PageOf<Item> {
  readonly items: readonly Item[];
  /** '' on the last page. */
  readonly next: string;
}

/** Every page until the next marker is empty. */
async function pages<Item>(ask: (marker: string) => Promise<PageOf<Item>>): Promise<readonly (readonly Item[])[]> {
  const found: (readonly Item[])[] = [];
  let marker = '';
  do {
    const { items, next } = await ask(marker);
    found.push(items);
    if (next === marker) throw new Error(`the marker ${marker} leads nowhere`);
    marker = next;
  } while (marker !== '');
  return found;
}

test('10,000 keys are listed in ten pages of 1000, each once, newest first', async () => {
  const found = await pages(async (marker) => {
    const page = await kms.ask('list-keys', { key_spec: 'AES_256', limit: 1000, marker });
    expect(page.truncated).toBe(page.next_marker === '' ? 'false' : 'true');
    return { items: page.keys, next: page.next_marker };
  });
  // The seed has one AES key, the youngest.
  expect(found.map(({ length }) => length)).toEqual([...Array.from({ length: 10 }, () => 1000), 1]);
  expect(found.flat().slice(1)).toEqual(all);
  expect((await kms.ask('list-keys', { key_spec: 'AES_256' })).total).toBe(KEYS + 1);
});

describe('what belongs to keys', () => {
  test('tagged keys: 2500 in pages of 1000, each with its tags', async () => {
    const tagged = all.filter((_, index) => index % 4 === 0);
    await write(async ({ tags }) => {
      for (const id of tagged) await tags.set(id, [{ key: 'quarter', value: id.slice(0, 8) }]);
    });
    let offset = 0;
    const found = await pages(async () => {
      const question = { action: 'filter', tags: [{ key: 'quarter' }], limit: '1000', offset };
      const { resources = [], total_count: total } = await kms.ask('resource_instances/action', question);
      expect(total).toBe(2500);
      offset += resources.length;
      const items = resources.map(({ resource_id: id, tags }) => `${id} ${tags[0]!.value}`);
      return { items, next: offset < total ? String(offset) : '' };
    });
    expect(found.map(({ length }) => length)).toEqual([1000, 1000, 500]);
    expect(found.flat()).toEqual(tagged.map((id) => `${id} ${id.slice(0, 8)}`));
  });

  test('aliases: 250 in pages of 100, each once, in the order of their names', async () => {
    const names = Array.from({ length: 250 }, (_, index) => `name-${String(index).padStart(3, '0')}`);
    await write(async ({ aliases }) => {
      for (const [index, alias] of names.entries()) {
        const keyId = all[index % 7]!;
        await aliases.add({ projectId: project.id, alias, keyId, createdAt: 1, updatedAt: 1 });
      }
    });
    const found = await pages(async (marker) => {
      const { aliases, page_info } = await kms.ask('GET aliases', { limit: 100, marker });
      expect(page_info.current_count).toBe(aliases.length);
      return { items: aliases.map(({ alias }) => alias), next: page_info.next_marker };
    });
    // The seed has ten of its own.
    expect(found.map(({ length }) => length)).toEqual([100, 100, 60]);
    expect(found.flat().filter((name) => name.startsWith('name-'))).toEqual(names);
  });

  const grant = { name: '', granteeType: 'user', operations: ['describe-key'], issuer: 'ann' } as const;
  const newGrant = (index: number, keyId: string, retiringPrincipal: string) => ({
    ...{ ...grant, grantee: 'bob', keyId, retiringPrincipal, createdAt: 5 },
    id: String(index).padStart(64, '0'),
  });

  test('the grants of a key: 100 in pages of 30', async () => {
    await write(async ({ grants }) => {
      for (let index = 0; index < 100; index++) await grants.add(newGrant(index, all[0]!, ''));
    });
    const found = await pages(async (marker) => {
      const page = await kms.ask('list-grants', { key_id: all[0], limit: '30', marker });
      expect([page.total, page.truncated]).toEqual([100, page.next_marker === '' ? 'false' : 'true']);
      return { items: page.grants.map(({ grant_id: id }) => Number(id)), next: page.next_marker };
    });
    expect(found.map(({ length }) => length)).toEqual([30, 30, 30, 10]);
    expect(found.flat()).toEqual(Array.from({ length: 100 }, (_, index) => 99 - index));
  });

  test('the grants that somebody may retire: 1500 in pages of 1000, the most at once', async () => {
    await write(async ({ grants }) => {
      for (let index = 0; index < 1500; index++) await grants.add(newGrant(1000 + index, all[index]!, user.id));
    });
    const found = await pages(async (marker) => {
      const page = await kms.ask('list-retirable-grants', { limit: '5000', marker });
      expect([page.total, page.truncated]).toEqual([1500, page.next_marker === '' ? 'false' : 'true']);
      return { items: page.grants.map(({ grant_id: id }) => Number(id)), next: page.next_marker };
    });
    expect(found.map(({ length }) => length)).toEqual([1000, 500]);
    expect(new Set(found.flat()).size).toBe(1500);
  });
});
