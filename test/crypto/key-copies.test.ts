import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { lend } from '../../src/crypto/key-copies.ts';

test('a key is lent to one at a time: others get copies, and wait when there are enough of them', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const enough = 2 * availableParallelism();
  const lent: { readonly copy: KeyObject; readonly giveBack: () => void }[] = [];
  const borrow = (): void => lend(privateKey, (copy, giveBack) => void lent.push({ copy, giveBack }));
  for (let count = 0; count < enough + 2; count++) borrow();
  expect(lent).toHaveLength(enough);
  expect(lent[0]!.copy).toBe(privateKey);
  const copies = new Set(lent.map(({ copy }) => copy));
  expect(copies.size).toBe(enough);
  for (const copy of copies) expect(copy.equals(privateKey)).toBe(true);

  lent[1]!.giveBack();
  expect(lent[enough]!.copy).toBe(lent[1]!.copy);
  for (const { giveBack } of [lent[0]!, ...lent.slice(2)]) giveBack();
  expect(lent[enough + 1]!.copy).toBe(privateKey);
  borrow();
  expect(copies.has(lent.at(-1)!.copy)).toBe(true);
});
