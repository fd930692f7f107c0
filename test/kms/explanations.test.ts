import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { seededKeys } from '../support/identity.ts';
import { base64, bytesOf, kmsClient } from '../support/kms.ts';
import { useFolder, useSignet } from '../support/signet.ts';
import { sm2ClientDigest } from '../support/sm2-digest.ts';
import { explainer, explainText } from './explained.ts';
import { outsideKey } from './outside-keys.ts';
import { rules, validRows, type SignRow } from './sign-rows.ts';

const folder = useFolder();
const { url } = await useSignet();
const kms = kmsClient(url);
const explain = explainer(url, kms);
const message = Buffer.from("It's what was signed.\n");

/** As a client hashes it, with OpenSSL. */
async function digestOf({ spec, algorithm }: SignRow): Promise<Buffer> {
  return spec === 'SM2'
    ? sm2ClientDigest((await outsideKey(kms, spec)).publicPem, message)
    : hash(rules[algorithm].hash, message, 'buffer');
}

async function request(row: SignRow) {
  const bytes = row.type === 'RAW' ? message : await digestOf(row);
  return {
    key_id: seededKeys[row.spec],
    signing_algorithm: row.algorithm,
    message_type: row.type,
    message: base64(bytes),
  };
}

/** What a shell says to these lines, in a folder that it has to itself. */
function run(lines: string, environment: Readonly<Record<string, string>> = {}) {
  const cwd = mkdtempSync(join(folder, 'shell-'));
  const { PATH = '' } = process.env;
  const { status, stdout } = spawnSync('/bin/sh', ['-ec', lines], {
    cwd,
    env: { PATH, ...environment },
    encoding: 'utf8',
  });
  return { status, stdout };
}

const isPh = ({ algorithm }: SignRow): boolean => algorithm === 'ED25519_PH_SHA_512';
const verified = /^(?:Verified OK|Signature Verified Successfully)$/m;

describe.each(validRows)('$spec $algorithm $type', (row) => {
  test('sign: what was signed', async () => {
    const explanation = await explain('sign', await request(row));
    const { hash: name, digestLength } = rules[row.algorithm];
    const isPss = row.algorithm.startsWith('RSASSA_PSS');
    expect(explanation).toMatchObject({
      key_id: seededKeys[row.spec],
      key_spec: row.spec,
      algorithm: row.algorithm,
      message_type: row.type,
      hash: name === 'sm3' ? 'SM3' : name.replace('sha', 'SHA-'),
      verdict: 'signed',
    });
    const isWhole = row.algorithm === 'ED25519_SHA_512';
    expect(explanation?.digest).toBe(isWhole ? undefined : (await digestOf(row)).toString('hex'));
    expect(explanation?.salt_length).toBe(isPss ? digestLength : undefined);
    expect(explanation?.cause).toBeUndefined();
  });
});

describe.each(validRows.filter((row) => !isPh(row)))('$spec $algorithm $type', (row) => {
  test("the commands for openssl verify sign's answer, and nothing else", async () => {
    const body = await request(row);
    const { signature } = await kms.ask('sign', body);
    const given = await explainText(url, 'sign', body);
    expect(given).toMatchObject({ verdict: 'signed' });
    expect(run(given!.openssl!, { SIGNATURE: signature }).stdout).toMatch(verified);
    const answered = await explain('sign', body);
    expect(run(answered!.openssl!).stdout).toMatch(verified);
    const checked = await explain('verify', { ...body, signature });
    expect(checked).toMatchObject({ verdict: 'valid' });
    expect(run(checked!.openssl!)).toMatchObject({ status: 0, stdout: expect.stringMatching(verified) as string });
    const { signature: another } = await kms.ask('sign', {
      ...body,
      message: base64(Buffer.from(bytesOf(body.message)).fill(7, 0, 1)),
    });
    const refused = await explain('verify', { ...body, signature: another });
    expect(refused).toMatchObject({ verdict: 'invalid' });
    expect(run(refused!.openssl!).status).not.toBe(0);
  });
});

test('Ed25519ph: OpenSSL has had it since 3.2 for messages, and not for digests', async () => {
  const row = { spec: 'ED25519', algorithm: 'ED25519_PH_SHA_512' } as const;
  const raw = await explain('sign', await request({ ...row, type: 'RAW' }));
  expect(raw?.openssl).toMatch(/^# OpenSSL 3\.2 or later\nopenssl pkeyutl .*-rawin .*-pkeyopt instance:Ed25519ph$/m);
  expect((await explain('sign', await request({ ...row, type: 'DIGEST' })))?.openssl).toBeUndefined();
});

test('SM2 with RAW, where that is switched on: the user id is told, and openssl hashes with it', async () => {
  const other = await useSignet({ sm2Raw: 'default-id' });
  const there = kmsClient(other.url);
  const body = await request({ spec: 'SM2', algorithm: 'SM2DSA_SM3', type: 'RAW' });
  const explanation = await explainer(other.url, there)('sign', body);
  expect(explanation).toMatchObject({
    ...{ verdict: 'signed', user_id: '1234567812345678', hash: 'SM3' },
    digest: (await digestOf({ spec: 'SM2', algorithm: 'SM2DSA_SM3', type: 'RAW' })).toString('hex'),
  });
  expect(run(explanation!.openssl!).stdout).toMatch(verified);
});
