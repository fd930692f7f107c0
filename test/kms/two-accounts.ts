/** Two accounts with users who may do everything in them: one has keys, the other is let in by grants. */
import { domain, project, token, user } from '../support/identity.ts';
import { kmsClient, type KmsClient } from '../support/kms.ts';

export const sharedKeys = {
  AES_256: '00000000-0000-4000-8000-0000000a0ae5',
  /** Another, which nobody is let in to. */
  spare: '00000000-0000-4000-8000-0000000b0ae5',
  EC_P256: '00000000-0000-4000-8000-0000000a0256',
} as const;

export const guests = {
  domain: { id: 'c0c1c2c3c4c5c6c7c8c9cacbcccdcecf', name: 'OTC00000000001000000003' },
  project: { id: 'cccccccccccccccccccccccccccccccc', name: 'eu-de_guests' },
  key: '00000000-0000-4000-8000-0000000c0ae5',
  bob: { id: 'b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0', token: 'token-of-bob' },
  dora: { id: 'd0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0', token: 'token-of-dora' },
} as const;

/** Of the account that has the keys; with a token for its second project as well. */
export const colleague = {
  id: 'ca11ea90eca11ea90eca11ea90eca11e',
  token: 'token-of-the-colleague',
  elsewhere: 'token-of-the-colleague-elsewhere',
} as const;
const secondProject = { id: 'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', name: 'eu-de_second' } as const;

export const twoAccounts = `
version: 1
region: eu-de
domains:
  - id: ${domain.id}
    name: ${domain.name}
    users:
      - { id: ${user.id}, name: ${user.name}, password: x, tokens: [{ token: ${token}, scope: { project: ${project.id} } }] }
      - id: ${colleague.id}
        name: colleague
        password: x
        tokens:
          - { token: ${colleague.token}, scope: { project: ${project.id} } }
          - { token: ${colleague.elsewhere}, scope: { project: ${secondProject.id} } }
    projects:
      - id: ${project.id}
        name: ${project.name}
        keys:
          - { id: ${sharedKeys.AES_256}, name: shared, spec: AES_256, aliases: [alias/shared] }
          - { id: ${sharedKeys.spare}, name: spare, spec: AES_256 }
          - { id: ${sharedKeys.EC_P256}, name: signer, spec: EC_P256 }
      - { id: ${secondProject.id}, name: ${secondProject.name} }
  - id: ${guests.domain.id}
    name: ${guests.domain.name}
    users:
      - { id: ${guests.bob.id}, name: bob, password: x, tokens: [{ token: ${guests.bob.token}, scope: { project: ${guests.project.id} } }] }
      - { id: ${guests.dora.id}, name: dora, password: x, tokens: [{ token: ${guests.dora.token}, scope: { project: ${guests.project.id} } }] }
    projects:
      - { id: ${guests.project.id}, name: ${guests.project.name}, keys: [{ id: ${guests.key}, name: own, spec: AES_256 }] }
`;

/** The users, as they ask this server. */
export const usersOf = (
  url: string,
): Readonly<Record<'ann' | 'colleague' | 'elsewhere' | 'bob' | 'dora', KmsClient>> => ({
  ann: kmsClient(url),
  colleague: kmsClient(url, { token: colleague.token }),
  elsewhere: kmsClient(url, { token: colleague.elsewhere, projectId: secondProject.id }),
  bob: kmsClient(url, { token: guests.bob.token, projectId: guests.project.id }),
  dora: kmsClient(url, { token: guests.dora.token, projectId: guests.project.id }),
});
