/** A seed of three accounts: home is the default one, a partner's agencies trust it, and a stranger's do not. */
import { accessKey, domain, project, token, user } from '../support/identity.ts';

export const home = { id: domain.id, name: domain.name } as const;
/** A second project of home. */
export const annex = { id: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1', name: 'eu-de_annex' } as const;
/** A second access key of the default user. */
export const spare = { access: 'SPAREACCESSKEY000001', secret: 'SpareSecretAccessKey' } as const;
export const expiredToken = 'expired-token';
export const domainToken = 'token-for-the-domain';

/** Has an MFA device. */
export const careful = {
  id: 'careful',
  name: 'careful',
  password: 'careful',
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
} as const;

export const partner = { id: 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb2', name: 'Partner' } as const;
export const partnersProject = { id: 'ccccccccccccccccccccccccccccccc3', name: 'eu-de' } as const;
export const partnersAnnex = { id: 'ddddddddddddddddddddddddddddddd4', name: 'eu-de_other' } as const;
/** Agencies of the partner: home may act as deputy, the stranger as closed. */
export const deputy = { id: 'deputy-id', name: 'deputy' } as const;
export const closed = 'closed';

export const stranger = { id: 'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeee5', name: 'Stranger' } as const;
export const strangersProject = { id: 'fffffffffffffffffffffffffffffff6', name: 'eu-de_strange' } as const;
export const strangersToken = 'strangers-token';

/** Keys, one in a project of home and one in a project of the partner. */
export const keyId = '00000000-0000-4000-8000-000000000001';
export const partnersKeyId = '00000000-0000-4000-8000-000000000002';

export const houses = `
version: 1
region: eu-de
domains:
  - id: ${home.id}
    name: ${home.name}
    users:
      - id: ${user.id}
        name: ${user.name}
        password: ${user.password}
        access_keys:
          - { access: ${accessKey.access}, secret: ${accessKey.secret} }
          - { access: ${spare.access}, secret: ${spare.secret} }
        tokens:
          - { token: ${token}, scope: { project: ${project.name} } }
          - { token: ${expiredToken}, scope: { project: ${project.name} }, expires_at: 2020-01-01T00:00:00Z }
          - { token: ${domainToken}, scope: { domain: ${home.name} } }
      - { id: ${careful.id}, name: ${careful.name}, password: ${careful.password}, totp_secret: ${careful.secret} }
    projects:
      - { id: ${project.id}, name: ${project.name}, keys: [{ id: ${keyId}, name: ec, spec: EC_P256 }] }
      - { id: ${annex.id}, name: ${annex.name} }
  - id: ${partner.id}
    name: ${partner.name}
    agencies:
      - { id: ${deputy.id}, name: ${deputy.name}, trusted_domain: ${home.name} }
      - { name: ${closed}, trusted_domain: ${stranger.name} }
    projects:
      - { id: ${partnersProject.id}, name: ${partnersProject.name}, keys: [{ id: ${partnersKeyId}, name: ec, spec: EC_P256 }] }
      - { id: ${partnersAnnex.id}, name: ${partnersAnnex.name} }
  - id: ${stranger.id}
    name: ${stranger.name}
    users:
      - name: ${user.name}
        password: another
        tokens: [{ token: ${strangersToken}, scope: { project: ${strangersProject.name} } }]
    projects: [{ id: ${strangersProject.id}, name: ${strangersProject.name} }]
`;
