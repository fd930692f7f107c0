import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { day, makeClock } from '../support/clock.ts';
import { base64, bytesOf, kmsClient } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { encryptionKeys, encryptionSeed, otherProject } from './encryption-keys.ts';
import { openOutside } from './outside-ciphertexts.ts';

const clock = makeClock();
const { url } = await useSignet({ seed: useSeed(encryptionSeed), now: clock.now });
const kms = kmsClient(url);
const specs = ['AES_256', 'SM4'] as const;

const aes = { key_id: encryptionKeys.AES_256 };
const encrypt = async (body: object): Promise<string> =>
  (await kms.ask('encrypt-data', { ...aes, plain_text: 'a secret', ...body })).cipher_text;
const decrypt = (cipher_text: string, more: object = {}) => kms.post('decrypt-data', { cipher_text, ...more });

async function expectOpens(cipherText: string, plainText: string, more: object = {}) {
  expect((await decrypt(cipherText, more)).body).toMatchObject({ plain_text: plainText });
}

async function expectInvalid(cipherText: string, more: object = {}) {
  expectKmsRefusal(await decrypt(cipherText, more), 'KMS.2201');
}

describe.each(specs)('a ciphertext of %s', (spec) => {
  const key = { key_id: encryptionKeys[spec] };

  /** The bounds of cipher_text in the vendor's contract: 188 for the shortest plaintext, 5648 for the longest. */
  test.each([
    [1, 188],
    [15, 188],
    [16, 208],
    [4095, 5628],
    [4096, 5648],
  ])('of %i bytes has %i characters, and opens to the same', async (bytes, characters) => {
    const plainText = 'x'.repeat(bytes);
    const cipherText = await encrypt({ ...key, plain_text: plainText });
    expect(cipherText).toHaveLength(characters);
    expect(await kms.ask('decrypt-data', { cipher_text: cipherText })).toStrictEqual({
      ...key,
      plain_text: plainText,
      plain_text_base64: base64(plainText),
    });
  });

  test.each([1, 15, 16, 17, 4096])('of %i bytes is what openssl makes of the documented form', async (bytes) => {
    const plainText = 'y'.repeat(bytes);
    const opened = openOutside(spec, 'data', bytesOf(await encrypt({ ...key, plain_text: plainText })));
    const padding = 16 - (bytes % 16);
    expect(opened).toStrictEqual({
      keyId: key.key_id,
      version: 1,
      isGenuine: true,
      content: Buffer.concat([Buffer.from(plainText), Buffer.alloc(padding, padding)]),
    });
  });

  test('is another one every time', async () => {
    const made = await Promise.all(Array.from({ length: 50 }, () => encrypt(key)));
    expect(new Set(made).size).toBe(50);
  });

  test('does not open with any byte of it changed, or with bytes more or fewer', async () => {
    const bytes = bytesOf(await encrypt(key));
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1 + (at % 255);
      await expectInvalid(base64(changed));
      await expectInvalid(base64(changed), key);
    }
    for (const other of [bytes.subarray(0, -1), bytes.subarray(1), Buffer.concat([bytes, Buffer.of(0)])]) {
      await expectInvalid(base64(other));
    }
    await expectOpens(base64(bytes), 'a secret');
  });
});

describe('plain_text', () => {
  test.each([
    ['umlauts and emoji', 'Grüße 🔑'],
    ['what JSON escapes', '"\\\n\u0000\u2028'],
    ['a byte order mark', '\ufefftext'],
    ['4096 bytes in 1024 characters', '🔑'.repeat(1024)],
    ['Base64, as go-kms-wrapping and sops send it', base64(randomBytes(32))],
  ])('may be %s', async (_, plainText) => {
    expect(await kms.ask('decrypt-data', { cipher_text: await encrypt({ plain_text: plainText }) })).toStrictEqual({
      ...aes,
      plain_text: plainText,
      plain_text_base64: base64(plainText),
    });
  });
});

