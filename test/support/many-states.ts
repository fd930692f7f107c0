/** A seed with keys of every kind and in every state, with tokens of every scope, and with a second account. */
import { domain, project, token, user } from './identity.ts';

export const states = {
  enabled: '00000000-0000-4000-8000-000000000002',
  disabled: '00000000-0000-4000-8000-000000000003',
  'pending-deletion': '00000000-0000-4000-8000-000000000004',
  'pending-import': '00000000-0000-4000-8000-000000000005',
} as const;

export const kinds = {
  EC_P256: states.enabled,
  RSA_2048: '00000000-0000-4000-8000-000000002048',
  /** A key pair that encrypts. */
  encryption: '00000000-0000-4000-8000-000000000e0c',
  /** An SM2 key pair that encrypts. */
  encryptionSM2: '00000000-0000-4000-8000-0000000e05a2',
  ED25519: '00000000-0000-4000-8000-000000025519',
  SM2: '00000000-0000-4000-8000-0000000005a2',
  AES_256: '00000000-0000-4000-8000-000000000ae5',
  disabledAES: '00000000-0000-4000-8000-0000000d0ae5',
  /** An AES key that is pending deletion. */
  leavingAES: '00000000-0000-4000-8000-0000000d4ae5',
  /** An external AES key without material. */
  waitingAES: '00000000-0000-4000-8000-0000000d5ae5',
  /** An AES key that is rotated by schedule. */
  rotatingAES: '00000000-0000-4000-8000-0000000d6ae5',
  HMAC_256: '00000000-0000-4000-8000-00000000ac25',
  /** The vendor's own key of a service. */
  default: '00000000-0000-4000-8000-0000000000de',
} as const;

export const otherProject = { id: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', name: 'eu-de_other' } as const;
export const otherDomain = { id: 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', name: 'OTC00000000001000000002' } as const;
/** A key of the other project, with an alias that this project has not. */
export const strangersKey = '99999999-0000-4000-8000-000000000002';

/** A grant of the RSA key, with which no user of the project has anything to do. */
export const grantOfRsa = 'ab'.repeat(32);

export const tokens = {
  valid: token,
  expired: 'token-expired',
  domain: 'token-for-the-domain',
  unscoped: 'token-for-nothing',
  otherProject: 'token-for-the-other-project',
  powerless: 'token-of-a-user-who-may-do-nothing',
} as const;

/** The users of the default domain, with tokens of every scope; part of a seed. */
export const everyScope = `    users:
      - id: ${user.id}
        name: ${user.name}
        password: ${user.password}
        tokens:
          - { token: ${tokens.valid}, scope: { project: ${project.name} } }
          - { token: ${tokens.expired}, scope: { project: ${project.name} }, expires_at: 2020-01-01T00:00:00Z }
          - { token: ${tokens.domain}, scope: { domain: ${domain.name} } }
          - { token: ${tokens.unscoped} }
          - { token: ${tokens.otherProject}, scope: { project: ${otherProject.name} } }
      - name: powerless
        password: powerless
        permissions: []
        tokens: [{ token: ${tokens.powerless}, scope: { project: ${project.name} } }]`;

export const manyStates = `
version: 1
region: eu-de
domains:
  - id: ${domain.id}
    name: ${domain.name}
${everyScope}
    projects:
      - id: ${project.id}
        name: ${project.name}
        keys:
          - { id: ${states.enabled}, name: enabled, spec: EC_P256, aliases: [alias/of-enabled, plain-of-enabled] }
          - { id: ${states.disabled}, name: disabled, spec: EC_P256, state: disabled }
          - { id: ${states['pending-deletion']}, name: leaving, spec: EC_P256, state: pending-deletion, deletion_at: 2035-01-01T00:00:00Z }
          - { id: ${states['pending-import']}, name: waiting, spec: EC_P256, state: pending-import }
          - id: ${kinds.RSA_2048}
            name: rsa
            spec: RSA_2048
            grants: [{ id: ${grantOfRsa}, grantee: somebody, operations: [describe-key] }]
          - { id: ${kinds.encryption}, name: encryption, spec: RSA_2048, usage: ENCRYPT_DECRYPT }
          - { id: ${kinds.encryptionSM2}, name: encryption-sm2, spec: SM2, usage: ENCRYPT_DECRYPT }
          - { id: ${kinds.ED25519}, name: ed25519, spec: ED25519 }
          - { id: ${kinds.SM2}, name: sm2, spec: SM2 }
          - { id: ${kinds.AES_256}, name: aes, spec: AES_256 }
          - { id: ${kinds.disabledAES}, name: disabled-aes, spec: AES_256, state: disabled }
          - { id: ${kinds.leavingAES}, name: leaving-aes, spec: AES_256, state: pending-deletion, deletion_at: 2035-01-01T00:00:00Z }
          - { id: ${kinds.waitingAES}, name: waiting-aes, spec: AES_256, state: pending-import }
          - { id: ${kinds.rotatingAES}, name: rotating-aes, spec: AES_256, rotation_interval: 30 }
          - { id: ${kinds.HMAC_256}, name: hmac, spec: HMAC_256 }
          - { id: ${kinds.default}, name: obs/default, spec: AES_256 }
      - id: ${otherProject.id}
        name: ${otherProject.name}
        keys:
          - { id: ${strangersKey}, name: strangers, spec: EC_P256, aliases: [alias/of-stranger] }
  - id: ${otherDomain.id}
    name: ${otherDomain.name}
    users: [{ name: ${user.name}, password: another }]
    projects: [{ name: ${project.name} }]
`;
