/** Documents under names, over every engine. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Document, Store } from '../../src/store/store.ts';
import { databases, opened, temporaryFolder } from './databases.ts';

const newDocument = (name: string, text: string, kind = 'snapshot'): Document => ({
  ...{ kind, name, content: Buffer.from(text), createdAt: 1_700_000_000_000 },
});
const shown = (document: Document | undefined) =>
  document && { ...document, content: Buffer.from(document.content).toString() };

describe.each(databases)('%s', (_, newUrl) => {
  let store: Store;
  beforeEach(async () => {
    store = await opened(newUrl());
    await store.documents.put(newDocument('one', 'first'));
  });

  test('are found by kind and name, to the letter', async () => {
    await store.documents.put(newDocument('one', 'PEM', 'certificate'));
    expect(shown(await store.documents.get('snapshot', 'one'))).toEqual(shown(newDocument('one', 'first')));
    expect((await store.documents.get('certificate', 'one'))?.content.length).toBe(3);
    expect(await store.documents.get('snapshot', 'One')).toBeUndefined();
    expect(await store.documents.get('other', 'one')).toBeUndefined();
  });

  test('take the place of the one before', async () => {
    await store.documents.put({ ...newDocument('one', 'second time'), createdAt: 7 });
    expect(await store.documents.list('snapshot')).toEqual([{ kind: 'snapshot', name: 'one', createdAt: 7, size: 11 }]);
    expect(shown(await store.documents.get('snapshot', 'one'))).toMatchObject({
      content: 'second time',
      createdAt: 7,
    });
  });

  test('are listed by name, with their size in clear', async () => {
    for (const name of ['z', 'a', 'm']) await store.documents.put(newDocument(name, name.repeat(5)));
    await store.documents.put(newDocument('a', 'PEM', 'certificate'));
    const listed = await store.documents.list('snapshot');
    expect(listed.map(({ name, size }) => `${name} ${size}`)).toEqual(['a 5', 'm 5', 'one 5', 'z 5']);
    expect(await store.documents.list('other')).toEqual([]);
  });

  test('are removed once', async () => {
    expect(await store.documents.remove('certificate', 'one')).toBe(false);
    expect(await store.documents.remove('snapshot', 'one')).toBe(true);
    expect(await store.documents.remove('snapshot', 'one')).toBe(false);
    expect(await store.documents.get('snapshot', 'one')).toBeUndefined();
  });

  test('belong to a transaction like everything else', async () => {
    const work = store.transaction(async ({ documents }) => {
      await documents.put(newDocument('one', 'lost'));
      throw new Error('enough');
    });
    await expect(work).rejects.toThrow('enough');
    expect(shown(await store.documents.get('snapshot', 'one'))?.content).toBe('first');
  });

  test('do not make an empty store a seeded one', async () => expect(await store.isEmpty()).toBe(true));
});

test('in a file they are sealed, and open again after closing', async () => {
  const file = join(temporaryFolder(), 'state.sqlite');
  const store = await opened(`sqlite:${file}`, Buffer.alloc(32, 7));
  await store.documents.put(newDocument('one', 'the secret of the document'));
  await store.close();
  expect(readFileSync(file).includes('the secret of the document')).toBe(false);
  const again = await opened(`sqlite:${file}`, Buffer.alloc(32, 7));
  expect(shown(await again.documents.get('snapshot', 'one'))?.content).toBe('the secret of the document');
});
