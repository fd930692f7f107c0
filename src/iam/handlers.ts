import type { Caller } from '../contract/caller.ts';
import type { components } from '../contract/openapi.ts';
import type { Handlers } from '../contract/operations.ts';
import type { Store, TokenDetails } from '../store/store.ts';
import { authenticate, findScope } from './credentials.ts';
import { iamRefusals as refusals } from './errors.ts';
import type { Tokens } from './tokens.ts';
import { tokenBody, type CatalogService } from './wire.ts';

export interface IamOptions {
  readonly store: Store;
  readonly tokens: Tokens;
  readonly region: string;
  readonly catalog: readonly CatalogService[];
}

/** The header that carries the token which a request or an answer is about. */
const SUBJECT = 'X-Subject-Token';

export function iamHandlers({ store, tokens, region, catalog }: IamOptions): Handlers<'iam', Caller> {
  const body = (details: TokenDetails, query: { nocatalog?: string } | undefined, baseUrl: string) =>
    tokenBody(details, query?.nocatalog ? [] : catalog, region, baseUrl);

  /** The subject token and what it stands for. */
  const subject = async (header: (name: string) => string | undefined): Promise<[string, TokenDetails]> => {
    const secret = header(SUBJECT) ?? '';
    return [secret, await tokens.checkOr(refusals.invalidSubjectToken, secret)];
  };

  return {
    async issueToken({ body: { auth }, query, baseUrl }) {
      const { user, expiresAt } = await authenticate(auth.identity, store, tokens);
      const scope = await findScope(store, user, auth.scope);
      const { secret, details } = await tokens.issue(user.id, scope, auth.identity.methods, expiresAt);
      return { body: body(details, query, baseUrl), headers: { [SUBJECT]: secret } };
    },

    async showToken({ header, query, baseUrl }) {
      const [secret, details] = await subject(header);
      return { body: body(details, query, baseUrl), headers: { [SUBJECT]: secret } };
    },

    async checkToken({ header }) {
      const [secret] = await subject(header);
      return { body: undefined, headers: { [SUBJECT]: secret } };
    },

    async revokeToken({ header }) {
      const [secret] = await subject(header);
      await tokens.revoke(secret);
      return { body: undefined };
    },

    showVersion({ baseUrl }) {
      return Promise.resolve({ body: { version: iamVersion(baseUrl) } });
    },
  };
}

/** Source: an answer recorded from the real service. */
export const iamVersion = (baseUrl: string): components['schemas']['Version'] => ({
  id: 'v3.6',
  status: 'stable',
  updated: '2016-04-04T00:00:00Z',
  links: [{ rel: 'self', href: `${baseUrl}/v3/` }],
  'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
});
