import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { components } from '../contract/openapi.ts';
import type { TokenDetails } from '../store/store.ts';

type Schemas = components['schemas'];

/** A service in the catalogue; `{project_id}` in its path stands for the token's project, without which the entry is left out. */
export interface CatalogService {
  readonly type: string;
  readonly name: string;
  readonly path: string;
}

/** A token that does not expire still needs a date: clients compute with it. */
const NEVER = '9999-12-31T23:59:59.000000Z';

export function tokenBody(
  token: TokenDetails,
  services: readonly CatalogService[],
  region: string,
  baseUrl: string,
): Schemas['TokenResponse'] {
  const { user, project, domain } = token;
  return {
    token: {
      expires_at: token.expiresAt === null ? NEVER : instant(token.expiresAt),
      issued_at: instant(token.issuedAt),
      methods: [...token.methods],
      catalog: services.flatMap((service) => catalogEntry(service, project?.id, region, baseUrl)),
      roles: [{ id: '0', name: 'te_admin' }],
      ...(project && { project }),
      ...(domain && { domain }),
      user: { ...user, password_expires_at: '' },
    },
  };
}

function catalogEntry(
  { type, name, path }: CatalogService,
  projectId: string | undefined,
  region: string,
  baseUrl: string,
): Schemas['CatalogEntry'][] {
  if (path.includes('{project_id}') && projectId === undefined) return [];
  const url = `${baseUrl}${path.replace('{project_id}', projectId ?? '')}`;
  const endpoint = { id: idOf(`endpoint ${type}`), interface: 'public', region, region_id: region, url };
  return [{ id: idOf(`service ${type}`), type, name, endpoints: [endpoint] }];
}

/** 32 hex digits that stay the same. */
const idOf = (name: string): string => bytesToHex(sha256(utf8ToBytes(name))).slice(0, 32);

/** UTC with six decimals, as Keystone writes it. */
const instant = (milliseconds: number): string => new Date(milliseconds).toISOString().replace('Z', '000Z');
