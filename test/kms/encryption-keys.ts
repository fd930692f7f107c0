/** A seed with keys that encrypt, the material of which is known here. */
import { createPublicKey } from 'node:crypto';
import { pemOf } from '../emulator/default-seed.ts';
import { domain, project, token, user } from '../support/identity.ts';

export const encryptionKeys = {
  AES_256: 'ae500000-0000-4000-8000-000000000001',
  anotherAES: 'ae500000-0000-4000-8000-000000000002',
  /** Rotates every 30 days. */
  rotatingAES: 'ae500000-0000-4000-8000-000000000003',
  SM4: '50400000-0000-4000-8000-000000000004',
  RSA_2048: 'a5a00000-0000-4000-8000-000000002048',
  RSA_3072: 'a5a00000-0000-4000-8000-000000003072',
  RSA_4096: 'a5a00000-0000-4000-8000-000000004096',
  SM2: '50200000-0000-4000-8000-000000000002',
  HMAC_256: '0ac00000-0000-4000-8000-000000000256',
  HMAC_384: '0ac00000-0000-4000-8000-000000000384',
  HMAC_512: '0ac00000-0000-4000-8000-000000000512',
  HMAC_SM3: '0ac00000-0000-4000-8000-000000000003',
} as const;

/** Secrets in hex. */
export const secrets = {
  AES_256: '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
  SM4: '0123456789abcdeffedcba9876543210',
  HMAC_256: 'c1'.repeat(32),
  HMAC_384: 'c2'.repeat(48),
  HMAC_512: 'c3'.repeat(64),
  HMAC_SM3: 'c4'.repeat(32),
} as const;

export const rsaSpecs = ['RSA_2048', 'RSA_3072', 'RSA_4096'] as const;

/** A key pair of the seed in PEM. */
export const pemsOf = (spec: (typeof rsaSpecs)[number] | 'SM2') => ({
  privatePem: pemOf(spec),
  publicPem: createPublicKey(pemOf(spec)).export({ type: 'spki', format: 'pem' }) as string,
});

const pair = (spec: (typeof rsaSpecs)[number] | 'SM2') => `
          - id: ${encryptionKeys[spec]}
            name: ${spec}
            spec: ${spec}
            usage: ENCRYPT_DECRYPT
            private_key_pem: |
              ${pemOf(spec).trim().replaceAll('\n', '\n              ')}`;

const secret = (spec: keyof typeof secrets) =>
  `{ id: ${encryptionKeys[spec]}, name: ${spec}, spec: ${spec}, secret_hex: '${secrets[spec]}', aliases: [alias/of-${spec}] }`;

export const otherProject = { id: 'cccccccccccccccccccccccccccccccc', token: 'token-for-the-other-project' } as const;

export const encryptionSeed = `
version: 1
region: eu-de
domains:
  - id: ${domain.id}
    name: ${domain.name}
    users:
      - name: ${user.name}
        password: ${user.password}
        tokens:
          - { token: ${token}, scope: { project: ${project.id} } }
          - { token: ${otherProject.token}, scope: { project: ${otherProject.id} } }
    projects:
      - id: ${otherProject.id}
        name: other
      - id: ${project.id}
        name: ${project.name}
        keys:
          - ${secret('AES_256')}
          - { id: ${encryptionKeys.anotherAES}, name: another, spec: AES_256 }
          - { id: ${encryptionKeys.rotatingAES}, name: rotating, spec: AES_256, secret_hex: '${secrets.AES_256}', rotation_interval: 30 }
          - ${secret('SM4')}
          - ${secret('HMAC_256')}
          - ${secret('HMAC_384')}
          - ${secret('HMAC_512')}
          - ${secret('HMAC_SM3')}${pair('RSA_2048')}${pair('RSA_3072')}${pair('RSA_4096')}${pair('SM2')}
`;
