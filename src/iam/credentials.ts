import type { Caller } from '../contract/caller.ts';
import type { components } from '../contract/openapi.ts';
import { nobodysPassword, verifyPassword } from '../crypto/passwords.ts';
import { ServiceError } from '../errors.ts';
import type { Store, User } from '../store/store.ts';
import type { AccessKeys } from './access-keys.ts';
import { findAgency } from './agencies.ts';
import { iamRefusals as refusals } from './errors.ts';
import { findDomainId, only } from './scopes.ts';
import type { Tokens } from './tokens.ts';

type Schemas = components['schemas'];
type Identity = Schemas['AuthIdentity'];

/** Who proved to be whom, and until when the proof holds. */
export interface Proof {
  readonly user: Pick<User, 'id' | 'domainId'>;
  readonly expiresAt: number | null;
  /** The id of the user who acts as this one, an agency. */
  readonly assumedBy: string | null;
}

export interface ProofContext {
  readonly store: Store;
  readonly tokens: Tokens;
  readonly accessKeys: AccessKeys;
  readonly now: () => number;
}

/** One way to prove who one is; throws ServiceError 400, 401 or 403, or RequestFault. */
type Method = (identity: Identity, context: ProofContext, caller: Caller | undefined) => Promise<Proof>;

const lasting = { expiresAt: null, assumedBy: null };

/** By the names of the methods that a client lists, in the order of the alphabet. */
const methods: Readonly<Record<string, Method>> = {
  async password(identity, { store }) {
    const user = await withPassword(identity, store);
    // A user with an MFA device gives a passcode, too.
    if (user.totpSecret !== null) throw new ServiceError(refusals.unauthorized);
    return { user, ...lasting };
  },

  async 'password+totp'(identity, { store, now }) {
    const { totp } = identity;
    if (totp === undefined) throw new ServiceError(refusals.illegalRequest);
    const user = await withPassword(identity, store);
    const { id = user.id, name = user.name, passcode } = totp.user;
    const isSame = id === user.id && name === user.name;
    if (!isSame || user.totpSecret === null || !(await isPasscode(passcode, user.totpSecret, now())))
      throw new ServiceError(refusals.unauthorized);
    return { user, ...lasting };
  },

  async token({ token }, { tokens }) {
    if (token === undefined) throw new ServiceError(refusals.illegalRequest);
    const { user, expiresAt, assumedBy } = await tokens.checkOr(refusals.unauthorized, token.id);
    return { user: { id: user.id, domainId: user.domain.id }, expiresAt, assumedBy };
  },

  async hw_ak_sk({ hw_ak_sk: pair }, { accessKeys }) {
    if (pair === undefined) throw new ServiceError(refusals.illegalRequest);
    const user = await accessKeys.checkPair(pair.access.key, pair.secret.key);
    if (user === undefined) throw new ServiceError(refusals.unauthorized);
    return { user: { id: user.id, domainId: user.domain.id }, ...lasting };
  },

  async assume_role({ assume_role: role }, { store }, caller) {
    const agency = await findAgency(store, caller, role);
    if (agency === undefined) throw new ServiceError(refusals.forbidden);
    return { user: agency, expiresAt: null, assumedBy: caller?.user.id ?? null };
  },
};

/** @throws ServiceError 400 when the method's part is missing, 401 when the proof fails or the method is unknown, 403 for an agency */
export async function authenticate(
  identity: Identity,
  context: ProofContext,
  caller: Caller | undefined,
): Promise<Proof> {
  const name = identity.methods.toSorted().join('+');
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method === undefined) throw new ServiceError(refusals.unsupportedMethod);
  return method(identity, context, caller);
}

async function withPassword({ password }: Identity, store: Store): Promise<User> {
  if (password === undefined) throw new ServiceError(refusals.illegalRequest);
  const user = await findUser(store, password.user);
  // An unknown user, and an agency, take as long as a wrong password.
  const isRight = await verifyPassword(
    password.user.password,
    user?.trustedDomainId === null ? user.passwordHash : nobodysPassword,
  );
  if (user === undefined || !isRight) throw new ServiceError(refusals.unauthorized);
  return user;
}

async function findUser(store: Store, { id, name, domain }: Schemas['PasswordUser']): Promise<User | undefined> {
  if (id !== undefined) return only(await store.identity.users({ id }));
  if (name === undefined) throw new ServiceError(refusals.illegalRequest);
  const home = domain && (await findDomainId(store, domain));
  return only(await store.identity.users({ name, ...(home !== undefined && { domainId: home }) }));
}

/** Whether these are the six digits of a virtual MFA device, now or half a minute before or after (RFC 6238). */
async function isPasscode(passcode: string, secret: string, timestamp: number): Promise<boolean> {
  const { Secret, TOTP } = await import('otpauth');
  return new TOTP({ secret: Secret.fromBase32(secret) }).validate({ token: passcode, timestamp, window: 1 }) !== null;
}
