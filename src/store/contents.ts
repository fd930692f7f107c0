/** All that a store holds but its documents, as plain data: to be written to a file, and to begin again with. */
import type {
  Api,
  ApiGroup,
  Environment,
  Gateway,
  Publication,
  SignatureBinding,
  SignatureKey,
} from './gateway-store.ts';
import type { AccessKeyDetails, Domain, Project, Token, User } from './identity-store.ts';
import type { Alias, Grant, ImportTicket, KeyTag } from './key-belongings.ts';
import type { Key } from './key-store.ts';
import type { OciApiKey, OciDeployment, OciRetry, OciTenancy, OciUser } from './oci-store.ts';

/** An access key, and how often in a row it failed. */
export type CountedAccessKey = Omit<AccessKeyDetails, 'user'>;

export interface Material {
  readonly keyId: string;
  readonly version: number;
  /** PKCS#8 DER of a private key, or the bytes of a secret key; in clear here, sealed at rest. */
  readonly secret: Uint8Array;
}

export interface Contents extends GatewayContents, OciContents {
  readonly region: string;
  readonly domains: readonly Domain[];
  readonly projects: readonly Project[];
  readonly users: readonly User[];
  readonly accessKeys: readonly CountedAccessKey[];
  readonly tokens: readonly Token[];
  readonly keys: readonly Key[];
  readonly materials: readonly Material[];
  readonly aliases: readonly Alias[];
  readonly tags: readonly KeyTag[];
  readonly grants: readonly Grant[];
  readonly importTickets: readonly ImportTicket[];
}

/** What API gateways know. */
export interface GatewayContents {
  readonly gateways: readonly Gateway[];
  readonly signatureKeys: readonly SignatureKey[];
  readonly environments: readonly Environment[];
  readonly apiGroups: readonly ApiGroup[];
  readonly apis: readonly Api[];
  readonly publications: readonly Publication[];
  readonly signatureBindings: readonly SignatureBinding[];
}

/** What belongs to no project. */
export interface OciContents {
  readonly ociTenancies: readonly OciTenancy[];
  readonly ociUsers: readonly OciUser[];
  readonly ociApiKeys: readonly OciApiKey[];
  readonly ociRetries: readonly OciRetry[];
  readonly ociDeployments: readonly OciDeployment[];
}

/** Each of these is one transaction, or part of the caller's. */
export interface ContentsStore {
  /** In no particular order. Of one project: that project, its domain, and whoever its tokens and agencies name. */
  read(projectId?: string): Promise<Contents>;
  /** Puts these in the place of everything. */
  replace(contents: Contents): Promise<void>;
  /**
   * Puts the project of these contents in the place of the one that is here, with its keys, what belongs to them, its gateways, and the
   * tokens for it.
   * Domains, users and access keys are shared: those that are missing are added, the others stay as they are.
   * @throws DuplicateName when something of another project has an id or a name of these contents
   */
  replaceProject(contents: Contents, projectId: string): Promise<void>;
}

const noOci = {
  ...{ ociTenancies: [], ociUsers: [], ociApiKeys: [], ociRetries: [], ociDeployments: [] },
} as const satisfies OciContents;

/** What there is without keys: gateways stay, but with nothing in them, and so do OCI users with what identifies them. */
export const noKeys = {
  ...{ keys: [], materials: [], aliases: [], tags: [], grants: [], importTickets: [] },
  ...{ signatureKeys: [], environments: [], apiGroups: [], apis: [], publications: [], signatureBindings: [] },
  ...{ ociRetries: [], ociDeployments: [] },
} as const satisfies Partial<Contents>;

/** What `read` gives of one project. */
export function contentsOf(all: Contents, projectId: string): Contents {
  const projects = all.projects.filter(({ id }) => id === projectId);
  const ofProject = (row: { readonly projectId: string | null }): boolean => row.projectId === projectId;
  const home = projects[0]?.domainId;
  const tokens = all.tokens.filter(ofProject);
  const named = new Set(tokens.flatMap(({ userId, assumedBy }) => [userId, assumedBy]));
  const users = all.users.filter(({ id, domainId }) => domainId === home || named.has(id));
  const domainIds = new Set(users.flatMap(({ domainId, trustedDomainId }) => [domainId, trustedDomainId]));
  const residents = new Set(users.filter(({ domainId }) => domainId === home).map(({ id }) => id));
  const keys = all.keys.filter(ofProject);
  const keyIds = new Set(keys.map(({ id }) => id));
  const ofKeys = ({ keyId }: { readonly keyId: string }): boolean => keyIds.has(keyId);
  return {
    region: all.region,
    domains: all.domains.filter(({ id }) => id === home || domainIds.has(id)),
    projects,
    users,
    accessKeys: all.accessKeys.filter(({ userId }) => residents.has(userId)),
    tokens,
    keys,
    materials: all.materials.filter(ofKeys),
    aliases: all.aliases.filter(ofKeys),
    tags: all.tags.filter(ofKeys),
    grants: all.grants.filter(ofKeys),
    importTickets: all.importTickets.filter(ofKeys),
    gateways: all.gateways.filter(ofProject),
    signatureKeys: all.signatureKeys.filter(ofProject),
    environments: all.environments.filter(ofProject),
    apiGroups: all.apiGroups.filter(ofProject),
    apis: all.apis.filter(ofProject),
    publications: all.publications.filter(ofProject),
    signatureBindings: all.signatureBindings.filter(ofProject),
    ...noOci,
  };
}
