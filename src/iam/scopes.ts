import type { components } from '../contract/openapi.ts';
import { ServiceError } from '../errors.ts';
import type { Store, User } from '../store/store.ts';
import { iamRefusals as refusals } from './errors.ts';
import type { Scope } from './tokens.ts';

type Schemas = components['schemas'];

/** The one that is there, where there is one and no other. */
export const only = <T>(list: readonly T[]): T | undefined => (list.length === 1 ? list[0] : undefined);

/** The domain's id, or one that no domain has; undefined for none in particular, which clients also call "default". */
export async function findDomainId(store: Store, { id, name }: Schemas['NameOrId']): Promise<string | undefined> {
  if (id !== undefined) return id === 'default' ? undefined : id;
  return name === undefined ? undefined : ((await store.identity.domain({ name }))?.id ?? '');
}

/**
 * What the token is to be for. A user may enter every project of its own domain; where both a project and a domain are asked for, the
 * project counts. Clients that know no domain send the id "default" and mean the user's own.
 * @throws ServiceError 401 for a scope that does not exist or is not the user's
 */
export async function findScope(
  store: Store,
  user: Pick<User, 'domainId'>,
  scope: Schemas['AuthScope'] | undefined,
): Promise<Scope> {
  const ownDomain = async (named: Schemas['NameOrId'] | undefined): Promise<string> => {
    const id = named && (await findDomainId(store, named));
    if (id !== undefined && id !== user.domainId) throw new ServiceError(refusals.unauthorized);
    return user.domainId;
  };
  if (scope?.project !== undefined) {
    const { id, name, domain } = scope.project;
    if (id === undefined && name === undefined) throw new ServiceError(refusals.illegalRequest);
    const domainId = await ownDomain(domain);
    const wanted = { ...(id !== undefined && { id }), ...(name !== undefined && { name }), domainId };
    const project = only(await store.identity.projects(wanted));
    if (project === undefined) throw new ServiceError(refusals.unauthorized);
    return { projectId: project.id, domainId: null };
  }
  if (scope?.domain !== undefined) return { projectId: null, domainId: await ownDomain(scope.domain) };
  return { projectId: null, domainId: null };
}
