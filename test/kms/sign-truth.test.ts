import { hash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { signingAlgorithms } from '../../src/crypto/signing-algorithms.ts';
import { libsodium } from '../crypto/outside/libsodium.ts';
import { noble } from '../crypto/outside/noble.ts';
import { nodeForge } from '../crypto/outside/node-forge.ts';
import { opensslCommand } from '../crypto/outside/openssl.ts';
import type { Outside } from '../crypto/outside/outside.ts';
import type { TestKey } from '../crypto/test-keys.ts';
import { asymmetricSpecs, seededKeys, type AsymmetricSpec } from '../support/identity.ts';
import { base64, bytesOf, kmsClient } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSignet } from '../support/signet.ts';
import { sm2ClientDigest } from '../support/sm2-digest.ts';
import { outsideKey } from './outside-keys.ts';
import { algorithms, invalidRows, rules, validRows, type SignRow } from './sign-rows.ts';

const kms = kmsClient((await useSignet()).url);
const keys = Object.fromEntries(
  await Promise.all(asymmetricSpecs.map(async (spec) => [spec, await outsideKey(kms, spec)] as const)),
) as Readonly<Record<AsymmetricSpec, TestKey>>;

/** node-forge takes its time over long keys, and is asked here all the same: for them there is no other maker but OpenSSL. */
const forge: Outside = { ...nodeForge, signs: (algorithm, spec) => nodeForge.verifies(algorithm, spec) };
const outsiders = [opensslCommand, forge, noble, libsodium];
const message = randomBytes(100);

/** What a client sends for the message. */
function sent({ spec, algorithm, type }: SignRow, of: Uint8Array = message): string {
  if (type === 'RAW') return base64(of);
  if (algorithm === 'SM2DSA_SM3') return base64(sm2ClientDigest(keys[spec].publicPem, of));
  return base64(hash(rules[algorithm].hash, of, 'buffer'));
}

const body = (row: SignRow) => ({
  key_id: seededKeys[row.spec],
  signing_algorithm: row.algorithm,
  message_type: row.type,
  message: sent(row),
});

const nameOf = ({ spec, algorithm, type }: SignRow): string => `${spec} ${algorithm} ${type}`;

/** Each row with each outsider that can do its part. */
const rowsFor = (part: 'signs' | 'verifies') =>
  validRows.flatMap((row) =>
    outsiders
      .filter((outside) => outside[part](signingAlgorithms[row.algorithm], row.spec))
      .map((outside) => ({ row, outside, name: nameOf(row), by: outside.name })),
  );

const made = rowsFor('verifies');
const checked = rowsFor('signs');

describe('a signature made by Signet', () => {
  const signatures = new Map<string, Promise<string>>();
  const signatureOf = (row: SignRow): Promise<string> => {
    const known = signatures.get(nameOf(row)) ?? kms.ask('sign', body(row)).then(({ signature }) => signature);
    signatures.set(nameOf(row), known);
    return known;
  };

  test.each(made)('$name is accepted by $by', async ({ row, outside }) => {
    const signature = bytesOf(await signatureOf(row));
    const algorithm = signingAlgorithms[row.algorithm];
    expect(outside.verify(algorithm, keys[row.spec], message, signature)).toBe(true);
    expect(outside.verify(algorithm, keys[row.spec], Buffer.from('another message'), signature)).toBe(false);
  });

  test.each(validRows)('$spec $algorithm $type is as long as it should be', async (row) => {
    const signature = bytesOf(await signatureOf(row));
    const lengths = { RSA_2048: 256, RSA_3072: 384, RSA_4096: 512, ED25519: 64 } as Readonly<Record<string, number>>;
    const expected = lengths[row.spec];
    if (expected !== undefined) expect(signature).toHaveLength(expected);
    // DER: a sequence that covers all of it.
    else expect([signature[0], signature[1]]).toEqual([0x30, signature.length - 2]);
  });
});

describe('a signature made outside', () => {
  const signatures = new Map<string, string>();
  const signatureOf = ({ row: { spec, algorithm }, outside }: (typeof checked)[number]): string => {
    const title = `${spec} ${algorithm} ${outside.name}`;
    const signature = signatures.get(title) ?? base64(outside.sign(signingAlgorithms[algorithm], keys[spec], message));
    signatures.set(title, signature);
    return signature;
  };

  test.each(checked)('$name by $by is accepted by Signet', async (pair) => {
    const { row } = pair;
    expect(await kms.ask('verify', { ...body(row), signature: signatureOf(pair) })).toStrictEqual({
      key_id: seededKeys[row.spec],
      signature_valid: 'true',
    });
  });
});

describe('what the vendor does not offer', () => {
  test.each(invalidRows)('$spec $algorithm $type is $code', async (row) => {
    expectKmsRefusal(await kms.post('sign', body(row)), row.code);
    expectKmsRefusal(await kms.post('verify', { ...body(row), signature: base64(randomBytes(64)) }), row.code);
  });
});

test('nothing is its own oracle: OpenSSL, which is inside Signet too, is alone only where Signet does not use it', () => {
  const names = (rows: typeof made): string[] =>
    rows.filter(({ by }) => by !== opensslCommand.name).map(({ name }) => name);
  const without = validRows.filter(({ spec }) => spec !== 'SM2').map(nameOf);
  expect(new Set(names(made))).toEqual(new Set(without));
  expect(new Set(names(checked))).toEqual(new Set(without));
});

test('the table is whole: every key spec, algorithm and message type, proven from outside both ways', () => {
  expect(validRows.length + invalidRows.length).toBe(asymmetricSpecs.length * algorithms.length * 2);
  expect(validRows).toHaveLength(46);
  expect(new Set(made.map(({ name }) => name))).toEqual(new Set(validRows.map(nameOf)));
  expect(new Set(checked.map(({ name }) => name))).toEqual(new Set(validRows.map(nameOf)));
  expect(algorithms).toEqual(Object.keys(signingAlgorithms));
});
