/** The keys of the vendor's samples, in a seed of their own. */
import { pemOf } from '../emulator/default-seed.ts';
import { domain, project, token, user } from '../support/identity.ts';

export const sampleKeys = {
  kms_test: '0d0466b0-e727-4d9c-b35d-f84bb474a37f',
  signer: '968d6cf0-feb6-42c6-bb30-d69f74f2d5f9',
  caseuirpr: 'bb6a3d22-dc93-47ac-b5bd-88df7ad35f1e',
  casehvniz: '2e258389-bb1e-4568-a1d5-e1f50adf70ea',
} as const;

const pem = (spec: string): string => pemOf(spec).trim().replaceAll('\n', '\n              ');

export const sampleSeed = `
version: 1
region: aaa
domains:
  - id: ${domain.id}
    name: ${domain.name}
    users:
      - name: ${user.name}
        password: ${user.password}
        tokens: [{ token: ${token}, scope: { project: ${project.id} } }]
    projects:
      - id: ${project.id}
        name: ${project.name}
        keys:
          - id: ${sampleKeys.kms_test}
            name: kms_test
            spec: RSA_4096
            private_key_pem: |
              ${pem('RSA_4096')}
          - id: ${sampleKeys.signer}
            name: signer
            spec: RSA_2048
            private_key_pem: |
              ${pem('RSA_2048')}
          - { id: ${sampleKeys.caseuirpr}, name: caseuirpr, spec: AES_256, description: '123' }
          - { id: ${sampleKeys.casehvniz}, name: casehvniz, spec: AES_256, description: '234' }
`;
