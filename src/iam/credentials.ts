import type { components } from '../contract/openapi.ts';
import { nobodysPassword, verifyPassword } from '../crypto/passwords.ts';
import { ServiceError } from '../errors.ts';
import type { Project, Store, User } from '../store/store.ts';
import { iamRefusals as refusals } from './errors.ts';
import type { Scope, Tokens } from './tokens.ts';

type Schemas = components['schemas'];
type Identity = Schemas['AuthIdentity'];

/** Who proved to be whom, and until when the proof holds. */
export interface Proof {
  readonly user: Pick<User, 'id' | 'domainId'>;
  readonly expiresAt: number | null;
}

/** How a client may prove who it is, by the name of the method; each throws ServiceError 400 or 401. */
const methods: Readonly<Record<string, (identity: Identity, store: Store, tokens: Tokens) => Promise<Proof>>> = {
  async password({ password }, store) {
    if (password === undefined) throw new ServiceError(refusals.illegalRequest);
    const user = await findUser(store, password.user);
    // An unknown user takes as long as a wrong password.
    const isRight = await verifyPassword(password.user.password, user?.passwordHash ?? nobodysPassword);
    if (user === undefined || !isRight) throw new ServiceError(refusals.unauthorized);
    return { user, expiresAt: null };
  },

  async token({ token }, _store, tokens) {
    if (token === undefined) throw new ServiceError(refusals.illegalRequest);
    const { user, expiresAt } = await tokens.checkOr(refusals.unauthorized, token.id);
    return { user: { id: user.id, domainId: user.domain.id }, expiresAt };
  },
};

/** @throws ServiceError 400 when the method's part is missing, 401 when the proof fails or the method is unknown */
export async function authenticate(identity: Identity, store: Store, tokens: Tokens): Promise<Proof> {
  const [name = ''] = identity.methods;
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method === undefined || identity.methods.length > 1) throw new ServiceError(refusals.unsupportedMethod);
  return method(identity, store, tokens);
}

async function findUser(store: Store, { id, name, domain }: Schemas['PasswordUser']): Promise<User | undefined> {
  if (id !== undefined) return only(await store.identity.users({ id }));
  if (name === undefined) throw new ServiceError(refusals.illegalRequest);
  const home = domain && (await findDomainId(store, domain));
  return only(await store.identity.users({ name, ...(home !== undefined && { domainId: home }) }));
}

/** The domain's id, or one that no domain has; undefined for none in particular, which clients also call "default". */
async function findDomainId(store: Store, { id, name }: Schemas['NameOrId']): Promise<string | undefined> {
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
    const project: Project | undefined = only(await store.identity.projects(wanted));
    if (project === undefined) throw new ServiceError(refusals.unauthorized);
    return { projectId: project.id, domainId: null };
  }
  if (scope?.domain !== undefined) return { projectId: null, domainId: await ownDomain(scope.domain) };
  return { projectId: null, domainId: null };
}

const only = <T>(list: readonly T[]): T | undefined => (list.length === 1 ? list[0] : undefined);
