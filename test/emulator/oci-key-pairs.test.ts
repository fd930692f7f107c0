/** Key pairs as the documented openssl commands make them, with their config file. */
import { createPrivateKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { components } from '../../src/contract/openapi.ts';
import { openssl } from '../crypto/outside/openssl.ts';
import { makeClock } from '../support/clock.ts';
import { send } from '../support/http.ts';
import { ociServer } from '../support/oci-signer.ts';
import { makeOciPeople, ociTenancyIds, ociUserIds } from '../support/oci-tenancies.ts';
import { useSeed, useSignet } from '../support/signet.ts';

type OciKeyPair = components['schemas']['OciKeyPair'];

const clock = makeClock();
const { seed } = makeOciPeople();
const { url } = await useSignet({ seed: useSeed(seed), now: clock.now });

async function make(body?: unknown): Promise<OciKeyPair> {
  const answer = await send(url, 'post', '/_signet/oci/keypairs', { body });
  expect(answer.status, answer.text).toBe(201);
  return answer.body as OciKeyPair;
}

/** What openssl prints of the public half. */
function fingerprintBy({ private_key_pem: key }: OciKeyPair, passphrase = ''): string {
  const password = passphrase === '' ? [] : ['-passin', `pass:${passphrase}`];
  const der = openssl(['rsa', '-pubout', '-outform', 'DER', '-in', 'key', ...password, '-out', 'out'], { key });
  return openssl(['md5', '-c', '-out', 'out', 'der'], { der }).toString().trim().split('= ').at(-1) ?? '';
}

describe('a key pair', () => {
  test.each([
    [{}, /^-----BEGIN PRIVATE KEY-----\n/, 2048],
    [{ format: 'pkcs1' }, /^-----BEGIN RSA PRIVATE KEY-----\nMII/, 2048],
    [{ format: 'pkcs8', bits: 3072 }, /^-----BEGIN PRIVATE KEY-----\n/, 3072],
    [{ bits: 4096 }, /^-----BEGIN PRIVATE KEY-----\n/, 4096],
    [
      { format: 'pkcs1', passphrase: 'a b' },
      /^-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,[0-9A-F]{32}\n\n/,
      2048,
    ],
    [{ format: 'pkcs8', passphrase: 'a b' }, /^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/, 2048],
  ])('%j is as openssl makes it', async (wanted, head, bits) => {
    const pair = await make(wanted);
    const { passphrase } = wanted as { passphrase?: string };
    expect(pair.private_key_pem).toMatch(head);
    expect(pair.private_key_pem).toMatch(/-----END (?:RSA |ENCRYPTED )?PRIVATE KEY-----\nOCI_API_KEY\n$/);
    expect(fingerprintBy(pair, passphrase)).toBe(pair.fingerprint);
    const key = createPrivateKey({ key: pair.private_key_pem, ...(passphrase !== undefined && { passphrase }) });
    expect(key.asymmetricKeyDetails?.modulusLength).toBe(bits);
    expect(pair).not.toHaveProperty('key_id');
    expect(pair.config).toBe(
      [
        '[DEFAULT]',
        'user=<user OCID>',
        `fingerprint=${pair.fingerprint}`,
        'tenancy=<tenancy OCID>',
        'region=us-ashburn-1',
        'key_file=~/.oci/oci_api_key.pem',
        ...(passphrase === undefined ? [] : [`pass_phrase=${passphrase}`]),
        '',
      ].join('\n'),
    );
  });

  test('comes without the label where that is not wanted, and without a body at all', async () => {
    expect((await make({ label: false })).private_key_pem).toMatch(/-----END PRIVATE KEY-----\n$/);
    expect((await make()).private_key_pem).toMatch(/OCI_API_KEY\n$/);
  });

  test('of a user opens the operations of OCI, and its config says so', async () => {
    const pair = await make({ user_id: ociUserIds.bob, region: 'eu-frankfurt-1', key_file: '/keys/bob.pem' });
    const signer = {
      ...{ tenancyId: ociTenancyIds.north, userId: ociUserIds.bob, fingerprint: pair.fingerprint },
      privateKey: createPrivateKey(pair.private_key_pem),
    };
    const listed = await ociServer(url, clock.now).list(signer);
    expect(listed.json).toContainEqual(
      expect.objectContaining({ keyId: pair.key_id, keyValue: pair.public_key_pem, lifecycleState: 'ACTIVE' }),
    );
    expect(pair.config).toBe(
      [
        ...['[DEFAULT]', `user=${ociUserIds.bob}`, `fingerprint=${pair.fingerprint}`],
        ...[`tenancy=${ociTenancyIds.north}`, 'region=eu-frankfurt-1', 'key_file=/keys/bob.pem', ''],
      ].join('\n'),
    );
  });
});

test.each([
  [{ bits: 1024 }, 400, 'Signet.InvalidParameter'],
  [{ bits: 1e9 }, 400, 'Signet.InvalidParameter'],
  [{ format: 'pem' }, 400, 'Signet.InvalidParameter'],
  [{ passphrase: '' }, 400, 'Signet.InvalidParameter'],
  [{ passphrase: 'two\nlines' }, 400, 'Signet.InvalidParameter'],
  [{ key_file: 'two\nlines' }, 400, 'Signet.InvalidParameter'],
  [{ region: 'a=b' }, 400, 'Signet.InvalidParameter'],
  [{ user_id: 'ocid1.user.oc1..nobody' }, 404, 'Signet.NoSuchOciUser'],
])('%j is refused', async (body, status, code) => {
  const answer = await send(url, 'post', '/_signet/oci/keypairs', { body });
  expect(answer).toMatchObject({ status, body: { error: { error_code: code } } });
});
