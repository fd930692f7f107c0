/** A file system on which a file has one name only, as exFAT. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { opened, temporaryFolder } from './databases.ts';

vi.mock('node:fs', async (original) => ({
  ...(await original<typeof import('node:fs')>()),
  linkSync: () => {
    throw Object.assign(new Error('operation not supported'), { code: 'ENOTSUP' });
  },
}));

test('holds a state, too', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'state.sqlite');
  const store = await opened(`sqlite:${file}`, Buffer.alloc(32, 7));
  expect(await store.isEmpty()).toBe(true);
  await store.close();
  expect(readdirSync(folder)).toEqual(['state.sqlite']);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
