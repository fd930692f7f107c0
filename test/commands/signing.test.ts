import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { signingAlgorithms, type SigningAlgorithmName } from '../../src/crypto/signing-algorithms.ts';
import { opensslCommand } from '../crypto/outside/openssl.ts';
import { outsideKey } from '../kms/outside-keys.ts';
import { seededKeys, type AsymmetricSpec } from '../support/identity.ts';
import { kmsClient } from '../support/kms.ts';
import { useFolder, useSignet } from '../support/signet.ts';
import { asDefault, run } from './run.ts';

const { url } = await useSignet();
const environment = asDefault(url);
const folder = useFolder();
const message = Buffer.from('what is signed\n');
const digest = createHash('sha256').update(message).digest();

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const isValid = async (spec: AsymmetricSpec, name: SigningAlgorithmName, signature: Uint8Array): Promise<boolean> =>
  opensslCommand.verify(signingAlgorithms[name], await outsideKey(kmsClient(url), spec), message, signature);

describe('signet sign', () => {
  const rows: readonly [spec: AsymmetricSpec, algorithm: SigningAlgorithmName, args: readonly string[], Uint8Array][] =
    [
      ['RSA_2048', 'RSASSA_PSS_SHA_256', ['--key', seededKeys.RSA_2048], message],
      ['EC_P256', 'ECDSA_SHA_256', ['--key', 'alias/ec-p256', '--raw'], message],
      ['ED25519', 'ED25519_SHA_512', ['--key', 'signet/ed25519'], message],
      ['EC_P256', 'ECDSA_SHA_256', ['--key', 'signet/ec-p256', '--digest'], digest],
      [
        'RSA_2048',
        'RSASSA_PKCS1_V1_5_SHA_512',
        ['--key', 'alias/rsa-2048', '--algorithm', 'RSASSA_PKCS1_V1_5_SHA_512'],
        message,
      ],
    ];
  test.each(rows)('%s by %s: openssl accepts what %j gives', async (spec, algorithm, args, stdin) => {
    const { code, stdout, bytes, stderr } = await run(['sign', ...args, '-'], { environment, stdin });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const isRaw = args.includes('--raw');
    if (!isRaw) expect(stdout).toMatch(/^[A-Za-z0-9+/]+=*\n$/);
    expect(await isValid(spec, algorithm, isRaw ? bytes : Buffer.from(stdout, 'base64'))).toBe(true);
  });

  const refused: readonly [what: string, args: readonly string[], stdin: string, message: RegExp][] = [
    ['a key that is not there', ['--key', seededKeys.SM2.replace('5', '6')], 'm', /KMS\.0207/],
    ['a name that no key has', ['--key', 'nobody'], 'm', /no key that is named nobody/],
    ['an algorithm of another key', ['--key', 'signet/sm2', '--algorithm', 'ECDSA_SHA_256'], 'm', /KMS\.0332/],
    ['a key that does not sign', ['--key', 'signet/aes-256'], 'm', /AES_256/],
    ['a message that is too long', ['--key', 'signet/sm2'], 'm'.repeat(4097), /4097 bytes.*--digest/],
  ];
  test.each(refused)('%s: the reason, and 1', async (_what, args, stdin, reason) => {
    const { code, stdout, stderr } = await run(['sign', ...args, '-'], { environment, stdin });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(reason);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('a file that is not there', async () => {
    const { code, stderr } = await run(['sign', '--key=signet/sm2', join(folder, 'absent')], { environment });
    expect(code).toBe(1);
    expect(stderr).toMatch(/absent/);
  });
});

const ofOpenssl = opensslCommand.sign(
  signingAlgorithms.ECDSA_SHA_256,
  await outsideKey(kmsClient(url), 'EC_P256'),
  message,
);

describe('signet verify', () => {
  const base64 = Buffer.from(ofOpenssl).toString('base64');
  const path = file('message', message);

  test.each<[how: string, args: readonly string[], code: number, verdict: string]>([
    ['in a file, as bytes', ['--signature', file('bytes', ofOpenssl), path], 0, 'valid'],
    ['in a file, in Base64', ['--signature', file('base64', `${base64}\n`), path], 0, 'valid'],
    ['on the command line', ['--signature', base64, path], 0, 'valid'],
    ['over a digest', ['--signature', base64, '--digest', file('digest', digest)], 0, 'valid'],
    ['over another message', ['--signature', base64, file('other', 'something else')], 1, 'invalid'],
    [
      'over the message, taken for a digest',
      ['--signature', base64, '--digest', file('half', message.subarray(0, 32))],
      1,
      '',
    ],
  ])('%s: %j gives %i', async (_how, args, code, verdict) => {
    const ran = await run(['verify', '--key=signet/ec-p256', ...args], { environment });
    expect(ran).toMatchObject({ code, stdout: verdict === '' ? '' : `${verdict}\n` });
    expect(ran.stderr === '').toBe(verdict === 'valid');
  });

  test('invalid: the cause, and how to learn more', async () => {
    const asDigest = ['--signature', base64, '--digest', file('digest-of-another', digest.toReversed())];
    const rows: readonly (readonly [args: readonly string[], stderr: RegExp])[] = [
      [['--signature', base64, file('unended', message.subarray(0, -1))], /line feed/],
      [asDigest, /why is not known/],
    ];
    for (const [args, cause] of rows) {
      const { stdout, stderr } = await run(['verify', '--key=signet/ec-p256', ...args], { environment });
      expect(stdout).toBe('invalid\n');
      expect(stderr).toMatch(cause);
      const [, id = ''] = /^[^\n]+ \(more: signet explain --request-id ([0-9a-f]{32})\)\n$/.exec(stderr) ?? [];
      const explained = await run(['explain', '--json', '--request-id', id], { environment });
      expect(explained.code).toBe(0);
      expect(JSON.parse(explained.stdout)).toMatchObject({ operation: 'kms.verify', kms: { verdict: 'invalid' } });
    }
  });

  test('what is neither a file nor Base64', async () => {
    const { code, stdout, stderr } = await run(['verify', '--key=signet/ec-p256', '--signature=no/such.file', path], {
      environment,
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^--signature: no\/such\.file is neither/);
  });
});
