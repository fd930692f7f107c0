// The key files that the documented commands of OpenSSL write, as Signet makes them, and ~/.oci/config.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import common from 'oci-common';
import { clientOf, newUser, workbench } from './signet.js';

const forms = [
  { format: 'pkcs1', label: false, begin: '-----BEGIN RSA PRIVATE KEY-----\nMII' },
  { format: 'pkcs1', label: true, begin: '-----BEGIN RSA PRIVATE KEY-----\nMII' },
  { format: 'pkcs8', label: false, begin: '-----BEGIN PRIVATE KEY-----\nMII' },
  { format: 'pkcs8', label: true, begin: '-----BEGIN PRIVATE KEY-----\nMII' },
  { format: 'pkcs1', passphrase: 'secret', begin: '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n' },
  { format: 'pkcs8', passphrase: 'secret', begin: '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII' },
];

for (const { begin, ...form } of forms) {
  test(JSON.stringify(form), async (test) => {
    const folder = mkdtempSync(join(tmpdir(), 'signet-oci-'));
    test.after(() => rmSync(folder, { recursive: true }));
    const key_file = join(folder, 'oci_api_key.pem');
    const user_id = await newUser(test);
    const made = await workbench('POST', '/oci/keypairs', { ...form, user_id, key_file, region: 'us-phoenix-1' });
    assert.ok(made.private_key_pem.startsWith(begin), made.private_key_pem);
    writeFileSync(key_file, made.private_key_pem);
    writeFileSync(join(folder, 'config'), made.config);

    const provider = new common.ConfigFileAuthenticationDetailsProvider(join(folder, 'config'));
    assert.equal(await provider.getKeyId(), made.key_id);
    const { items } = await clientOf(provider).listApiKeys({ userId: user_id });
    assert.deepEqual(
      items.map(({ keyId }) => keyId),
      [made.key_id],
    );
  });
}
