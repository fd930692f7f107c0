/** The request for a backend as it is before it is signed; text is a byte in each character. */
import { gatewayPlaneRefusals as refusals } from '../plane-refusals.ts';
import type { Addressed } from './addressing.ts';
import type { Call } from './call.ts';
import { decodedInQuery, encodedLength, written } from './encoding.ts';
import { planOf, type Changes, type ForwardingPlan, type PathPart } from './forwarding-plan.ts';
import type { ReceivedHead } from './received-head.ts';
import { CallRefused } from './refusing.ts';
import { queryValues, takeInputs, type Given } from './request-parameters.ts';
import type { Match } from './route-table.ts';

export interface BackendRequest {
  /** Path and query. */
  readonly target: string;
  /** Names and values by turns, without Host and Content-Length. */
  readonly fields: readonly string[];
}

type Values = readonly (readonly string[])[];

const none: Values = [];

/** @throws CallRefused for a parameter that is missing or not as the API wants it */
export function toBackend(call: Call, { path, query }: Addressed, head: ReceivedHead, match: Match): BackendRequest {
  const plan = planOf(call.publication.definition);
  const values = plan.inputs.length === 0 ? none : takeInputs(plan.inputs, givenIn(query, head, match));
  const { QUERY, HEADER } = plan.changes;
  const rest = path.slice(encodedLength(path, match.length));
  const whole = joined(pathFor(plan, call, values, match), rest);
  const asked = [plan.query, QUERY === undefined ? query : changedQuery(query, QUERY, call, values)];
  const parts = asked.filter((part) => part !== undefined);
  return {
    // Whoever verifies may take a plus for a plus.
    target: parts.length === 0 ? whole : `${whole}?${parts.join('&').replaceAll('+', '%20')}`,
    fields: HEADER === undefined ? head.fields : changedFields(head, HEADER, call, values),
  };
}

function givenIn(query: string | undefined, { names, fields }: ReceivedHead, match: Match): Given {
  let inQuery: ReadonlyMap<string, readonly string[]> | undefined;
  return {
    PATH: (key) => {
      const value = match.path.get(key);
      return value === undefined ? [] : [value];
    },
    QUERY: (key) => (inQuery ??= queryValues(query)).get(key) ?? [],
    HEADER: (key) => names.flatMap((name, index) => (name === key ? (fields[2 * index + 1] ?? '') : [])),
  };
}

function pathFor({ path }: ForwardingPlan, call: Call, values: Values, match: Match): string {
  const [only] = path;
  if (path.length === 1 && typeof only === 'string') return only;
  return path.map((part) => filled(part, call, values, match)).join('');
}

function filled(part: PathPart, call: Call, values: Values, match: Match): string {
  if (typeof part === 'string') return part;
  const own = match.path.get(part.name);
  const value = part.source === undefined ? own && written.PATH(own) : part.source(call, values);
  if (value !== undefined) return value;
  throw new CallRefused(refusals.badRequest, `Not sent: nothing stands for ${part.name} in the path of the backend.`);
}

/** With one slash between what the definition has and what the request has beyond it. */
function joined(path: string, rest: string): string {
  if (rest === '') return path;
  const tail = rest.replace(/^(?:\/|%2F)/i, '');
  return path.endsWith('/') ? path + tail : `${path}/${tail}`;
}

/** Undefined where nothing is left of it. */
function changedQuery(query: string | undefined, changes: Changes, call: Call, values: Values): string | undefined {
  const kept = (query ? query.split('&') : []).flatMap((part) => {
    const at = part.indexOf('=');
    const name = at < 0 ? part : part.slice(0, at);
    const names = changes.renamed.get(decodedInQuery(name));
    return names === undefined ? [part] : names.map((other) => written.QUERY(other) + part.slice(name.length));
  });
  const added = changes.added.flatMap(({ name, source }) => {
    const value = source(call, values);
    return value === undefined ? [] : [`${written.QUERY(name)}=${value}`];
  });
  const parts = [...kept, ...added];
  return parts.length === 0 ? undefined : parts.join('&');
}

function changedFields(
  { names, fields }: ReceivedHead,
  changes: Changes,
  call: Call,
  values: Values,
): readonly string[] {
  const changed: string[] = [];
  for (const [index, name] of names.entries()) {
    const own = fields[2 * index] ?? '';
    for (const other of changes.renamed.get(name) ?? [own]) changed.push(other, fields[2 * index + 1] ?? '');
  }
  for (const { name, source } of changes.added) {
    const value = source(call, values);
    if (value !== undefined) changed.push(name, value);
  }
  return changed;
}
