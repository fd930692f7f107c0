/** A key whose pair another process replaces while somebody is about to sign with it. */
import { createPublicKey, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { keySpecs } from '../../src/crypto/key-specs.ts';
import { createSigner } from '../../src/crypto/signer.ts';
import { createSigningThreads } from '../../src/crypto/signing-threads.ts';
import { signingAlgorithms } from '../../src/crypto/signing-algorithms.ts';
import { Signatures, type Message } from '../../src/kms/signatures.ts';
import type { Key } from '../../src/store/store.ts';
import { opened } from '../store/databases.ts';
import { newKey, project, settle } from '../store/people.ts';

test.each(['EC_P256', 'SM2', 'ED25519', 'RSA_2048'] as const)(
  '%s: it is gone, and no signature of two pairs is made, nor kept',
  async (name) => {
    const store = await opened('sqlite::memory:');
    await settle(store);
    const [before, after] = [await keySpecs[name].generate(), await keySpecs[name].generate()];
    await store.keys.add(newKey('k', { spec: name, publicKey: before.publicKey, material: before.secret }));
    const found = (await store.keys.find(project.id, 'k'))!;
    await store.keys.removeMaterial('k');
    await store.keys.addMaterial('k', 1, after.secret);

    const signatures = new Signatures({ store, signer: createSigner(createSigningThreads(1)), sm2Raw: true });
    const algorithm = Object.values(signingAlgorithms).find(({ keySpecs: specs }) =>
      specs.some((spec) => spec === name),
    )!;
    const message: Message = { algorithm, type: 'RAW', bytes: Buffer.from('hello') };
    await expect(signatures.sign(found, message)).rejects.toMatchObject({ refusal: { code: 'KMS.0207' } });

    const current: Key = { ...found, publicKey: after.publicKey };
    const signature = await signatures.sign(current, message);
    expect(await signatures.verify(current, message, signature)).toBe(true);
    await expect(signatures.sign(found, message)).rejects.toMatchObject({ refusal: { code: 'KMS.0207' } });
    if (name !== 'EC_P256') return;
    const publicKey = createPublicKey({ key: Buffer.from(after.publicKey!), format: 'der', type: 'spki' });
    expect(verify('sha256', message.bytes, publicKey, signature)).toBe(true);
  },
);
