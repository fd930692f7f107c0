import { createPrivateKey } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { openssl } from '../crypto/outside/openssl.ts';
import { useFolder } from '../support/signet.ts';
import { run, type Ran } from './run.ts';

const folder = useFolder();
const keygen = (name: string, ...args: readonly string[]): Promise<Ran> =>
  run(['oci', 'keygen', `--out=${join(folder, name)}`, ...args]);
const fileOf = (name: string, file: string): string => join(folder, name, file);
const read = (name: string, file: string): string => readFileSync(fileOf(name, file), 'utf8');
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
/** What openssl says of a private key: its public half, and the documented way to a fingerprint. */
function byOpenssl(pem: string): { readonly publicKeyPem: string; readonly fingerprint: string } {
  const files = { 'key.pem': pem };
  const args = ['rsa', '-pubout', '-passin', 'pass:secret', '-in', 'key.pem', '-out', 'out'];
  const der = openssl([...args, '-outform', 'DER'], files);
  const [, fingerprint = ''] = openssl(['md5', '-c', '-out', 'out', 'der'], { der }).toString().trim().split('= ');
  return { publicKeyPem: openssl(args, files).toString(), fingerprint };
}

const rows: readonly (readonly [args: readonly string[], head: string, bits: number])[] = [
  [[], '-----BEGIN PRIVATE KEY-----\n', 2048],
  [['--format=pkcs1'], '-----BEGIN RSA PRIVATE KEY-----\nMII', 2048],
  [['--format=pkcs8', '--bits=3072'], '-----BEGIN PRIVATE KEY-----\n', 3072],
  [['--passphrase=secret'], '-----BEGIN ENCRYPTED PRIVATE KEY-----\n', 2048],
  [
    ['--passphrase=secret', '--format=pkcs1', '--bits', '4096'],
    '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENC',
    4096,
  ],
];

test.each(rows)('%j: files that openssl reads, and the block of the config', async (args, head, bits) => {
  const name = `pair${args.join('')}`;
  const { code, stdout, stderr } = await keygen(name, ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const privateKeyPem = read(name, 'oci_api_key.pem');
  expect(privateKeyPem.startsWith(head)).toBe(true);
  expect(privateKeyPem.endsWith('-----\nOCI_API_KEY\n')).toBe(true);
  const { publicKeyPem, fingerprint } = byOpenssl(privateKeyPem);
  expect(read(name, 'oci_api_key_public.pem')).toBe(publicKeyPem);
  const { asymmetricKeyDetails } = createPrivateKey({ key: privateKeyPem, passphrase: 'secret' });
  expect(asymmetricKeyDetails).toMatchObject({ modulusLength: bits });
  const encryption = args.includes('--passphrase=secret') ? 'pass_phrase=secret\n' : '';
  expect(stdout).toBe(`# Public key, to be uploaded: ${fileOf(name, 'oci_api_key_public.pem')}
[DEFAULT]
user=ocid1.user.oc1..aaaaaaaasignetpublictestuseraaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
fingerprint=${fingerprint}
tenancy=ocid1.tenancy.oc1..aaaaaaaasignetpublictesttenancyaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
region=us-ashburn-1
key_file=${fileOf(name, 'oci_api_key.pem')}
${encryption}`);
});

test('user and tenancy are those of the default seed', async () => {
  const seed = parse(readFileSync(new URL('../../seeds/default.yaml', import.meta.url), 'utf8')) as {
    readonly oci: {
      readonly tenancies: readonly { readonly id: string; readonly users: readonly { readonly id: string }[] }[];
    };
  };
  const { stdout } = await keygen('default');
  const [tenancy] = seed.oci.tenancies;
  expect(stdout).toContain(`\ntenancy=${tenancy!.id}\n`);
  expect(stdout).toContain(`\nuser=${tenancy!.users[0]!.id}\n`);
});

test('whose it is to be, where, and without the label', async () => {
  const { code, stdout } = await keygen('own', '--no-label', '--tenancy=t', '--user=u', '--region=eu-frankfurt-1');
  expect(code).toBe(0);
  expect(stdout).toMatch(/\nuser=u\nfingerprint=[0-9a-f:]{47}\ntenancy=t\nregion=eu-frankfurt-1\n/);
  expect(read('own', 'oci_api_key.pem').endsWith('-----END PRIVATE KEY-----\n')).toBe(true);
});

test('in a new folder that is its own, a private key that only its owner reads', async () => {
  await keygen('deep/er');
  expect(modeOf(join(folder, 'deep/er'))).toBe('700');
  expect(modeOf(fileOf('deep/er', 'oci_api_key.pem'))).toBe('600');
  expect(readdirSync(join(folder, 'deep/er')).sort()).toEqual(['oci_api_key.pem', 'oci_api_key_public.pem']);
});

test('a passphrase that was exported for snapshots does not seal it, and is not printed', async () => {
  const environment = { SIGNET_PASSPHRASE: 'of-snapshots' };
  const { stdout } = await run(['oci', 'keygen', `--out=${join(folder, 'exported')}`], { environment });
  expect(stdout).not.toContain('pass');
  expect(read('exported', 'oci_api_key.pem')).toMatch(/^-----BEGIN PRIVATE KEY-----/);
});

describe('what is there', () => {
  const put = (name: string, file: string, content: string): string => {
    mkdirSync(join(folder, name));
    writeFileSync(fileOf(name, file), content);
    return fileOf(name, file);
  };

  it.each(['oci_api_key.pem', 'oci_api_key_public.pem'])('is not overwritten: %s', async (file) => {
    const path = put(`kept-${file}`, file, 'precious');
    expect(await keygen(`kept-${file}`)).toMatchObject({
      ...{ code: 1, stdout: '', stderr: `${path} is there already; --force overwrites\n` },
    });
    expect(readdirSync(join(folder, `kept-${file}`))).toEqual([file]);
    expect(readFileSync(path, 'utf8')).toBe('precious');
  });

  it('is not followed where it is a link', async () => {
    mkdirSync(join(folder, 'linked'));
    symlinkSync(join(folder, 'elsewhere'), fileOf('linked', 'oci_api_key.pem'));
    expect((await keygen('linked')).code).toBe(1);
    expect((await keygen('linked', '--force')).code).toBe(0);
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
    expect(modeOf(fileOf('linked', 'oci_api_key.pem'))).toBe('600');
  });

  it('is overwritten with --force, and is private then, whatever it was', async () => {
    const path = put('forced', 'oci_api_key.pem', 'old');
    chmodSync(path, 0o644);
    expect((await keygen('forced', '--force')).code).toBe(0);
    expect(modeOf(path)).toBe('600');
    expect(byOpenssl(readFileSync(path, 'utf8')).publicKeyPem).toBe(read('forced', 'oci_api_key_public.pem'));
  });
});

test('a passphrase with a line break has no place in the config: the reason, and no file', async () => {
  const { code, stdout, stderr } = await keygen('broken', '--passphrase=a\nb');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toBe('pass_phrase has a line break, and ~/.oci/config has no way to write one\n');
  expect(existsSync(join(folder, 'broken'))).toBe(false);
});

test.each([
  ['--bits=1024', '--bits: "1024" will not do; 2048|3072|4096'],
  ['--format=pem', '--format: "pem" will not do; pkcs1|pkcs8'],
])('%s: what will do, and 2', async (flag, message) => {
  expect(await keygen('none', flag)).toMatchObject({ code: 2, stderr: `${message}\n` });
});
