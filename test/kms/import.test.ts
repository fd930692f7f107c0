import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openssl } from '../crypto/outside/openssl.ts';
import { day, makeClock, second } from '../support/clock.ts';
import { base64, bytesOf, kmsClient } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { seedOfKeys } from '../support/seeds.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { algorithms, parcelFor, wrapped } from './outside-wrapping.ts';

const clock = makeClock();
const kms = kmsClient((await useSignet({ seed: 'none', now: clock.now })).url);

let count = 0;
const newKey = (key_spec = 'AES_256'): Promise<string> =>
  kms.create({ key_alias: `key-${++count}`, key_spec, origin: 'external' });
const seconds = (): number => Math.floor(clock.now() / second);
const stateOf = async (keyId: string): Promise<string> => (await kms.describe(keyId)).key_state;
const parameters = (keyId: string, wrapping_algorithm = 'RSAES_OAEP_SHA_256') =>
  kms.ask('get-parameters-for-import', { key_id: keyId, wrapping_algorithm });

const secret = randomBytes(32);

/** A key with this material. */
async function imported(material: Uint8Array = secret, more: object = {}): Promise<string> {
  const id = await newKey();
  await kms.ask('import-key-material', { ...(await parcelFor(kms, id, material)), ...more });
  return id;
}

describe('get-parameters-for-import', () => {
  test.each(algorithms)(
    '%s: a public key that openssl reads, and a token that looks like the documented one',
    async (algorithm) => {
      const id = await newKey();
      const { import_token: importToken, public_key: publicKey, ...rest } = await parameters(id, algorithm);
      expect(rest).toStrictEqual({ key_id: id, expiration_time: seconds() + 24 * 60 * 60 });
      expect(importToken).toMatch(/^[A-Za-z0-9+/]{2236}$/);
      const bytes = bytesOf(importToken);
      expect(bytes.subarray(0, 4)).toEqual(Buffer.from('00008806', 'hex'));
      expect(bytes.subarray(4, 40).toString()).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(bytes.subarray(40, 42)).toEqual(Buffer.alloc(2));
      const der = bytesOf(publicKey);
      const args = ['pkey', '-pubin', '-inform', 'DER', '-in', 'key', '-outform', 'DER', '-out', 'out'];
      expect(openssl(args, { key: der })).toEqual(der);
      expect(der).toHaveLength(algorithm === 'SM2_ENCRYPT' ? 91 : 294);
    },
  );

  test('they are others every time, and all of them are good', async () => {
    const id = await newKey();
    const [first, second] = [await parcelFor(kms, id, secret), await parcelFor(kms, id, secret)];
    expect(first.import_token).not.toBe(second.import_token);
    for (const parcel of [second, first]) {
      await kms.ask('import-key-material', parcel);
      await kms.ask('delete-imported-key-material', { key_id: id });
    }
  });
});

