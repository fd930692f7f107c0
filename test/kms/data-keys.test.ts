import { hash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openssl } from '../crypto/outside/openssl.ts';
import { day, makeClock } from '../support/clock.ts';
import { kmsClient } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { encryptionKeys, encryptionSeed } from './encryption-keys.ts';
import { openOutside } from './outside-ciphertexts.ts';

const clock = makeClock();
const seed = useSeed(encryptionSeed);
const kms = kmsClient((await useSignet({ seed, now: clock.now })).url);
const strict = kmsClient((await useSignet({ seed, datakeyContext: 'strict' })).url);

const aes = { key_id: encryptionKeys.AES_256 };
const specs = ['AES_256', 'SM4'] as const;
const digests = { AES_256: 'sha256', SM4: 'sm3' } as const;

const upperHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();
const digestOutside = (spec: (typeof specs)[number], dataKey: Uint8Array): Buffer =>
  openssl(['dgst', `-${digests[spec]}`, '-binary', '-out', 'out', 'key'], { key: dataKey });

const create = (body: object = {}, of = kms) => of.ask('create-datakey', { ...aes, ...body });
const unwrap = (cipher_text: string, body: object = {}, of = kms) =>
  of.post('decrypt-datakey', { ...aes, cipher_text, datakey_cipher_length: '32', ...body });

describe.each(specs)('a data key under %s', (spec) => {
  const key = { key_id: encryptionKeys[spec] };

  test('comes in clear and wrapped, in the form of the vendor, and openssl opens it', async () => {
    const answer = await create({ ...key, datakey_length: '512' });
    expect(Object.keys(answer)).toEqual(['key_id', 'plain_text', 'cipher_text']);
    expect(answer.key_id).toBe(key.key_id);
    expect(answer.plain_text).toMatch(/^[0-9A-F]{128}$/);
    // As the vendor's samples: 188 bytes, the key id ends at byte 0x98 and begins at byte 116.
    expect(answer.cipher_text).toMatch(/^02009800[0-9A-F]{368}$/);
    const wrapped = Buffer.from(answer.cipher_text, 'hex');
    expect(wrapped.toString('latin1', 116, 152)).toBe(key.key_id);
    expect(wrapped.subarray(152, 156)).toEqual(Buffer.alloc(4));
    expect(openOutside(spec, 'data key', wrapped)).toStrictEqual({
      keyId: key.key_id,
      version: 1,
      isGenuine: true,
      content: Buffer.from(answer.plain_text, 'hex'),
    });
  });

  test('is unwrapped, with the digest that openssl finds', async () => {
    const { plain_text: plain, cipher_text: wrapped } = await create(key);
    expect((await unwrap(wrapped, key)).body).toStrictEqual({
      data_key: plain,
      datakey_length: '32',
      datakey_dgst: upperHex(digestOutside(spec, Buffer.from(plain, 'hex'))),
    });
    expect((await unwrap(wrapped.toLowerCase(), { ...key, datakey_cipher_length: 32 })).status).toBe(200);
  });

  test('may be made without its plaintext', async () => {
    const answer = await kms.ask('create-datakey-without-plaintext', { ...key, key_spec: 'AES_128' });
    expect(Object.keys(answer)).toEqual(['key_id', 'cipher_text']);
    const { content } = openOutside(spec, 'data key', Buffer.from(answer.cipher_text, 'hex'));
    const unwrapped = await unwrap(answer.cipher_text, { ...key, datakey_cipher_length: '16' });
    expect(unwrapped.body).toMatchObject({ data_key: upperHex(content), datakey_length: '16' });
  });

  test.each([1, 16, 32, 64, 1024])('of %i bytes that the client made is wrapped and unwrapped', async (length) => {
    const dataKey = randomBytes(length);
    const plainText = Buffer.concat([dataKey, digestOutside(spec, dataKey)]).toString('hex');
    const wrapping = { ...key, plain_text: plainText, datakey_plain_length: String(length) };
    const answer = await kms.ask('encrypt-datakey', wrapping);
    expect(answer).toStrictEqual({ ...key, cipher_text: answer.cipher_text, datakey_length: String(length) });
    expect(answer.cipher_text).toHaveLength(2 * (124 + length));
    expect(openOutside(spec, 'data key', Buffer.from(answer.cipher_text, 'hex')).content).toEqual(dataKey);
    const unwrapped = await unwrap(answer.cipher_text, { ...key, datakey_cipher_length: String(length) });
    expect(unwrapped.body).toMatchObject({ data_key: upperHex(dataKey), datakey_length: String(length) });
  });

  test('does not open with any byte of it changed, or with bytes more or fewer', async () => {
    const { cipher_text: text } = await create(key);
    const wrapped = Buffer.from(text, 'hex');
    for (let at = 0; at < wrapped.length; at++) {
      const changed = Buffer.from(wrapped);
      changed[at]! ^= 1 + (at % 255);
      expectKmsRefusal(await unwrap(changed.toString('hex'), key), 'KMS.2201');
    }
    for (const other of [text.slice(2), text.slice(0, -2), `${text}00`, '00', '00'.repeat(156)]) {
      expectKmsRefusal(await unwrap(other, key), 'KMS.2201');
    }
    expect((await unwrap(text, key)).status).toBe(200);
  });
});

