/** The keys of the default seed as outside makers and verifiers want them. */
import { createPrivateKey } from 'node:crypto';
import { keySpecs } from '../../src/crypto/key-specs.ts';
import { testKey, type TestKey } from '../crypto/test-keys.ts';
import { pemOf } from '../emulator/default-seed.ts';
import { seededKeys, type AsymmetricSpec } from '../support/identity.ts';
import type { KmsClient } from '../support/kms.ts';

/** Private half from the seed's file, public half as get-publickey gives it, letter for letter. */
export async function outsideKey(kms: KmsClient, spec: AsymmetricSpec): Promise<TestKey> {
  const { public_key: publicPem } = await kms.ask('get-publickey', { key_id: seededKeys[spec] });
  const spki = Buffer.from(publicPem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  const secret = createPrivateKey(pemOf(spec)).export({ format: 'der', type: 'pkcs8' });
  return { ...testKey(keySpecs[spec], secret, spki), publicPem, privatePem: pemOf(spec) };
}
