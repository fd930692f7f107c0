import { scrypt } from '@noble/hashes/scrypt.js';
import { expect, test } from 'vitest';
import { hashPassword, verifyPassword } from '../../src/crypto/passwords.ts';

const composed = 'Gr\u00fc\u00dfe';
const decomposed = 'Gru\u0308\u00dfe';

test.each([
  ['signet', 'signet', true],
  ['signet', 'Signet', false],
  ['signet', 'signet ', false],
  ['signet', '', false],
  ['', '', true],
  [composed, decomposed, true],
  ['x'.repeat(1000), 'x'.repeat(999), false],
])('%j is proved by %j: %s', async (password, attempt, proved) => {
  expect(await verifyPassword(attempt, await hashPassword(password))).toBe(proved);
});

test('is salted', async () => {
  expect(await hashPassword('signet')).not.toBe(await hashPassword('signet'));
});

test('is scrypt as another implementation computes it', async () => {
  const [, name, cost, salt = '', hash] = (await hashPassword('signet')).split('$');
  expect([name, cost]).toEqual(['scrypt', 'ln=12,r=8,p=1']);
  const expected = scrypt('signet', Buffer.from(salt, 'base64'), { N: 4096, r: 8, p: 1, dkLen: 32 });
  expect(hash).toBe(Buffer.from(expected).toString('base64').replace('=', ''));
});

test('is proved at the cost that it was made with', async () => {
  const salt = Buffer.from('sodium chloride');
  const hash = Buffer.from(scrypt('signet', salt, { N: 16, r: 2, p: 3, dkLen: 20 }));
  const stored = `$scrypt$ln=4,r=2,p=3$${salt.toString('base64')}$${hash.toString('base64').replace('=', '')}`;
  expect(await verifyPassword('signet', stored)).toBe(true);
  expect(await verifyPassword('other', stored)).toBe(false);
});

test.each(['', 'signet', '$2b$10$abcdefghijklmnopqrstuv', '$scrypt$ln=12,r=8,p=1$c2FsdA', '$scrypt$ln=12,r=8,p=1$$'])(
  'what hashPassword did not make is an error: %j',
  async (stored) => {
    await expect(verifyPassword('signet', stored)).rejects.toThrow('A stored password is not in the form $scrypt$…');
  },
);
