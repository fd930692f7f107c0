import type { Caller } from '../contract/caller.ts';
import type { components } from '../contract/openapi.ts';
import type { Handlers } from '../contract/operations.ts';
import { RequestFault, ServiceError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { AccessKeys } from './access-keys.ts';
import { findAgency } from './agencies.ts';
import { hasCredential } from './authenticator.ts';
import { credentialsRefusals as refusals } from './errors.ts';
import type { Tokens } from './tokens.ts';
import { instant } from './wire.ts';

type Identity = components['schemas']['TemporaryIdentity'];

export interface CredentialOptions {
  readonly store: Store;
  readonly tokens: Tokens;
  readonly accessKeys: AccessKeys;
}

/** Who is to have the key, by id, and for how many seconds. */
type Holder = (
  identity: Identity,
  caller: Caller | undefined,
  isCredentialSent: boolean,
) => Promise<[userId: string, lifetime: number | undefined]>;

/** Seconds that a temporary key is valid unless the client says otherwise. */
const LIFETIME = 15 * 60;

export function credentialHandlers(options: CredentialOptions): Handlers<'credentials', Caller> {
  const { accessKeys, store, tokens } = options;

  /** By the name of the method. */
  const holders: Readonly<Record<string, Holder>> = {
    async token({ token }, caller, isCredentialSent) {
      // The request's own credential goes before a token in the body, even when it is refused.
      if (caller === undefined && (isCredentialSent || token?.id === undefined)) throw new RequestFault('tokenMissing');
      const { user } = caller ?? (await tokens.check(token?.id ?? ''));
      return [user.id, token?.duration_seconds];
    },

    async assume_role({ assume_role: role }, caller) {
      const agency = await findAgency(store, caller, role);
      if (agency === undefined) throw new ServiceError(refusals.forbidden);
      return [agency.id, role?.duration_seconds];
    },
  };

  return {
    async issueTemporaryAccessKey({ body: { auth }, caller, header }) {
      const [method = '', ...more] = auth.identity.methods;
      const holder = more.length === 0 && Object.hasOwn(holders, method) ? holders[method] : undefined;
      if (holder === undefined) throw new RequestFault('parameterInvalid', 'methods');
      const [userId, lifetime = LIFETIME] = await holder(auth.identity, caller, hasCredential(header));
      const { access, secret, securityToken, expiresAt } = await accessKeys.issueTemporary(userId, lifetime);
      return { body: { credential: { access, secret, securitytoken: securityToken, expires_at: instant(expiresAt) } } };
    },
  };
}
