/** One operation of the contract as a request of somebody's. */
import { contract, methods, operationIds } from '../../src/contract/document.ts';
import { sign } from '../support/sdk-signer.ts';
import { signed } from '../support/oci-signer.ts';
import type { Belongings } from './belongings.ts';

/** What a request says: parameters of the path that the place does not say, the query, headers, and the body. */
export interface Attempt {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

export interface Described {
  readonly id: string;
  readonly method: string;
  readonly template: string;
  /** Undefined for an operation of a vendor. */
  readonly door: string | undefined;
  readonly asksNobody: boolean;
  readonly isOci: boolean;
}

const all: ReadonlyMap<string, Described> = new Map(
  Object.entries(contract.paths).flatMap(([template, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      if (operation === undefined) return [];
      const { operationId: id, security = contract.security } = operation;
      const isOwn = id.startsWith('emulator.');
      const row: Described = {
        ...{ id, method, template, door: isOwn ? (operation['x-door'] ?? 'admin') : undefined },
        ...{ asksNobody: !isOwn && security.length === 0, isOci: id.startsWith('oci.') },
      };
      return [[id, row] as const];
    }),
  ),
);

export const operations: readonly Described[] = operationIds.map((id) => all.get(id)!);

/** Where an operation may be asked for: of whom the parts of its path are that name a project, or its gateway. */
export type Place = Readonly<Record<string, string>>;

/** In the caller's own place, in the other one's, and half in each. */
export function placesOf({ template, id }: Described, of: Belongings, own: Belongings): readonly Place[] {
  const place = (project_id: string, instance_id: string) => ({ project_id, instance_id });
  if (template.includes('{instance_id}'))
    return [
      place(own.projectId, own.gatewayId),
      place(own.projectId, of.gatewayId),
      place(of.projectId, of.gatewayId),
      place(of.projectId, own.gatewayId),
    ];
  // The shared gateway has no project in its path: a signature says it in a header.
  if (template.includes('{project_id}') || id.startsWith('apigwShared.'))
    return [place(own.projectId, own.gatewayId), place(of.projectId, of.gatewayId)];
  return [place('', '')];
}

/** How a request says who sends it. */
export type Credential = 'token' | 'access key' | 'OCI API key';

export const credentialsOf = ({ isOci }: Described): readonly Credential[] =>
  isOci ? ['OCI API key', 'token', 'access key'] : ['token', 'access key'];

export interface Sent {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export function requestOf(
  { method, template }: Described,
  place: Place,
  { path = {}, query = {}, headers = {}, body }: Attempt,
): Sent {
  const values = { ...place, ...path };
  const route = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? 'none'));
  const search = new URLSearchParams(query).toString();
  return {
    method: method.toUpperCase(),
    target: search === '' ? route : `${route}?${search}`,
    headers: { ...headers, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  };
}

/** The request with the credential of this project. */
export function asSentBy(
  { method, target, headers, body }: Sent,
  who: Belongings,
  credential: Credential,
  place: Place,
  url: string,
): Sent {
  const { host } = new URL(url);
  if (credential === 'token') return { method, target, body, headers: { ...headers, 'X-Auth-Token': who.token } };
  if (credential === 'OCI API key') {
    const asking = signed({ method, target, ...(body !== undefined && { body }) }, who.oci, host, Date.now());
    const names = asking.headers ?? [];
    const pairs = names.flatMap((name, index) => (index % 2 === 0 ? [[name, names[index + 1] ?? ''] as const] : []));
    return {
      method,
      target,
      body: asking.body === undefined ? undefined : String(asking.body),
      headers: Object.fromEntries(pairs),
    };
  }
  const { project_id: inPlace = '' } = place;
  const withProject = inPlace === '' ? headers : { ...headers, 'X-Project-Id': inPlace };
  const all = sign({
    ...{ method, target, at: Date.now(), access: who.access, secret: who.secret },
    ...{ headers: { ...withProject, Host: host }, ...(body !== undefined && { body }) },
  });
  // The client says it itself.
  Reflect.deleteProperty(all, 'Host');
  return { method, target, body, headers: all };
}

export interface Came {
  readonly status: number;
  /** Headers and body. */
  readonly text: string;
  readonly body: string;
}

export async function sendTo(url: string, { method, target, headers, body }: Sent): Promise<Came> {
  const answer = await fetch(url + target, { method, headers, ...(body !== undefined && { body }) });
  const text = await answer.text();
  return { status: answer.status, body: text, text: `${JSON.stringify([...answer.headers])}\n${text}` };
}
