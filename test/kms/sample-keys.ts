/** The keys of the vendor's samples. The samples use one id for keys of several kinds, so each family of operations has a seed of its own. */
import { pemOf } from '../emulator/default-seed.ts';
import { domain, token, user } from '../support/identity.ts';

/** In the samples, key ids are these; what stands behind one is another key in every family. */
export const sampleKeys = {
  kms_test: '0d0466b0-e727-4d9c-b35d-f84bb474a37f',
  signer: '968d6cf0-feb6-42c6-bb30-d69f74f2d5f9',
  caseuirpr: 'bb6a3d22-dc93-47ac-b5bd-88df7ad35f1e',
  casehvniz: '2e258389-bb1e-4568-a1d5-e1f50adf70ea',
  mac: '826314dd-1b5b-4037-b976-5f9b7a17df46',
} as const;

/** As the path of a sample has it. */
export const sampleProject = '0d0466b0e7274d9cb35df84bb474a37f';
/** The user whom the grants of the samples are for, and who may retire them. */
const grantee = '13gg44z4g2sglzk0egw0u726zoyzvrs8';
const grantId = '7c9a3286af4fcca5f0a385ad13e1d21a50e27b6dbcab50f37f30f93b8939827d';

const { kms_test, signer, caseuirpr, casehvniz, mac } = sampleKeys;

const seedOf = (...keys: readonly string[]): string => `
version: 1
region: aaa
domains:
  - id: ${domain.id}
    name: ${domain.name}
    users:
      - id: ${grantee}
        name: ${user.name}
        password: ${user.password}
        tokens: [{ token: ${token}, scope: { project: ${sampleProject} } }]
    projects:
      - id: ${sampleProject}
        name: aaa
        keys:${keys.map((key) => `\n          - ${key}`).join('')}
`;

const pem = (spec: string): string => JSON.stringify(pemOf(spec));

const grant = `{ id: ${grantId}, name: my_grant, grantee: ${grantee}, retiring_principal: ${grantee}, operations: [describe-key, create-datakey, encrypt-datakey], issuer: e4hkeeea506ex3wgnzyhi656n8hx8xa3 }`;
const granted = seedOf(`{ id: ${caseuirpr}, name: a, spec: AES_256, grants: [${grant}] }`);

/** By family: which keys the samples are about. */
export const sampleSeeds = {
  keys: seedOf(
    `{ id: ${kms_test}, name: kms_test, spec: RSA_4096, private_key_pem: ${pem('RSA_4096')} }`,
    `{ id: ${signer}, name: signer, spec: RSA_2048, private_key_pem: ${pem('RSA_2048')} }`,
    `{ id: ${caseuirpr}, name: caseuirpr, spec: AES_256, description: '123' }`,
    `{ id: ${casehvniz}, name: casehvniz, spec: AES_256, description: '234' }`,
  ),
  data: seedOf(`{ id: ${kms_test}, name: kms_test, spec: AES_256 }`),
  macs: seedOf(`{ id: ${mac}, name: mac, spec: HMAC_256 }`),
  imports: seedOf(
    `{ id: ${kms_test}, name: kms_test, spec: AES_256, state: pending-import }`,
    `{ id: ${caseuirpr}, name: caseuirpr, spec: AES_256, state: pending-import }`,
  ),
  rotation: seedOf(`{ id: ${kms_test}, name: kms_test, spec: AES_256, created_at: 2020-01-01T00:00:00Z }`),
  grants: seedOf(
    `{ id: ${caseuirpr}, name: caseuirpr, spec: AES_256 }`,
    `{ id: ${kms_test}, name: kms_test, spec: AES_256, grants: [${grant}] }`,
  ),
  revoking: granted,
  retiring: granted,
  tags: seedOf(
    `{ id: ${caseuirpr}, name: resource1, spec: AES_256, tags: { testKey: a, key1: value1, key2: value3 } }`,
  ),
  aliases: seedOf(`{ id: ${caseuirpr}, name: caseuirpr, spec: AES_256, aliases: [kms-4567] }`),
} as const;