describe('the length of a new data key', () => {
  test.each([
    [{}, 32],
    [{ datakey_length: '', key_spec: null }, 32],
    [{ datakey_length: '8' }, 1],
    [{ datakey_length: 512 }, 64],
    [{ datakey_length: '8192' }, 1024],
    [{ key_spec: 'AES_128' }, 16],
    [{ key_spec: 'AES_256' }, 32],
    [{ key_spec: 'SM4' }, 16],
    [{ key_spec: 'HMAC_256' }, 32],
    [{ key_spec: 'HMAC_384' }, 48],
    [{ key_spec: 'HMAC_512' }, 64],
    [{ key_spec: 'HMAC_SM3' }, 32],
    [{ key_spec: 'AES_128', datakey_length: '512' }, 64],
  ])('%j is %i bytes', async (body, bytes) => {
    const { plain_text: plain, cipher_text: wrapped } = await create(body);
    expect(plain).toHaveLength(2 * bytes);
    expect((await unwrap(wrapped, { datakey_cipher_length: String(bytes) })).body).toMatchObject({ data_key: plain });
  });

  test('leaves each as good as any other: none comes twice', async () => {
    const made = await Promise.all(Array.from({ length: 50 }, () => create()));
    expect(new Set(made.map(({ plain_text: plain }) => plain)).size).toBe(50);
    expect(new Set(made.map(({ cipher_text: wrapped }) => wrapped)).size).toBe(50);
  });
});

describe('the documented sample of encrypt-datakey', () => {
  // With a blank between the data key and its SHA-256.
  const dataKey =
    '7549d9aea901767bf3c0b3e14b10722eaf6f59053bbd82045d04e075e809a0fe6ccab48f8e5efe74e4b18ff0512525e527b10331100f357bf42125d8d5ced94f';
  const digest = 'fbc8ac72b0785ca7fe33eb6776ce3990b11e32b299d9c0a9ee0305fb9540f797';
  const sample = { ...aes, plain_text: `${dataKey} ${digest}`, datakey_plain_length: '64' };

  test.each([
    ['as it stands', sample.plain_text],
    ['without the blank', `${dataKey}${digest}`],
    ['in upper case', sample.plain_text.toUpperCase()],
    ['with blanks all over', ` ${dataKey.slice(0, 4)}  ${dataKey.slice(4)} ${digest} `],
  ])('is taken %s', async (_, plainText) => {
    const { cipher_text: wrapped } = await kms.ask('encrypt-datakey', { ...sample, plain_text: plainText });
    expect((await unwrap(wrapped, { datakey_cipher_length: '64' })).body).toStrictEqual({
      data_key: dataKey.toUpperCase(),
      datakey_length: '64',
      datakey_dgst: digest.toUpperCase(),
    });
  });

  test('needs the right digest: SHA-256 with AES_256, SM3 with SM4', async () => {
    for (const [spec, other] of [
      ['AES_256', 'sm3'],
      ['SM4', 'sha256'],
    ] as const) {
      const wrong = `${dataKey}${hash(other, Buffer.from(dataKey, 'hex'), 'hex')}`;
      const body = { ...sample, key_id: encryptionKeys[spec], plain_text: wrong };
      expectKmsRefusal(await kms.post('encrypt-datakey', body), 'KMS.2103');
    }
  });
});

