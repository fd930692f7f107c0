import { createDecipheriv } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createSealing, parseMasterKey, SealBroken, unsealed } from '../../src/crypto/sealing.ts';

const masterKey = Buffer.alloc(32, 7);
const sealing = createSealing(masterKey);
const plain = Buffer.from('private material');

test.each([0, 1, 16, 5000])('%i bytes come back', (length) => {
  const bytes = Buffer.alloc(length, 'x');
  expect(Buffer.from(sealing.open(sealing.seal(bytes, 'key 1'), 'key 1'))).toEqual(bytes);
});

test('the form is the documented one', () => {
  const sealed = Buffer.from(sealing.seal(plain, 'key 1'));
  expect(sealed).toHaveLength(1 + 12 + plain.length + 16);
  expect(sealed[0]).toBe(1);
  const decipher = createDecipheriv('aes-256-gcm', masterKey, sealed.subarray(1, 13)).setAAD(
    Buffer.from('signet 1 key 1'),
  );
  decipher.setAuthTag(sealed.subarray(-16));
  expect(Buffer.concat([decipher.update(sealed.subarray(13, -16)), decipher.final()])).toEqual(plain);
});

test('the same value is never sealed to the same bytes', () => {
  const sealed = Array.from({ length: 100 }, () => Buffer.from(sealing.seal(plain, 'key 1')).toString('hex'));
  expect(new Set(sealed).size).toBe(100);
});

describe('does not open', () => {
  const sealed = Buffer.from(sealing.seal(plain, 'key 1'));

  test('with any byte changed', () => {
    for (const position of sealed.keys()) {
      const changed = Buffer.from(sealed);
      changed[position] = (changed[position] ?? 0) ^ 1;
      expect(() => sealing.open(changed, 'key 1')).toThrow(SealBroken);
    }
  });

  test.each([
    [
      'under another master key',
      createSealing(Buffer.alloc(32, 8)),
      sealed,
      'key 1',
      /another master key, or changed bytes/,
    ],
    ['as something else', sealing, sealed, 'key 2', /The sealed key 2 does not open/],
    ['in a later form', sealing, Buffer.concat([Buffer.of(2), sealed.subarray(1)]), 'key 1', /unknown form, version 2/],
    ['with its end missing', sealing, sealed.subarray(0, -1), 'key 1', /does not open/],
    ['when there is hardly anything', sealing, sealed.subarray(0, 28), 'key 1', /cut short/],
    ['when there is nothing', sealing, Buffer.alloc(0), 'key 1', /cut short/],
  ])('%s', (_how, opener, bytes, context, reason) => {
    expect(() => opener.open(bytes, context)).toThrow(SealBroken);
    expect(() => opener.open(bytes, context)).toThrow(reason);
  });
});

test.each([0, 16, 31, 33])('a master key of %i bytes is refused', (length) => {
  expect(() => createSealing(Buffer.alloc(length))).toThrow(RangeError);
});

test('a master key that its owner wipes goes on to work', () => {
  const own = Buffer.from(masterKey);
  const wiped = createSealing(own);
  own.fill(0);
  expect(Buffer.from(sealing.open(wiped.seal(plain, 'key 1'), 'key 1'))).toEqual(plain);
});

test('in memory nothing is sealed', () => {
  expect(unsealed.open(unsealed.seal(plain, 'key 1'), 'key 2')).toEqual(plain);
});

describe('a master key is written', () => {
  const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 8 + 3));
  test.each([
    ['in hex', bytes.toString('hex')],
    ['in capital hex', bytes.toString('hex').toUpperCase()],
    ['in Base64', bytes.toString('base64')],
    ['in Base64 without padding', bytes.toString('base64').replace('=', '')],
    ['in Base64 for URLs', bytes.toString('base64url')],
    ['with a line end', `${bytes.toString('base64')}\n`],
  ])('%s', (_how, text) => {
    expect(Buffer.from(parseMasterKey(text))).toEqual(bytes);
  });

  test.each([
    '',
    'secret',
    'a'.repeat(63),
    'g'.repeat(64),
    'a'.repeat(66),
    Buffer.alloc(31).toString('base64'),
    Buffer.alloc(33).toString('base64'),
  ])('never as "%s"', (text) => {
    expect(() => parseMasterKey(text)).toThrow(new RangeError('A master key is 32 bytes, written as Base64 or as hex'));
  });
});
