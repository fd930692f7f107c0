/** The form of a state as JSON Schema (draft 7). */
import { keySpecs } from '../../crypto/key-specs.ts';
import { wrappingAlgorithms } from '../../crypto/material-unwrapping.ts';
import { gateway } from './snapshot-gateway-schema.ts';
import { oci } from './snapshot-oci-schema.ts';
import { entry, instant, listOf, name, sha256, text, type Schema } from './snapshot-schema-parts.ts';

const pem: Schema = { type: 'string', maxLength: 16_384 };
/** Ciphertexts have the version of a key in 32 bits: half of that leaves room for all rotations to come. */
const count: Schema = { type: 'integer', minimum: 0, maximum: 2 ** 31 - 1 };

const accessKey = entry(
  { access: name, secret: name },
  { security_token_sha256: sha256, expires_at: instant, failures: count, locked_until: instant },
);

const token = entry(
  { sha256, methods: listOf(text), issued_at: instant },
  { project_id: name, domain_id: name, expires_at: instant, assumed_by: name },
);

const credentials = {
  permissions: listOf({
    type: 'string',
    pattern: '^([a-z]+[*]?|[*])(:([A-Za-z]+[*]?|[*])){2}$',
    description: 'an action such as kms:cmk:sign or kms:*:*',
  }),
  access_keys: listOf(accessKey),
  tokens: listOf(token),
};

/** As crypto/passwords.ts makes them, and no dearer to check than 16 MiB and a tenth of a second. */
const passwordHash: Schema = {
  type: 'string',
  pattern: '^\\$scrypt\\$ln=([1-9]|1[0-4]),r=[1-8],p=[1-4]\\$[A-Za-z0-9+/]{16,86}\\$[A-Za-z0-9+/]{22,86}$',
  description: 'a hash of the form $scrypt$ln=12,r=8,p=1$<salt>$<hash>',
};

const user = entry(
  { id: name, name, password_hash: passwordHash },
  {
    totp_secret: { type: 'string', pattern: '^[A-Z2-7]{16,1024}=*$', description: 'Base32 of at least 16 characters' },
    ...credentials,
  },
);

const agency = entry({ id: name, name, trusted_domain_id: name }, credentials);

const material = entry(
  { version: { ...count, minimum: 1 } },
  { private_key_pem: pem, secret_hex: { type: 'string', pattern: '^([0-9a-f]{2})+$', description: 'bytes in hex' } },
);

const grant = entry(
  {
    ...{ id: name, grantee: text, grantee_type: { enum: ['user', 'domain'] } },
    ...{ operations: listOf(text), created_at: instant },
  },
  { name: text, issuer: text, retiring_principal: text },
);

const ticket = entry({
  ...{ sha256, algorithm: { enum: Object.keys(wrappingAlgorithms) }, private_key_pem: pem, expires_at: instant },
});

const key = entry(
  {
    ...{ id: name, name, spec: { enum: Object.keys(keySpecs) } },
    usage: { enum: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'GENERATE_VERIFY_MAC'] },
    state: { enum: ['enabled', 'disabled', 'pending-deletion', 'pending-import'] },
    ...{ origin: { enum: ['kms', 'external'] }, enterprise_project_id: text, created_at: instant },
    rotation_interval: { type: 'integer', minimum: 1, maximum: 36_500 },
  },
  {
    ...{ description: text, deletion_at: instant, expires_at: instant },
    ...{ next_rotation_at: instant, last_rotation_at: instant, imported_sha256: sha256 },
    ...{ material_version: count, public_key_pem: pem, materials: listOf(material) },
    aliases: listOf(entry({ alias: name, created_at: instant, updated_at: instant })),
    tags: listOf(entry({ key: name, value: text })),
    ...{ grants: listOf(grant), import_tickets: listOf(ticket) },
  },
);

const domain = entry(
  { id: name, name },
  {
    ...{ users: listOf(user), agencies: listOf(agency) },
    projects: listOf(entry({ id: name, name }, { keys: listOf(key), gateways: listOf(gateway) })),
  },
);

const clock: Schema = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  properties: {
    frozen_at: instant,
    offset_milliseconds: { type: 'integer', minimum: -8.64e15, maximum: 8.64e15 },
  },
};

/** @param rule of one fault rule */
export const stateSchema = (rule: Schema): Schema =>
  entry(
    { region: name, domains: listOf(domain) },
    { project_id: name, clock, faults: { type: 'array', maxItems: 1000, items: rule }, oci },
  );
