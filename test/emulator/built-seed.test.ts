import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { builtSeed } from '../../src/emulator/seeds/built-seed.ts';
import { readSeed, understandSeed } from '../../src/emulator/seeds/seed.ts';

const text = readFileSync(new URL('../../seeds/default.yaml', import.meta.url), 'utf8');

/** As scripts/build.ts puts it into the program. */
const build = (of: string): unknown =>
  vi.stubGlobal('BUILT_SEED', { sha256: hash('sha256', of), file: parse(of) as unknown });
afterEach(() => void vi.unstubAllGlobals());

/** UUIDs in a row, for two readings that are to be compared. */
function counting(): () => string {
  let last = 0;
  return () => `00000000-0000-4000-8000-${String(++last).padStart(12, '0')}`;
}

it('the seed that the build has read is the one in the file', async () => {
  const expected = await readSeed(text, 'default.yaml', counting());
  build(text);
  expect(builtSeed(text, 'default.yaml')).toBeDefined();
  expect(await understandSeed('', text, counting())).toEqual(expected);
});

it('a file that was changed since is read', async () => {
  build(text);
  const changed = text.replace('region: eu-de', 'region: eu-nl');
  expect(builtSeed(changed, 'default.yaml')).toBeUndefined();
  expect((await understandSeed('', changed, counting())).region).toBe('eu-nl');
});

it('what is made of it changes nothing for the next', () => {
  build(text);
  Object.assign(builtSeed(text, 'default.yaml')?.file ?? {}, { region: 'elsewhere' });
  expect(builtSeed(text, 'default.yaml')?.file).toMatchObject({ region: 'eu-de' });
});

it('the sources have none', () => {
  expect(builtSeed(text, 'default.yaml')).toBeUndefined();
});