describe('the material that openssl has wrapped', () => {
  /** The same keys, on a server that was told their material. */
  const ids = { AES_256: '00000000-0000-4000-8000-00000000a256', SM4: '00000000-0000-4000-8000-000000000054' } as const;
  const secrets = { AES_256: randomBytes(32), SM4: randomBytes(16) } as const;
  const specs = ['AES_256', 'SM4'] as const;
  const seed = (fields: (spec: (typeof specs)[number]) => string): string =>
    useSeed(seedOfKeys(...specs.map((spec) => `{ id: ${ids[spec]}, name: ${spec}, spec: ${spec}, ${fields(spec)} }`)));
  const told = useSignet({ seed: seed((spec) => `secret_hex: ${secrets[spec].toString('hex')}`) });
  const waiting = seed(() => 'state: pending-import');
  const plain = 'what only this key opens';

  test.each(specs.flatMap((spec) => algorithms.map((algorithm) => [spec, algorithm] as const)))(
    'of %s by %s opens what the same key has encrypted elsewhere',
    async (spec, algorithm) => {
      const [here, there] = [kmsClient((await useSignet({ seed: waiting })).url), kmsClient((await told).url)];
      const key_id = ids[spec];
      const parcel = await parcelFor(here, key_id, secrets[spec], algorithm);
      const { status, body } = await here.post('import-key-material', parcel);
      expect([status, body]).toStrictEqual([200, {}]);
      expect((await here.describe(key_id)).key_state).toBe('2');
      const { cipher_text } = await there.ask('encrypt-data', { key_id, plain_text: plain });
      expect((await here.ask('decrypt-data', { cipher_text })).plain_text).toBe(plain);
      const back = await here.ask('encrypt-data', { key_id, plain_text: plain });
      expect((await there.ask('decrypt-data', { cipher_text: back.cipher_text })).plain_text).toBe(plain);
    },
  );

  test.each([
    ['HMAC_256', 32, 'sha256', 'HMAC_SHA_256'],
    ['HMAC_384', 48, 'sha384', 'HMAC_SHA_384'],
    ['HMAC_512', 64, 'sha512', 'HMAC_SHA_512'],
    ['HMAC_SM3', 32, 'sm3', 'HMAC_SM3'],
  ])('of %s makes the MACs that openssl makes', async (spec, length, hash, mac_algorithm) => {
    const id = await newKey(spec);
    const key = randomBytes(length);
    await kms.ask('import-key-material', await parcelFor(kms, id, key));
    const message = randomBytes(50);
    const { mac } = await kms.ask('generate-mac', { key_id: id, mac_algorithm, message: base64(message) });
    const options = ['-mac', 'HMAC', '-macopt', `hexkey:${key.toString('hex')}`, '-binary'];
    const outside = openssl(['dgst', `-${hash}`, ...options, '-out', 'out', 'message'], { message });
    expect(mac).toBe(outside.toString('hex'));
  });

  test.each([
    ['AES_256', [1, 16, 31, 33, 48]],
    ['SM4', [15, 17, 32]],
    ['HMAC_384', [32, 64]],
  ] as const)('of %s of another length: KMS.2604', async (spec, lengths) => {
    const id = await newKey(spec);
    for (const length of lengths) {
      expectKmsRefusal(
        await kms.post('import-key-material', await parcelFor(kms, id, randomBytes(length))),
        'KMS.2604',
      );
    }
    expect(await stateOf(id)).toBe('5');
  });

  test('of a symmetric key may come with a private key, which is not looked at', async () => {
    const id = await imported(secret, { encrypted_privatekey: 'A'.repeat(200) });
    expect(await stateOf(id)).toBe('2');
  });

  test.each(algorithms)('under another public key by %s: KMS.0311', async (algorithm) => {
    const id = await newKey();
    const [one, other] = [await parameters(id, algorithm), await parameters(id, algorithm)];
    const parcel = { key_id: id, import_token: one.import_token };
    const material = wrapped(algorithm, other.public_key, secret);
    expectKmsRefusal(
      await kms.post('import-key-material', { ...parcel, encrypted_key_material: material }),
      'KMS.0311',
    );
  });

  test('by another algorithm than the parameters were asked for: KMS.0311', async () => {
    const id = await newKey();
    const { public_key: publicKey, import_token } = await parameters(id, 'RSAES_OAEP_SHA_256');
    const encrypted_key_material = wrapped('RSAES_OAEP_SHA_1', publicKey, secret);
    const answer = await kms.post('import-key-material', { key_id: id, import_token, encrypted_key_material });
    expectKmsRefusal(answer, 'KMS.0311');
  });

  test.each(algorithms)('by %s, and something behind it: KMS.0311', async (algorithm) => {
    const id = await newKey();
    const parcel = await parcelFor(kms, id, secret, algorithm);
    const longer = base64(Buffer.concat([bytesOf(parcel.encrypted_key_material), Buffer.alloc(3)]));
    expectKmsRefusal(await kms.post('import-key-material', { ...parcel, encrypted_key_material: longer }), 'KMS.0311');
  });
});

describe('the expiration', () => {
  test.each([
    ['a number', () => seconds() + 100],
    ['text', () => String(seconds() + 100)],
  ])('as %s is told in milliseconds; from then on the key is pending import', async (_, expiration) => {
    const expiration_time = expiration();
    const id = await imported(secret, { expiration_time });
    expect(await kms.describe(id)).toMatchObject({ key_state: '2', expiration_time: `${expiration_time}000` });
    clock.advance(Number(expiration_time) * second - clock.now() - 1);
    expect(await stateOf(id)).toBe('2');
    clock.advance(1);
    expect(await kms.describe(id)).toMatchObject({ key_state: '5', expiration_time: '' });
  });

  test.each([0, '0', '', null, undefined])('%j means never', async (expiration_time) => {
    const id = await imported(secret, { expiration_time });
    expect((await kms.describe(id)).expiration_time).toBe('');
    clock.advance(10_000 * day);
    expect(await stateOf(id)).toBe('2');
  });

  test.each([
    ['now', () => seconds()],
    ['in the past', () => seconds() - 1],
    ['as in the documented request', () => 1521578672],
  ])('%s: KMS.2602', async (_, expiration) => {
    const id = await newKey();
    const parcel = { ...(await parcelFor(kms, id, secret)), expiration_time: expiration() };
    expectKmsRefusal(await kms.post('import-key-material', parcel), 'KMS.2602');
    expect(await stateOf(id)).toBe('5');
  });

  test('comes to a disabled key as well, and to one that is going, which has nothing to come back to', async () => {
    const expiration_time = seconds() + 100;
    const [disabled, going] = [
      await imported(secret, { expiration_time }),
      await imported(secret, { expiration_time }),
    ];
    await kms.ask('disable-key', { key_id: disabled });
    await kms.ask('schedule-key-deletion', { key_id: going, pending_days: '7' });
    clock.advance(101 * second);
    expect(await stateOf(disabled)).toBe('5');
    expect(await kms.describe(going)).toMatchObject({ key_state: '4', expiration_time: '' });
    expect((await kms.ask('cancel-key-deletion', { key_id: going })).key_state).toBe('5');
  });

  test('shows in lists, which need nobody to have looked at the key', async () => {
    const id = await imported(secret, { expiration_time: seconds() + 100 });
    clock.advance(101 * second);
    const { key_details: details } = await kms.ask('list-keys', { key_state: '5' });
    expect(details.map(({ key_id: listed }) => listed)).toContain(id);
  });
});

