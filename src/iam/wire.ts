import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { components } from '../contract/openapi.ts';
import type { Domain, Project, TokenDetails, UserDetails } from '../store/store.ts';

type Schemas = components['schemas'];
type Item<List extends readonly unknown[]> = List[number];

/** A service in the catalogue; `{project_id}` in its path stands for the token's project, without which the entry is left out. */
export interface CatalogService {
  readonly type: string;
  readonly name: string;
  readonly path: string;
}

/** A token that does not expire still needs a date: clients compute with it. */
const NEVER = '9999-12-31T23:59:59.000000Z';

export function tokenBody(token: TokenDetails, catalog: Schemas['CatalogEntry'][]): Schemas['TokenResponse'] {
  const { user, project, domain, assumer } = token;
  const issuedAt = instant(token.issuedAt);
  return {
    token: {
      expires_at: token.expiresAt === null ? NEVER : instant(token.expiresAt),
      issued_at: issuedAt,
      methods: [...token.methods],
      ...(token.methods.includes('totp') && { mfa_authn_at: issuedAt }),
      catalog,
      roles: [{ id: '0', name: 'te_admin' }],
      ...(project && { project }),
      ...(domain && { domain }),
      user: { ...ownedBody(user), password_expires_at: '' },
      ...(assumer && { assumed_by: { user: ownedBody(assumer) } }),
    },
  };
}

const ownedBody = ({ id, name, domain }: Omit<UserDetails, 'permissions'>): Schemas['Owned'] => ({ id, name, domain });

/** What the services are and where, for a caller of this project, or of none. */
export const catalogEntries = (
  services: readonly CatalogService[],
  projectId: string | undefined,
  region: string,
  baseUrl: string,
): Schemas['CatalogEntry'][] =>
  services
    .filter(({ path }) => projectId !== undefined || !path.includes('{project_id}'))
    .map(({ type, name, path }) => {
      const url = `${baseUrl}${path.replace('{project_id}', projectId ?? '')}`;
      const endpoint = { id: idOf(`endpoint ${type}`), interface: 'public', region, region_id: region, url };
      return { id: idOf(`service ${type}`), type, name, endpoints: [endpoint] };
    });

export const projectBody = ({ id, name, domainId }: Project, baseUrl: string): Schemas['Project'] => ({
  ...{ id, name, domain_id: domainId, parent_id: domainId },
  ...{ is_domain: false, enabled: true, description: '' },
  links: { self: `${baseUrl}/v3/projects/${id}` },
});

export const projectsBody = (
  projects: readonly Project[],
  baseUrl: string,
  links: Schemas['ListLinks'],
): Schemas['ProjectsResponse'] => ({ projects: projects.map((project) => projectBody(project, baseUrl)), links });

export const domainBody = ({ id, name }: Domain, baseUrl: string): Item<Schemas['DomainsResponse']['domains']> => ({
  ...{ id, name, enabled: true, description: '' },
  links: { self: `${baseUrl}/v3/domains/${id}` },
});

export const regionBody = (region: string, baseUrl: string): Item<Schemas['RegionsResponse']['regions']> => ({
  ...{ id: region, type: 'public', description: '', parent_region_id: null, locales: { 'en-us': region } },
  links: { self: `${baseUrl}/v3/regions/${region}` },
});

/** The links of a list that has one page. */
export function linksOf(url: string, query: Readonly<Record<string, string>> = {}): Schemas['ListLinks'] {
  const asked = new URLSearchParams(query).toString();
  return { self: asked === '' ? url : `${url}?${asked}`, previous: null, next: null };
}

/** 32 hex digits that stay the same. */
const idOf = (name: string): string => bytesToHex(sha256(utf8ToBytes(name))).slice(0, 32);

/** UTC with six decimals, as Keystone writes it; from milliseconds since 1970. */
export const instant = (milliseconds: number): string => new Date(milliseconds).toISOString().replace('Z', '000Z');
