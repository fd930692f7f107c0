/** What an explanation may look at, and no more than whoever asks may see. */
import type { ContractDocument } from '../../contract/document.ts';
import { methods } from '../../contract/document.ts';
import type { Caller } from '../../contract/caller.ts';
import type { AccessKeyDetails, Store } from '../../store/store.ts';

/** Access keys of a domain, and of all, that are looked at; so many projects, too. */
const MOST_KEYS = 100;
const MOST_PROJECTS = 20;

/** Who asks: somebody with a project's token, or the admin, who sees all. */
export interface Asker {
  readonly domainId: string;
}

export const maySee = (asker: Asker | undefined, { user }: Pick<AccessKeyDetails | Caller, 'user'>): boolean =>
  asker === undefined || user.domain.id === asker.domainId;

export interface KnownKeys {
  /** Those that whoever asks may see. */
  readonly visible: readonly AccessKeyDetails[];
  /** Of all, also of those that are not to be seen: so that none is shown. */
  readonly secrets: readonly string[];
}

/** Keys of this domain come first. */
export async function knownKeys(
  store: Store,
  asker: Asker | undefined,
  domainId: string | undefined,
): Promise<KnownKeys> {
  const first = asker?.domainId ?? domainId;
  const own = first === undefined ? [] : await store.identity.accessKeys({ domainId: first }, MOST_KEYS);
  const all = await store.identity.accessKeys({}, MOST_KEYS);
  const known = [...new Map([...own, ...all].map((key) => [key.access, key])).values()];
  return { visible: known.filter((key) => maySee(asker, key)), secrets: known.map(({ secret }) => secret) };
}

export async function knownProjects(store: Store, asker: Asker | undefined, domainId: string): Promise<string[]> {
  if (asker !== undefined && asker.domainId !== domainId) return [];
  const projects = await store.identity.projects({ domainId });
  return projects.slice(0, MOST_PROJECTS).map(({ id }) => id);
}

/** Method and path of the vendors' operations that such names fit into. */
export const operationsWith = (
  { paths }: ContractDocument,
  params: Readonly<Record<string, string>>,
): (readonly [method: string, path: string])[] =>
  Object.entries(paths).flatMap(([path, item]) => {
    const filled = path.replaceAll(/\{(\w+)\}/g, (name, key: string) => params[key] ?? name);
    if (filled.includes('{') || filled.startsWith('/_signet')) return [];
    return methods.filter((method) => item[method]).map((method) => [method.toUpperCase(), filled] as const);
  });
