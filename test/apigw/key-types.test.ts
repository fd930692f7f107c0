/** What is made up for a key by its type, and what becomes of type and pair when it is changed. */
import { describe, expect, test } from 'vitest';
import { gatewayClient, gatewayId, makerOf, newName, type Key } from '../support/apigw.ts';
import { expectApigRefusal } from '../support/apig-refusals.ts';
import { useSignet } from '../support/signet.ts';

const { url } = await useSignet();
const gateway = gatewayClient(url);
const make = makerOf(gateway);
const create = (body: object) => gateway.ask<Key>('post', 'signs', { name: newName(), ...body });
const change = (id: string, body: object) => gateway.ask<Key>('put', `signs/${id}`, { name: newName(), ...body });
const shown = async (id: string): Promise<Key> =>
  (await gateway.ask<{ signs: Key[] }>('get', `signs?id=${id}`)).signs[0]!;

const hex = /^[0-9a-f]{32}$/;
const mixed = /^(?=.*[A-Z])(?=.*[a-z])[A-Za-z0-9]+$/;
/** A type as it is asked for, and what is made up for it. */
const types = [
  { title: 'no type', type: {}, sign_type: 'hmac', key: hex, secret: hex },
  { title: 'hmac', type: { sign_type: 'hmac' }, sign_type: 'hmac', key: hex, secret: hex },
  {
    title: 'basic',
    type: { sign_type: 'basic' },
    sign_type: 'basic',
    key: /^[A-Za-z][A-Za-z0-9_-]{3,31}$/,
    secret: /^[A-Za-z0-9][A-Za-z0-9_!@#$%-]{7,63}$/,
  },
  {
    title: 'aes-128-cfb',
    type: { sign_type: 'aes', sign_algorithm: 'aes-128-cfb' },
    sign_type: 'aes',
    key: /^[A-Za-z0-9]{16}$/,
    secret: /^[A-Za-z0-9]{16}$/,
  },
  {
    title: 'aes-256-cfb',
    type: { sign_type: 'aes', sign_algorithm: 'aes-256-cfb' },
    sign_type: 'aes',
    key: /^[A-Za-z0-9]{32}$/,
    secret: /^[A-Za-z0-9]{16}$/,
  },
];

describe.each(types)('$title', ({ type, sign_type, key, secret }) => {
  test('key and secret are made up, and never the same', async () => {
    const many = await Promise.all(Array.from({ length: 40 }, () => create(type)));
    for (const one of many) {
      expect(one).toMatchObject({ ...type, sign_type, sign_key: expect.stringMatching(key) as unknown });
      expect(one.sign_secret).toMatch(secret);
    }
    const pairs = many.flatMap(({ sign_key, sign_secret }) => [sign_key, sign_secret]);
    expect(new Set(pairs).size).toBe(pairs.length);
    if (sign_type === 'aes') expect(pairs.join('')).toMatch(mixed);
    await Promise.all(many.map(({ id }) => gateway.ask('delete', `signs/${id}`)));
  });

  test.each([
    ['left out', {}],
    ['null', { sign_key: null, sign_secret: null }],
    ['empty', { sign_key: '', sign_secret: '' }],
  ])('a change in which both are %s makes up both anew, and keeps the type', async (_, pair) => {
    const before = await create(type);
    const after = await change(before.id, pair);
    expect(after).toMatchObject({ ...type, sign_type, id: before.id });
    expect('sign_algorithm' in after).toBe('sign_algorithm' in type);
    expect(after.sign_key).toMatch(key);
    expect(after.sign_secret).toMatch(secret);
    expect([after.sign_key, after.sign_secret]).not.toContain(before.sign_key);
    expect(after.sign_secret).not.toBe(before.sign_secret);
    expect(await shown(before.id)).toMatchObject({ name: after.name, sign_key: after.sign_key });
  });

  test('of what is given only the rest is made up', async () => {
    const { id, sign_key, sign_secret } = await create(type);
    const first = await change(id, { sign_key });
    expect(first.sign_key).toBe(sign_key);
    expect(first.sign_secret).not.toBe(sign_secret);
    const second = await change(id, { sign_secret });
    expect(second.sign_secret).toBe(sign_secret);
    expect(second.sign_key).not.toBe(sign_key);
    expect(await change(id, { ...type, sign_key, sign_secret })).toMatchObject({ sign_key, sign_secret });
  });
});

describe('another type', () => {
  test('another cipher has a fresh key of the length that it needs', async () => {
    const { id, sign_key: long, sign_secret } = await create({ sign_type: 'aes', sign_algorithm: 'aes-256-cfb' });
    expect(long).toHaveLength(32);
    const shorter = await change(id, { sign_type: 'aes', sign_algorithm: 'aes-128-cfb' });
    expect(shorter).toMatchObject({ sign_type: 'aes', sign_algorithm: 'aes-128-cfb' });
    expect(shorter.sign_key).toMatch(/^[A-Za-z0-9]{16}$/);
    expect(shorter.sign_secret).not.toBe(sign_secret);
    const longer = await change(id, { sign_algorithm: 'aes-256-cfb' });
    expect(longer.sign_key).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(await shown(id)).toMatchObject({ sign_algorithm: 'aes-256-cfb', sign_key: longer.sign_key });
    const tooLong = { name: newName(), sign_algorithm: 'aes-128-cfb', sign_key: longer.sign_key };
    expectApigRefusal(await gateway.send('put', `signs/${id}`, tooLong), 'APIG.2011', 'sign_key');
  });

  test('from aes to another the cipher goes, and from another to aes it must be said', async () => {
    const { id } = await create({ sign_type: 'aes', sign_algorithm: 'aes-128-cfb' });
    const plain = await change(id, { sign_type: 'hmac' });
    expect(plain.sign_type).toBe('hmac');
    expect(plain).not.toHaveProperty('sign_algorithm');
    const { name } = plain;
    expectApigRefusal(
      await gateway.send('put', `signs/${id}`, { name, sign_type: 'aes' }),
      ...(['APIG.2011', 'sign_algorithm'] as const),
    );
    const back = await change(id, { sign_type: 'aes', sign_algorithm: 'aes-256-cfb' });
    expect(back).toMatchObject({ sign_type: 'aes', sign_algorithm: 'aes-256-cfb' });
  });

  test('a pair that was right for the old type may be wrong for the new one', async () => {
    const pair = { sign_key: '0123456789', sign_secret: 'a_long_enough_one' };
    const id = await make.key(pair);
    const basic = { name: newName(), sign_type: 'basic', ...pair };
    expectApigRefusal(await gateway.send('put', `signs/${id}`, basic), 'APIG.2011', 'sign_key');
    expect(await shown(id)).toMatchObject({ sign_type: 'hmac', ...pair });
  });
});

/** What is refused of type and cipher, whether a key is made or changed. */
const refused = [
  ['a type that is none', { sign_type: 'rsa' }, 'APIG.2011', 'sign_type'],
  ['a type in other letters', { sign_type: 'HMAC' }, 'APIG.2011', 'sign_type'],
  ['a type that is no text', { sign_type: {} }, 'APIG.2011', 'sign_type'],
  ['the feature that is switched off', { sign_type: 'public_key' }, 'APIG.3548', gatewayId],
  ['aes without a cipher', { sign_type: 'aes' }, 'APIG.2011', 'sign_algorithm'],
  ['aes with an empty cipher', { sign_type: 'aes', sign_algorithm: '' }, 'APIG.2011', 'sign_algorithm'],
  ['aes with another cipher', { sign_type: 'aes', sign_algorithm: 'aes-192-cfb' }, 'APIG.2011', 'sign_algorithm'],
  ['aes in other letters', { sign_type: 'aes', sign_algorithm: 'AES-128-CFB' }, 'APIG.2011', 'sign_algorithm'],
  ['aes with no text', { sign_type: 'aes', sign_algorithm: [] }, 'APIG.2011', 'sign_algorithm'],
  ['hmac with a cipher', { sign_algorithm: 'aes-128-cfb' }, 'APIG.2011', 'sign_algorithm'],
  ['basic with a cipher', { sign_type: 'basic', sign_algorithm: 'aes-128-cfb' }, 'APIG.2011', 'sign_algorithm'],
] as const;

test.each(refused)('%s is refused', async (_, type, code, about) => {
  const key = await create({});
  const body = { name: newName(), ...type };
  expectApigRefusal(await gateway.send('post', 'signs', body), code, about);
  expectApigRefusal(await gateway.send('put', `signs/${key.id}`, body), code, about);
  expect(await shown(key.id)).toMatchObject({ name: key.name, sign_key: key.sign_key, sign_type: 'hmac' });
});

test('an empty cipher is none', async () => {
  expect(await create({ sign_type: 'hmac', sign_algorithm: '' })).not.toHaveProperty('sign_algorithm');
});
