import type { components } from '../../src/contract/openapi.ts';
import { send, type Answer, type Method } from '../support/http.ts';
import { domain, project, user } from '../support/identity.ts';

export type TokenBody = components['schemas']['TokenResponse'];

const path = '/v3/auth/tokens';

export interface IamClient {
  /** Asks for a token; the body goes as it is. */
  readonly post: (body: unknown, query?: string, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
  /** Asks about a token, as its bearer or as another one. */
  readonly about: (method: Method, subject: string, bearer?: string, query?: string) => Promise<Answer>;
  /** A token for a password, and what the answer says of it. */
  readonly issue: (scope?: unknown) => Promise<{ secret: string; token: TokenBody['token'] }>;
}

export function iamClient(url: string): IamClient {
  const post: IamClient['post'] = (body, query = '', headers = {}) =>
    send(url, 'post', `${path}${query}`, { body, headers: { 'Content-Type': 'application/json', ...headers } });
  return {
    post,
    about: (method, subject, bearer = subject, query = '') =>
      send(url, method, `${path}${query}`, { headers: { 'X-Auth-Token': bearer, 'X-Subject-Token': subject } }),
    async issue(scope = { project: { id: project.id } }) {
      const answer = await post(withPassword({}, scope));
      if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
      return { secret: answer.headers['x-subject-token']!, token: (answer.body as TokenBody).token };
    },
  };
}

/** The request of a user of the default seed, by name and domain unless said otherwise. */
export const withPassword = (who: object = {}, scope?: unknown): object => ({
  auth: {
    identity: {
      methods: ['password'],
      password: { user: { name: user.name, password: user.password, domain: { name: domain.name }, ...who } },
    },
    ...(scope !== undefined && { scope }),
  },
});

export const withToken = (id: unknown, scope?: unknown): object => ({
  auth: { identity: { methods: ['token'], token: { id } }, ...(scope !== undefined && { scope }) },
});

/** The request of an access key. */
export const withPair = (access: unknown, secret: unknown, scope?: unknown): object => ({
  auth: {
    identity: { methods: ['hw_ak_sk'], hw_ak_sk: { access: { key: access }, secret: { key: secret } } },
    ...(scope !== undefined && { scope }),
  },
});