describe('the token', () => {
  test("of another key's parameters: KMS.2603", async () => {
    const [id, other] = [await newKey(), await newKey()];
    const parcel = { ...(await parcelFor(kms, other, secret)), key_id: id };
    expectKmsRefusal(await kms.post('import-key-material', parcel), 'KMS.2603');
  });

  test('with one character changed: KMS.2605', async () => {
    const id = await newKey();
    const parcel = await parcelFor(kms, id, secret);
    const last = parcel.import_token.endsWith('A') ? 'B' : 'A';
    const import_token = parcel.import_token.slice(0, -1) + last;
    expectKmsRefusal(await kms.post('import-key-material', { ...parcel, import_token }), 'KMS.2605');
  });

  test('is good for a day, to the millisecond; then KMS.2601', async () => {
    const [id, late] = [await newKey(), await newKey()];
    const [parcel, lateParcel] = [await parcelFor(kms, id, secret), await parcelFor(kms, late, secret)];
    clock.advance(day - 1);
    await kms.ask('import-key-material', parcel);
    clock.advance(1);
    expectKmsRefusal(await kms.post('import-key-material', lateParcel), 'KMS.2601');
    clock.advance(day - 1);
    await parameters(late);
    expectKmsRefusal(await kms.post('import-key-material', lateParcel), 'KMS.2601');
  });

  test('is forgotten another day later: KMS.2605', async () => {
    const id = await newKey();
    const parcel = await parcelFor(kms, id, secret);
    clock.advance(2 * day + 1);
    // Asking for others is what clears it away.
    await parameters(id);
    expectKmsRefusal(await kms.post('import-key-material', parcel), 'KMS.2605');
  });

  test('gives way to ten newer ones of the same key: KMS.2605', async () => {
    const [id, bystander] = [await newKey(), await newKey()];
    const tokens: string[] = [];
    for (let count = 0; count < 11; count++) {
      tokens.push((await parameters(id)).import_token);
      clock.advance(1000);
      if (count === 0) tokens.push((await parameters(bystander)).import_token);
    }
    const [oldest, others, second] = tokens;
    const attempt = (import_token: string | undefined, key_id = id) =>
      kms.post('import-key-material', { key_id, import_token, encrypted_key_material: 'A'.repeat(344) });
    expectKmsRefusal(await attempt(oldest), 'KMS.2605');
    expectKmsRefusal(await attempt(others, bystander), 'KMS.0311');
    expectKmsRefusal(await attempt(second), 'KMS.0311');
  });

  test('goes with its key', async () => {
    const [id, other] = [await newKey(), await newKey()];
    const parcel = await parcelFor(kms, id, secret);
    await kms.ask('schedule-key-deletion', { key_id: id, pending_days: '7' });
    clock.advance(7 * day);
    expectKmsRefusal(await kms.post('import-key-material', parcel), 'KMS.0207');
    await kms.ask('list-keys', {});
    expectKmsRefusal(await kms.post('import-key-material', { ...parcel, key_id: other }), 'KMS.2605');
  });
});

