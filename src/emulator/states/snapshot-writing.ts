/** The contents of a store as a snapshot has them. */
import { keySpecs, type KeySpecName, type KeyUsage } from '../../crypto/key-specs.ts';
import type { Alias, Contents, CountedAccessKey, Domain, Grant, ImportTicket, Key } from '../../store/store.ts';
import type { KeyTag, Material, Token, User } from '../../store/store.ts';
import type { AccessKeyEntry, AgencyEntry, AliasEntry, DomainEntry, GrantEntry } from './snapshot-format.ts';
import type { KeyEntry, MaterialEntry, ProjectEntry, TicketEntry, TokenEntry, UserEntry } from './snapshot-format.ts';
import { gatewayWriter } from './snapshot-gateway-writing.ts';
import {
  groupedBy,
  inOrder,
  pem,
  present,
  stateNames,
  written,
  writtenOrNull,
  type Groups,
} from './snapshot-values.ts';

export function writeDomains(contents: Contents): readonly DomainEntry[] {
  const users = groupedBy(contents.users, ({ domainId }) => domainId);
  const projects = groupedBy(contents.projects, ({ domainId }) => domainId);
  const keys = groupedBy(contents.keys, ({ projectId }) => projectId);
  const ofUsers = {
    accessKeys: groupedBy(contents.accessKeys, ({ userId }) => userId),
    tokens: groupedBy(contents.tokens, ({ userId }) => userId),
  };
  const ofKeys = {
    materials: groupedBy(contents.materials, keyIdOf),
    aliases: groupedBy(contents.aliases, keyIdOf),
    tags: groupedBy(contents.tags, keyIdOf),
    grants: groupedBy(contents.grants, keyIdOf),
    tickets: groupedBy(contents.importTickets, keyIdOf),
  };
  const gatewaysOf = gatewayWriter(contents);
  const writeDomain = ({ id, name }: Domain): DomainEntry => {
    const residents = users.get(id) ?? [];
    return present<DomainEntry>({
      ...{ id, name },
      users: inOrder(residents.filter(isPerson), idOf, (user) => writeUser(user, ofUsers)),
      agencies: inOrder(
        residents.filter((user) => !isPerson(user)),
        idOf,
        (user) => writeAgency(user, ofUsers),
      ),
      projects: inOrder(projects.get(id), idOf, (project) =>
        present<ProjectEntry>({
          ...{ id: project.id, name: project.name },
          keys: inOrder(keys.get(project.id), idOf, (key) => writeKey(key, ofKeys)),
          gateways: gatewaysOf(project.id),
        }),
      ),
    });
  };
  return inOrder(contents.domains, idOf, writeDomain) ?? [];
}

interface OfUsers {
  readonly accessKeys: Groups<CountedAccessKey>;
  readonly tokens: Groups<Token>;
}

interface OfKeys {
  readonly materials: Groups<Material>;
  readonly aliases: Groups<Alias>;
  readonly tags: Groups<KeyTag>;
  readonly grants: Groups<Grant>;
  readonly tickets: Groups<ImportTicket>;
}

const idOf = ({ id }: { readonly id: string }): string => id;
const keyIdOf = ({ keyId }: { readonly keyId: string }): string => keyId;
const isPerson = ({ trustedDomainId }: User): boolean => trustedDomainId === null;

const writeUser = (user: User, groups: OfUsers): UserEntry =>
  present<UserEntry>({
    ...{ id: user.id, name: user.name, password_hash: user.passwordHash },
    ...{ totp_secret: user.totpSecret, permissions: user.permissions },
    ...writeCredentials(user, groups),
  });

const writeAgency = (user: User, groups: OfUsers): AgencyEntry =>
  present<AgencyEntry>({
    ...{ id: user.id, name: user.name, trusted_domain_id: user.trustedDomainId, permissions: user.permissions },
    ...writeCredentials(user, groups),
  });

const writeCredentials = ({ id }: User, { accessKeys, tokens }: OfUsers) => ({
  access_keys: inOrder(accessKeys.get(id), ({ access }) => access, writeAccessKey),
  tokens: inOrder(tokens.get(id), ({ hash }) => hash, writeToken),
});

const writeAccessKey = (key: CountedAccessKey): AccessKeyEntry =>
  present<AccessKeyEntry>({
    ...{ access: key.access, secret: key.secret, security_token_sha256: key.securityTokenHash },
    expires_at: writtenOrNull(key.expiresAt),
    failures: key.failures || null,
    locked_until: writtenOrNull(key.lockedUntil),
  });

const writeToken = (token: Token): TokenEntry =>
  present<TokenEntry>({
    ...{ sha256: token.hash, project_id: token.projectId, domain_id: token.domainId, methods: token.methods },
    ...{ issued_at: written(token.issuedAt), expires_at: writtenOrNull(token.expiresAt) },
    assumed_by: token.assumedBy,
  });

function writeKey(key: Key, groups: OfKeys): KeyEntry {
  const isPair = keySpecs[key.spec as KeySpecName].kind === 'asymmetric';
  return present<KeyEntry>({
    ...{ id: key.id, name: key.name, description: key.description || null },
    ...{ spec: key.spec as KeySpecName, usage: key.usage as KeyUsage, state: stateNames[key.state] },
    ...{ origin: key.origin, enterprise_project_id: key.enterpriseProjectId, created_at: written(key.createdAt) },
    ...{ deletion_at: writtenOrNull(key.deletionAt), expires_at: writtenOrNull(key.expiresAt) },
    ...{ rotation_interval: key.rotationDays, next_rotation_at: writtenOrNull(key.nextRotationAt) },
    ...{ last_rotation_at: writtenOrNull(key.lastRotationAt), imported_sha256: key.importedHash },
    material_version: key.materialVersion || null,
    public_key_pem: key.publicKey && pem('PUBLIC KEY', key.publicKey),
    materials: inOrder(groups.materials.get(key.id), ({ version }) => version, isPair ? writePrivateKey : writeSecret),
    aliases: inOrder(groups.aliases.get(key.id), ({ alias }) => alias, writeAlias),
    tags: inOrder(
      groups.tags.get(key.id),
      (tag) => tag.key,
      (tag) => ({ key: tag.key, value: tag.value }),
    ),
    grants: inOrder(groups.grants.get(key.id), idOf, writeGrant),
    import_tickets: inOrder(groups.tickets.get(key.id), ({ hash }) => hash, writeTicket),
  });
}

const writePrivateKey = ({ version, secret }: Material): MaterialEntry => ({
  version,
  private_key_pem: pem('PRIVATE KEY', secret),
});

const writeSecret = ({ version, secret }: Material): MaterialEntry => ({
  version,
  secret_hex: Buffer.from(secret).toString('hex'),
});

const writeAlias = ({ alias, createdAt, updatedAt }: Alias): AliasEntry => ({
  alias,
  created_at: written(createdAt),
  updated_at: written(updatedAt),
});

const writeGrant = (grant: Grant): GrantEntry =>
  present<GrantEntry>({
    ...{ id: grant.id, name: grant.name || null, grantee: grant.grantee, grantee_type: grant.granteeType },
    ...{ operations: grant.operations, issuer: grant.issuer || null },
    ...{ retiring_principal: grant.retiringPrincipal || null, created_at: written(grant.createdAt) },
  });

const writeTicket = ({ hash, algorithm, privateKey, expiresAt }: ImportTicket): TicketEntry => ({
  ...{ sha256: hash, algorithm, private_key_pem: pem('PRIVATE KEY', privateKey), expires_at: written(expiresAt) },
});
