import forge from 'node-forge';
import type { SigningAlgorithm } from '../../../src/crypto/signing-algorithms.ts';
import type { Outside } from './outside.ts';

const digests: Readonly<Record<string, () => forge.md.MessageDigest>> = {
  sha256: () => forge.md.sha256.create(),
  sha384: () => forge.md.sha384.create(),
  sha512: () => forge.md.sha512.create(),
};

const isRsa = ({ scheme }: SigningAlgorithm) => scheme === 'RSASSA_PSS' || scheme === 'RSASSA_PKCS1_V1_5';
const binary = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

function digestOf({ hash }: SigningAlgorithm, message: Uint8Array): forge.md.MessageDigest {
  const digest = digests[hash.name]?.();
  if (!digest) throw new Error(`node-forge has no ${hash.name}`);
  digest.update(binary(message));
  return digest;
}

/** The types of node-forge know PSS only as `any`. */
function schemeOf(algorithm: SigningAlgorithm): unknown {
  if (algorithm.scheme !== 'RSASSA_PSS') return undefined;
  const md = digestOf(algorithm, new Uint8Array());
  const mgf: unknown = forge.mgf.mgf1.create(md);
  return forge.pss.create({ md, mgf, saltLength: algorithm.hash.length });
}

/** RSA in plain JavaScript; a signature takes 20 ms with 2048 bits and 135 ms with 4096. */
export const nodeForge: Outside = {
  name: 'node-forge',
  signs: (algorithm, keySpec) => isRsa(algorithm) && keySpec === 'RSA_2048',
  verifies: isRsa,
  sign(algorithm, key, message) {
    const signature = forge.pki
      .privateKeyFromPem(key.privatePem)
      .sign(digestOf(algorithm, message), schemeOf(algorithm));
    return Buffer.from(signature, 'latin1');
  },
  verify(algorithm, key, message, signature) {
    const digest = digestOf(algorithm, message).digest().getBytes();
    return forge.pki.publicKeyFromPem(key.publicPem).verify(digest, binary(signature), schemeOf(algorithm));
  },
};