describe('material that was deleted or has expired', () => {
  const endings = {
    deleted: (keyId: string) => kms.ask('delete-imported-key-material', { key_id: keyId }),
    'deleted while disabled': async (keyId: string) => {
      await kms.ask('disable-key', { key_id: keyId });
      await kms.ask('delete-imported-key-material', { key_id: keyId });
    },
    expired: () => {
      clock.advance(101 * second);
      return Promise.resolve();
    },
  } as const;

  test.each(Object.entries(endings))('%s: only the same comes in again', async (_, end) => {
    const id = await imported(secret, { expiration_time: seconds() + 100 });
    const { cipher_text } = await kms.ask('encrypt-data', { key_id: id, plain_text: 'kept' });
    await end(id);
    expect(await kms.describe(id)).toMatchObject({ key_state: '5', expiration_time: '' });
    expectKmsRefusal(await kms.post('decrypt-data', { cipher_text }), 'KMS.0308');
    expectKmsRefusal(await kms.post('import-key-material', await parcelFor(kms, id, randomBytes(32))), 'KMS.2606');
    expect(await stateOf(id)).toBe('5');
    await kms.ask('import-key-material', await parcelFor(kms, id, secret, 'RSAES_PKCS1_V1_5'));
    expect(await kms.describe(id)).toMatchObject({ key_state: '2', expiration_time: '' });
    expect((await kms.ask('decrypt-data', { cipher_text })).plain_text).toBe('kept');
  });

  test('the answer is an empty object', async () => {
    const { status, body } = await kms.post('delete-imported-key-material', { key_id: await imported() });
    expect([status, body]).toStrictEqual([200, {}]);
  });
});

describe('in other states', () => {
  const requests = {
    'get-parameters-for-import': { wrapping_algorithm: 'RSAES_OAEP_SHA_256' },
    'import-key-material': { import_token: 'A'.repeat(2236), encrypted_key_material: 'A'.repeat(344) },
    'delete-imported-key-material': {},
  } as const;
  const rows = [
    ['get-parameters-for-import', 'enabled', 'KMS.0310'],
    ['get-parameters-for-import', 'disabled', 'KMS.0310'],
    ['get-parameters-for-import', 'going', 'KMS.0210'],
    ['import-key-material', 'enabled', 'KMS.0310'],
    ['import-key-material', 'disabled', 'KMS.0310'],
    ['import-key-material', 'going', 'KMS.0210'],
    ['delete-imported-key-material', 'going', 'KMS.2701'],
  ] as const;
  test.each(rows)('%s of a key that is %s: %s', async (action, state, code) => {
    const id = await imported();
    if (state === 'disabled') await kms.ask('disable-key', { key_id: id });
    if (state === 'going') await kms.ask('schedule-key-deletion', { key_id: id, pending_days: '7' });
    const before = await kms.describe(id);
    expectKmsRefusal(await kms.post(action, { key_id: id, ...requests[action] }), code);
    expect(await kms.describe(id)).toEqual(before);
  });

  test('a key that is going before anything was imported: KMS.0210, and KMS.2701', async () => {
    const id = await newKey();
    await kms.ask('schedule-key-deletion', { key_id: id, pending_days: '7' });
    for (const action of ['get-parameters-for-import', 'import-key-material'] as const) {
      expectKmsRefusal(await kms.post(action, { key_id: id, ...requests[action] }), 'KMS.0210');
    }
    expectKmsRefusal(await kms.post('delete-imported-key-material', { key_id: id }), 'KMS.2701');
  });
});

describe('of several mistakes', () => {
  /** Each with its own mistake and those of all that come after it: what is told first. */
  test('the first in this order is told', async () => {
    const [id, other] = [await newKey(), await newKey()];
    const [good, foreign] = [await parcelFor(kms, id, secret), await parcelFor(kms, other, secret)];
    const told = async (code: string, changes: object) => {
      expectKmsRefusal(await kms.post('import-key-material', { ...good, ...changes }), code);
    };
    const material = { encrypted_key_material: (await parcelFor(kms, id, randomBytes(5))).encrypted_key_material };
    const past = { expiration_time: 1, ...material };
    await told('KMS.2605', { import_token: 'A'.repeat(2236), ...past });
    await told('KMS.2603', { import_token: foreign.import_token, ...past });
    await told('KMS.2602', past);
    await told('KMS.0311', material);
    clock.advance(day);
    await told('KMS.2601', past);
    await told('KMS.2603', { import_token: foreign.import_token, ...past });
    await kms.ask('import-key-material', await parcelFor(kms, id, secret));
    await told('KMS.0310', { import_token: foreign.import_token, ...past });
  });
});

test('of many imports at once one succeeds, and its material is the one', async () => {
  const id = await newKey();
  const parcels = await Promise.all(
    Array.from({ length: 8 }, (_, index) => parcelFor(kms, id, Buffer.alloc(32, index))),
  );
  const answers = await Promise.all(parcels.map((parcel) => kms.post('import-key-material', parcel)));
  const [winner, ...more] = answers.flatMap(({ status }, index) => (status === 200 ? [index] : []));
  expect(more).toEqual([]);
  for (const answer of answers.filter((_, index) => index !== winner)) expectKmsRefusal(answer, 'KMS.0310');
  await kms.ask('delete-imported-key-material', { key_id: id });
  const again = await parcelFor(kms, id, Buffer.alloc(32, winner));
  await kms.ask('import-key-material', again);
});