describe('the digest of the documented sample of decrypt-datakey', () => {
  test('is that of 64 zero bytes', async () => {
    const zeros = '00'.repeat(64);
    const documented = 'F5A5FD42D16A20302798EF6ED309979B43003D2320D9F0E8EA9831A92759FB4B';
    const body = { ...aes, plain_text: `${zeros}${documented}`, datakey_plain_length: '64' };
    const { cipher_text: wrapped } = await kms.ask('encrypt-datakey', body);
    const { body: answer } = await unwrap(wrapped, { datakey_cipher_length: '64' });
    expect(answer).toStrictEqual({ data_key: zeros, datakey_length: '64', datakey_dgst: documented });
  });
});

describe('the context', () => {
  const made = { encryption_context: { tenant: 'one', shard: 2 } };
  const same = { encryption_context: { shard: 2, tenant: 'one' } };
  const other = { encryption_context: { tenant: 'two', shard: 2 } };

  test.each([
    ['the same', made, same, 200, 200],
    [
      'the same, as additional data',
      { encryption_context: 'text' },
      { additional_authenticated_data: 'text' },
      200,
      200,
    ],
    ['none where there was one', made, {}, 200, 400],
    ['an empty one where there was one', made, { encryption_context: {} }, 200, 400],
    ['another', made, other, 400, 400],
    ['one where there was none', {}, made, 400, 400],
    ['none where there was none', {}, {}, 200, 200],
  ])('%s: lenient and strict', async (_, wrapping, unwrapping, lenient, strictly) => {
    for (const [of, status] of [
      [kms, lenient],
      [strict, strictly],
    ] as const) {
      const { plain_text: plain, cipher_text: wrapped } = await create(wrapping, of);
      const answer = await unwrap(wrapped, unwrapping, of);
      if (status === 200) expect(answer.body).toMatchObject({ data_key: plain });
      else expectKmsRefusal(answer, 'KMS.2201');
    }
  });

  test('of encrypt-datakey counts as well', async () => {
    const dataKey = randomBytes(32);
    const plainText = Buffer.concat([dataKey, hash('sha256', dataKey, 'buffer')]).toString('hex');
    const body = { ...aes, ...made, plain_text: plainText, datakey_plain_length: '32' };
    const { cipher_text: wrapped } = await kms.ask('encrypt-datakey', body);
    expect((await unwrap(wrapped, same)).status).toBe(200);
    expectKmsRefusal(await unwrap(wrapped, other), 'KMS.2201');
  });
});

describe('unwrapping', () => {
  test("needs the key that wrapped it, and the data key's length", async () => {
    const { cipher_text: wrapped } = await create();
    expectKmsRefusal(await unwrap(wrapped, { key_id: encryptionKeys.anotherAES }), 'KMS.2201');
    expectKmsRefusal(await unwrap(wrapped, { key_id: encryptionKeys.SM4 }), 'KMS.2201');
    expectKmsRefusal(await unwrap(wrapped, { datakey_cipher_length: '31' }), 'KMS.2204');
    expectKmsRefusal(await unwrap(wrapped, { datakey_cipher_length: '1024' }), 'KMS.2204');
    expect((await unwrap(wrapped, { key_id: 'alias/of-AES_256' })).status).toBe(200);
  });

  test('works after a rotation, with the material of before', async () => {
    const rotating = { key_id: encryptionKeys.rotatingAES };
    const before = await create(rotating);
    clock.advance(31 * day);
    const after = await create(rotating);
    const versions = [before, after].map(({ cipher_text: text }) => Buffer.from(text, 'hex').readUInt32BE(4));
    expect(versions).toEqual([1, 2]);
    for (const { plain_text: plain, cipher_text: wrapped } of [before, after]) {
      expect((await unwrap(wrapped, rotating)).body).toMatchObject({ data_key: plain });
    }
  });
});

describe('gen-random', () => {
  test.each([8, 16, '512', '4096', 8192])('of %s bits', async (bits) => {
    const { random_data: data } = await kms.ask('gen-random', { random_data_length: bits });
    expect(data).toMatch(/^[0-9A-F]+$/);
    expect(data).toHaveLength(Number(bits) / 4);
  });

  test('is another every time', async () => {
    const asked = Array.from({ length: 50 }, () => kms.ask('gen-random', { random_data_length: '128' }));
    expect(new Set((await Promise.all(asked)).map(({ random_data: data }) => data)).size).toBe(50);
  });
});