describe('key_id of decrypt-data', () => {
  test('may be the key of the ciphertext, by id, alias or URN', async () => {
    const cipherText = await encrypt({});
    await expectOpens(cipherText, 'a secret', aes);
    await expectOpens(cipherText, 'a secret', { key_id: 'alias/of-AES_256' });
    const { domain_id: domainId } = await kms.describe(aes.key_id);
    await expectOpens(cipherText, 'a secret', { key_id: `kms:eu-de:${domainId}:alias:of-AES_256` });
  });

  test('may be no other key', async () => {
    const cipherText = await encrypt({});
    await expectInvalid(cipherText, { key_id: encryptionKeys.anotherAES });
    await expectInvalid(cipherText, { key_id: encryptionKeys.SM4 });
    // The seed gave it the same material.
    await expectInvalid(cipherText, { key_id: encryptionKeys.rotatingAES });
  });

  test('in a ciphertext that is rewritten to name another key is found out', async () => {
    const bytes = bytesOf(await encrypt({}));
    for (const id of [encryptionKeys.anotherAES, encryptionKeys.HMAC_256, encryptionKeys.RSA_2048]) {
      Buffer.from(id).copy(bytes, bytes.length - 72);
      await expectInvalid(base64(bytes));
      await expectInvalid(base64(bytes), aes);
    }
  });

  test("in another project's ciphertext is a key that does not exist", async () => {
    const theirs = kmsClient(url, { projectId: otherProject.id, token: otherProject.token });
    const cipherText = await encrypt({});
    expectKmsRefusal(await theirs.post('decrypt-data', { cipher_text: cipherText }), 'KMS.2201');
    expectKmsRefusal(await theirs.post('decrypt-data', { cipher_text: cipherText, ...aes }), 'KMS.0207');
  });
});

/** What is said when it is encrypted, and what when it is decrypted. */
type ContextRow = readonly [why: string, made: object, opened: object];

describe('the context', () => {
  const nested = { b: [1, { d: true, c: null }], a: { z: 'z', y: 0.5 } };
  const none = { 'no context': {}, null: { encryption_context: null }, 'an empty object': { encryption_context: {} } };

  const opening: readonly ContextRow[] = [
    ['an object', { encryption_context: { a: '1', b: '2' } }, { encryption_context: { a: '1', b: '2' } }],
    [
      'its fields in another order',
      { encryption_context: { a: '1', b: '2' } },
      { encryption_context: { b: '2', a: '1' } },
    ],
    [
      'objects and lists within',
      { encryption_context: nested },
      { encryption_context: { a: { y: 0.5, z: 'z' }, b: [1, { c: null, d: true }] } },
    ],
    [
      'a field named __proto__',
      { encryption_context: JSON.parse('{"__proto__":"x"}') as unknown },
      { encryption_context: '{"__proto__":"x"}' },
    ],
    ['an object and its JSON', { encryption_context: { b: 1, a: 2 } }, { encryption_context: '{"a":2,"b":1}' }],
    ['text', { encryption_context: 'text' }, { encryption_context: 'text' }],
    ['text under both names', { encryption_context: 'text' }, { additional_authenticated_data: 'text' }],
    [
      'additional data and a context',
      { additional_authenticated_data: 'text', encryption_context: { a: '1', b: '2' } },
      { encryption_context: { b: '2', a: '1' }, additional_authenticated_data: 'text' },
    ],
    [
      'the most that is allowed',
      { encryption_context: { a: 'x'.repeat(8184) } },
      { encryption_context: { a: 'x'.repeat(8184) } },
    ],
    [
      '128 bytes of additional data',
      { additional_authenticated_data: 'ü'.repeat(64) },
      { additional_authenticated_data: 'ü'.repeat(64) },
    ],
    ['an empty object and none', { encryption_context: {} }, {}],
    ['none and an empty object', {}, { encryption_context: {} }],
    [
      'null and empty text',
      { encryption_context: null },
      { encryption_context: '', additional_authenticated_data: '' },
    ],
  ];
  test.each(opening)('%s: opens', async (_, made, opened) => {
    await expectOpens(await encrypt(made), 'a secret', opened);
  });

  const failing: readonly ContextRow[] = [
    ['another value', { encryption_context: { a: '1' } }, { encryption_context: { a: '2' } }],
    ['a number for text', { encryption_context: { a: '1' } }, { encryption_context: { a: 1 } }],
    ['one field more', { encryption_context: { a: '1' } }, { encryption_context: { a: '1', b: '2' } }],
    ['a list in another order', { encryption_context: { a: [1, 2] } }, { encryption_context: { a: [2, 1] } }],
    [
      'the same letters in other fields',
      { encryption_context: { a: 'b', c: 'd' } },
      { encryption_context: { a: 'b,c', d: '' } },
    ],
    ['none, where a field was null', { encryption_context: { tenant: null } }, {}],
    [
      'null, where a field was text',
      { encryption_context: { tenant: 'null' } },
      { encryption_context: { tenant: null } },
    ],
    ['another case', { additional_authenticated_data: 'text' }, { additional_authenticated_data: 'Text' }],
    [
      'the context without the additional data',
      { additional_authenticated_data: 'text', encryption_context: { a: '1' } },
      { encryption_context: { a: '1' } },
    ],
    [
      'the additional data with another context',
      { additional_authenticated_data: 'text', encryption_context: { a: '1' } },
      { additional_authenticated_data: 'text', encryption_context: { a: '2' } },
    ],
    ...Object.entries(none).flatMap(([why, context]) => [
      [`${why} where there was one`, { encryption_context: { a: '1' } }, context] as const,
      [`one where there was ${why}`, context, { encryption_context: { a: '1' } }] as const,
    ]),
  ];
  test.each(failing)('%s: does not', async (_, made, opened) => {
    await expectInvalid(await encrypt(made), opened);
  });
});

