import type { Caller } from '../contract/caller.ts';
import type { components } from '../contract/openapi.ts';
import type { Handlers } from '../contract/operations.ts';
import { refusalOf, ServiceError } from '../errors.ts';
import type { TokenDetails } from '../store/store.ts';
import { authenticate, type ProofContext } from './credentials.ts';
import { iamRefusals as refusals } from './errors.ts';
import { findScope } from './scopes.ts';
import {
  catalogEntries,
  domainBody,
  linksOf,
  projectBody,
  projectsBody,
  regionBody,
  tokenBody,
  type CatalogService,
} from './wire.ts';

export interface IamOptions extends ProofContext {
  readonly region: () => string;
  readonly catalog: readonly CatalogService[];
}

type Schemas = components['schemas'];

/** What a call says of who asks, and of which token. */
interface Asked {
  readonly header: (name: string) => string | undefined;
  readonly caller: Caller;
}

/** The header that carries the token which a request or an answer is about. */
const SUBJECT = 'X-Subject-Token';

export function iamHandlers({ region, catalog, ...context }: IamOptions): Handlers<'iam', Caller> {
  const { store, tokens } = context;
  const body = (details: TokenDetails, query: { nocatalog?: string } | undefined, baseUrl: string) =>
    tokenBody(details, query?.nocatalog ? [] : catalogEntries(catalog, details.project?.id, region(), baseUrl));

  /** The subject token and what it stands for. One of another account is as good as none, unless the caller acts there. */
  const subject = async ({ header, caller }: Asked): Promise<[string, TokenDetails]> => {
    const secret = header(SUBJECT) ?? '';
    const details = await tokens.checkOr(refusals.invalidSubjectToken, secret);
    const isOwn = details.user.domain.id === caller.user.domain.id || details.assumedBy === caller.user.id;
    if (!isOwn) throw new ServiceError(refusals.invalidSubjectToken);
    return [secret, details];
  };

  return {
    async issueToken({ body: { auth }, query, baseUrl, caller }) {
      const proof = await authenticate(auth.identity, context, caller);
      const scope = await findScope(store, proof.user, auth.scope);
      const { secret, details } = await tokens.issue(proof, scope, auth.identity.methods);
      return { body: body(details, query, baseUrl), headers: { [SUBJECT]: secret } };
    },

    async showToken({ query, baseUrl, ...asked }) {
      const [secret, details] = await subject(asked);
      return { body: body(details, query, baseUrl), headers: { [SUBJECT]: secret } };
    },

    async checkToken(asked) {
      const [secret] = await subject(asked);
      return { body: undefined, headers: { [SUBJECT]: secret } };
    },

    async revokeToken(asked) {
      const [secret] = await subject(asked);
      await tokens.revoke(secret);
      return { body: undefined };
    },

    async listCatalog({ caller, baseUrl }) {
      const links = { self: `${baseUrl}/v3/auth/catalog` };
      return { body: { catalog: catalogEntries(catalog, caller.project?.id, region(), baseUrl), links } };
    },

    async listProjects({ query, caller, baseUrl }) {
      const { name, domain_id, parent_id, enabled, is_domain } = query;
      const domainId = caller.user.domain.id;
      const isElsewhere = [domain_id, parent_id].some((id) => id && id !== domainId);
      const none = isElsewhere || saysNo(enabled) || saysYes(is_domain);
      const projects = none ? [] : await store.identity.projects({ domainId, ...(name !== undefined && { name }) });
      const links = linksOf(`${baseUrl}/v3/projects`, query);
      return { body: projectsBody(projects, baseUrl, links) };
    },

    async showProject({ path: { id }, caller, baseUrl }) {
      const [project] = await store.identity.projects({ id, domainId: caller.user.domain.id });
      if (project === undefined) throw refusalOf(refusals.noSuchProject, id);
      return { body: { project: projectBody(project, baseUrl) } };
    },

    async listOwnProjects({ caller, baseUrl }) {
      const projects = await store.identity.projects({ domainId: caller.user.domain.id });
      return { body: projectsBody(projects, baseUrl, linksOf(`${baseUrl}/v3/auth/projects`)) };
    },

    async listUserProjects({ path: { id }, caller, baseUrl }) {
      const [user] = await store.identity.users({ id });
      if (user?.domainId !== caller.user.domain.id) throw refusalOf(refusals.noSuchUser, id);
      const projects = await store.identity.projects({ domainId: user.domainId });
      return { body: projectsBody(projects, baseUrl, linksOf(`${baseUrl}/v3/users/${id}/projects`)) };
    },

    async listOwnDomains({ query, caller, baseUrl }) {
      const domains = [caller.user.domain].filter(({ name }) => query.name === undefined || query.name === name);
      const links = linksOf(`${baseUrl}/v3/auth/domains`, query);
      return { body: { domains: domains.map((domain) => domainBody(domain, baseUrl)), links } };
    },

    async listRegions({ baseUrl }) {
      return { body: { regions: [regionBody(region(), baseUrl)], links: linksOf(`${baseUrl}/v3/regions`) } };
    },

    async showVersion({ baseUrl }) {
      return { body: { version: iamVersion(baseUrl) } };
    },
  };
}

/** As Keystone reads a filter; an empty one is none. */
const saysNo = (text = ''): boolean => ['false', '0'].includes(text.toLowerCase());
const saysYes = (text = ''): boolean => text !== '' && !saysNo(text);

/** Source: an answer recorded from the real service. */
export const iamVersion = (baseUrl: string): Schemas['Version'] => ({
  id: 'v3.6',
  status: 'stable',
  updated: '2016-04-04T00:00:00Z',
  links: [{ rel: 'self', href: `${baseUrl}/v3/` }],
  'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
});
