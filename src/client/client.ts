/**
 * A client for Signet, and for the services that it stands in for: `import { createClient } from 'signet-kms/client'`. It needs nothing but
 * `fetch`, so it works in Node.js from version 20 on as well as in browsers.
 */
import type { CallOptions, OperationId, Operations } from './operation-types.ts';
import { operationIds, requestFor, routeOf } from './requests.ts';
import { readRefusal, SignetError } from './signet-error.ts';

export type { Answer, Arguments, CallOptions, Operation, OperationId, Operations } from './operation-types.ts';
export { SignetError, type RefusalDetails } from './signet-error.ts';

/** As much of `fetch` as the client uses. */
export type Fetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly signal?: AbortSignal;
  },
) => Promise<{
  readonly status: number;
  readonly headers: { readonly get: (name: string) => string | null };
  readonly text: () => Promise<string>;
}>;

export interface ClientOptions {
  /** Scheme, host and port, and a path where Signet has one in front of its own, such as `http://127.0.0.1:5670`. */
  readonly url: string;
  /** The project whose keys are meant where a call names no other. */
  readonly projectId?: string | undefined;
  /** What goes into X-Auth-Token. */
  readonly token?: string | undefined;
  /**
   * What goes into X-Signet-Token, for `/_signet` on another machine. With it the emulator's operations are asked as its admin; with a
   * token alone they show what belongs to the token's project, and with neither, on the same machine, everything.
   */
  readonly adminToken?: string | undefined;
  /** In the place of the global `fetch`. */
  readonly fetch?: Fetch | undefined;
}

/**
 * Operations by service and name, as openapi.yaml has them. Each takes the parameters of path, query and body in one object, and gives the
 * body of the answer.
 * @throws SignetError from each of them when the answer is a refusal
 */
export interface Client {
  /** Without a slash at the end. */
  readonly url: string;
  readonly projectId: string | undefined;
  readonly token: string | undefined;
  /** Keys, signatures, data keys and all else of the KMS. */
  readonly kms: Operations<'kms'>;
  /** Tokens, projects and regions. */
  readonly iam: Operations<'iam'>;
  /** Temporary access keys. */
  readonly credentials: Operations<'credentials'>;
  /** API Gateway: signature keys, and the APIs that are signed with them; in its current generation, V2. */
  readonly apigw: Operations<'apigw'>;
  /** What no cloud has: clock, faults, journal, explanations, snapshots. */
  readonly emulator: Operations<'emulator'>;
  /** The same client with another token, or with none. */
  readonly withToken: (token: string | undefined) => Client;
  /** The same client for another project. */
  readonly withProject: (projectId: string | undefined) => Client;
}

/** Asks nothing yet, and so fails only where the URL is none. @throws TypeError */
export function createClient(options: ClientOptions): Client {
  const url = new URL(options.url).href.replace(/\/+$/, '');
  const services: Record<string, Record<string, unknown>> = {};
  for (const id of operationIds) {
    const [service = '', name = ''] = id.split('.');
    (services[service] ??= {})[name] = (args?: object, call?: CallOptions) =>
      ask({ ...options, url }, id, { ...args }, call);
  }
  return {
    url,
    projectId: options.projectId,
    token: options.token,
    // Each operation has the types that its name has in the contract.
    ...(services as unknown as Pick<Client, 'kms' | 'iam' | 'credentials' | 'apigw' | 'emulator'>),
    withToken: (token) => createClient({ ...options, token }),
    withProject: (projectId) => createClient({ ...options, projectId }),
  };
}

/** Who logs in, with a password. */
export interface Login extends Pick<ClientOptions, 'url' | 'adminToken' | 'fetch'>, CallOptions {
  /** The user's name. */
  readonly user: string;
  readonly password: string;
  /** The name of the user's domain. */
  readonly domain: string;
  /** The name of a project of that domain. */
  readonly project: string;
}

/** Fetches a token for a project, and gives a client with both. @throws SignetError when the login is refused */
export async function logIn({ user, password, domain, project, signal, ...options }: Login): Promise<Client> {
  const client = createClient(options);
  const identity = { methods: ['password'], password: { user: { name: user, password, domain: { name: domain } } } };
  const scope = { project: { name: project, domain: { name: domain } } };
  const answer = await client.iam.issueToken({ auth: { identity, scope }, nocatalog: '1' }, { signal });
  return createClient({ ...options, token: answer['X-Subject-Token'], projectId: answer.token.project?.id });
}

async function ask(
  client: ClientOptions,
  operation: OperationId,
  args: Readonly<Record<string, unknown>>,
  { signal }: CallOptions = {},
): Promise<unknown> {
  const { fetch = globalThis.fetch.bind(globalThis) } = client;
  const ofProject = /^(?:kms|apigw)\./.test(operation) && routeOf(operation).path.includes('{project_id}');
  const { method, path, headers, body } = requestFor(
    operation,
    ofProject && args['project_id'] === undefined ? { ...args, project_id: client.projectId } : args,
  );
  const response = await fetch(client.url + path, {
    method,
    headers: { ...headers, ...credentials(client, operation) },
    ...(body !== undefined && { body }),
    ...(signal && { signal }),
  });
  const type = response.headers.get('Content-Type') ?? '';
  const content = parsed(await response.text(), type);
  if (response.status >= 200 && response.status < 300) return withHeaders(operation, content, response.headers);
  const { requestId, ...refusal } = readRefusal(content);
  throw new SignetError({
    ...{ operation, status: response.status, ...refusal, body: content },
    requestId: response.headers.get('X-Request-Id') ?? requestId,
  });
}

function credentials({ token, adminToken }: ClientOptions, operation: OperationId): Record<string, string> {
  if (adminToken !== undefined && operation.startsWith('emulator.')) return { 'X-Signet-Token': adminToken };
  return token === undefined ? {} : { 'X-Auth-Token': token };
}

/** What is called JSON and is none stays text: somebody between here and Signet may have spoken. */
function parsed(text: string, type: string): unknown {
  if (text === '') return undefined;
  if (!type.includes('json')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function withHeaders(
  operation: OperationId,
  body: unknown,
  headers: { readonly get: (name: string) => string | null },
): unknown {
  const { answerHeaders } = routeOf(operation);
  if (answerHeaders.length === 0) return body;
  return Object.assign({}, body, ...answerHeaders.map((name) => ({ [name]: headers.get(name) ?? '' }))) as unknown;
}