describe('a key that has changed since', () => {
  test('by rotation still opens what its earlier material encrypted, and encrypts with new material', async () => {
    const rotating = { key_id: encryptionKeys.rotatingAES };
    const ofAll: string[] = [];
    for (const version of [1, 2, 4]) {
      const plainText = `by material ${version}`;
      const cipherText = await encrypt({ ...rotating, plain_text: plainText });
      const opened = openOutside('AES_256', 'data', bytesOf(cipherText));
      // The seed gave the first material; the others are new.
      expect([opened.version, opened.isGenuine]).toEqual([version, version === 1]);
      ofAll.push(cipherText);
      clock.advance((version === 2 ? 61 : 31) * day);
    }
    for (const [index, version] of [1, 2, 4].entries()) {
      await expectOpens(ofAll[index]!, `by material ${version}`);
      await expectOpens(ofAll[index]!, `by material ${version}`, rotating);
    }
    const unknown = bytesOf(ofAll[0]!);
    unknown.writeUInt32BE(3, 4);
    await expectInvalid(base64(unknown));
  });

  test('by being disabled opens nothing, and again when it is enabled', async () => {
    const keyId = await kms.create({ key_alias: 'switched' });
    const cipherText = await encrypt({ key_id: keyId });
    await kms.ask('disable-key', { key_id: keyId });
    expectKmsRefusal(await decrypt(cipherText), 'KMS.0209');
    await kms.ask('enable-key', { key_id: keyId });
    await expectOpens(cipherText, 'a secret');
  });

  test('by deletion takes its ciphertexts with it', async () => {
    const keyId = await kms.create({ key_alias: 'deleted' });
    const cipherText = await encrypt({ key_id: keyId });
    await kms.ask('schedule-key-deletion', { key_id: keyId, pending_days: '7' });
    expectKmsRefusal(await decrypt(cipherText), 'KMS.0210');
    clock.advance(7 * day);
    expectKmsRefusal(await decrypt(cipherText, { key_id: keyId }), 'KMS.0207');
    await expectInvalid(cipherText);
    await kms.ask('list-keys', {});
    await expectInvalid(cipherText);
    expectKmsRefusal(await decrypt(cipherText, { key_id: keyId }), 'KMS.0207');
  });
});

test('a ciphertext of data is no data key, nor the reverse', async () => {
  const cipherText = bytesOf(await encrypt({ plain_text: 'x'.repeat(16) }));
  const asDataKey = { ...aes, cipher_text: cipherText.toString('hex'), datakey_cipher_length: '32' };
  expectKmsRefusal(await kms.post('decrypt-datakey', asDataKey), 'KMS.2201');
  const { cipher_text: wrapped } = await kms.ask('create-datakey', { ...aes, datakey_length: '256' });
  await expectInvalid(base64(Buffer.from(wrapped, 'hex')));
});
