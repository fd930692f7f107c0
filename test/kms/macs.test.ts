import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openssl } from '../crypto/outside/openssl.ts';
import { day, makeClock } from '../support/clock.ts';
import { base64, kmsClient } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { encryptionKeys, encryptionSeed, secrets } from './encryption-keys.ts';

const clock = makeClock();
const kms = kmsClient((await useSignet({ seed: useSeed(encryptionSeed), now: clock.now })).url);

const rows = [
  { algorithm: 'HMAC_SHA_256', spec: 'HMAC_256', hash: 'sha256', bytes: 32 },
  { algorithm: 'HMAC_SHA_384', spec: 'HMAC_384', hash: 'sha384', bytes: 48 },
  { algorithm: 'HMAC_SHA_512', spec: 'HMAC_512', hash: 'sha512', bytes: 64 },
  { algorithm: 'HMAC_SM3', spec: 'HMAC_SM3', hash: 'sm3', bytes: 32 },
] as const;
type Row = (typeof rows)[number];

const macOutside = ({ spec, hash }: Row, message: Uint8Array): string =>
  openssl(
    ['dgst', `-${hash}`, '-mac', 'HMAC', '-macopt', `hexkey:${secrets[spec]}`, '-binary', '-out', 'out', 'message'],
    { message },
  ).toString('hex');

const bodyOf = ({ spec, algorithm }: Row, message: Uint8Array) => ({
  key_id: encryptionKeys[spec],
  mac_algorithm: algorithm,
  message: base64(message),
});

describe.each(rows)('$algorithm', (row) => {
  test.each([1, 4, 63, 64, 65, 4096])('of %i bytes is what openssl computes', async (length) => {
    const message = randomBytes(length);
    const mac = macOutside(row, message);
    expect(mac).toHaveLength(2 * row.bytes);
    const body = bodyOf(row, message);
    const { key_id, mac_algorithm } = body;
    expect(await kms.ask('generate-mac', body)).toStrictEqual({ key_id, mac_algorithm, mac });
    expect(await kms.ask('verify-mac', { ...body, mac })).toStrictEqual({ key_id, mac_algorithm, mac_valid: true });
  });

  test('is right in either case, and wrong with a bit changed, of another length, or for another message', async () => {
    const message = randomBytes(100);
    const mac = macOutside(row, message);
    const valid = async (text: string, of: Uint8Array = message): Promise<boolean> =>
      (await kms.ask('verify-mac', { ...bodyOf(row, of), mac: text })).mac_valid;
    expect(await valid(mac.toUpperCase())).toBe(true);
    for (let at = 0; at < row.bytes; at++) {
      const changed = Buffer.from(mac, 'hex');
      changed[at]! ^= 1 << (at % 8);
      expect(await valid(changed.toString('hex')), `byte ${at}`).toBe(false);
    }
    for (const other of ['00', mac.slice(2), mac.slice(0, -2), `${mac}00`, `00${mac}`, mac + mac, '00'.repeat(5000)]) {
      expect(await valid(other), `${other.length} digits`).toBe(false);
    }
    expect(await valid(mac, randomBytes(100))).toBe(false);
  });

  test('works with its own key only', async () => {
    for (const { spec } of rows.filter((other) => other !== row)) {
      const body = { ...bodyOf(row, Buffer.from('text')), key_id: encryptionKeys[spec] };
      expectKmsRefusal(await kms.post('generate-mac', body), 'KMS.0308');
      expectKmsRefusal(await kms.post('verify-mac', { ...body, mac: '00' }), 'KMS.0308');
    }
  });

  test('is made with an alias as well as with an id', async () => {
    const message = Buffer.from('fdsa');
    const { key_id: id, mac } = await kms.ask('generate-mac', {
      ...bodyOf(row, message),
      key_id: `alias/of-${row.spec}`,
    });
    expect([id, mac]).toEqual([encryptionKeys[row.spec], macOutside(row, message)]);
  });
});

test('a deleted key computes nothing any more', async () => {
  const keyId = await kms.create({ key_alias: 'deleted', key_spec: 'HMAC_256', key_usage: 'GENERATE_VERIFY_MAC' });
  const body = { key_id: keyId, mac_algorithm: 'HMAC_SHA_256', message: 'AAAA' };
  const { mac } = await kms.ask('generate-mac', body);
  await kms.ask('schedule-key-deletion', { key_id: keyId, pending_days: '7' });
  expectKmsRefusal(await kms.post('verify-mac', { ...body, mac }), 'KMS.0210');
  clock.advance(7 * day);
  expectKmsRefusal(await kms.post('verify-mac', { ...body, mac }), 'KMS.0207');
});
