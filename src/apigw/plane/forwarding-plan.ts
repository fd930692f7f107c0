/** How a definition turns a request for its API into a request for its backend: read once, used for every call. */
import type { ApiDefinition, BackendParameter, ParameterPlace } from '../../store/store.ts';
import { systemParameters, type Call } from './call.ts';
import { bytesOf, constant, inRequestLine, written } from './encoding.ts';
import { isOwnBusiness } from './received-head.ts';
import { inputOf, keyOf, type Input } from './request-parameters.ts';

/** What stands for a parameter of the backend in a call, ready to be written; undefined where there is nothing. */
export type Source = (call: Call, values: readonly (readonly string[])[]) => string | undefined;

/** What is changed in a query, or among headers. */
export interface Changes {
  /** By the key under which it came: the names under which it goes on, in its place; where there are none, it does not. */
  readonly renamed: ReadonlyMap<string, readonly string[]>;
  readonly added: readonly { readonly name: string; readonly source: Source }[];
}

/** Text, or what stands for a name in braces. */
export type PathPart = string | { readonly name: string; readonly source: Source | undefined };

export interface ForwardingPlan {
  readonly inputs: readonly Input[];
  readonly path: readonly PathPart[];
  /** What of the query stands in the definition; undefined where nothing does. */
  readonly query: string | undefined;
  /** Undefined where all goes on as it came. */
  readonly changes: Readonly<Record<'QUERY' | 'HEADER', Changes | undefined>>;
}

const plans = new WeakMap<ApiDefinition, ForwardingPlan>();

export function planOf(definition: ApiDefinition): ForwardingPlan {
  let plan = plans.get(definition);
  if (plan === undefined) plans.set(definition, (plan = makePlan(definition)));
  return plan;
}

/** A parameter of the backend, and the parameter of the request that it comes from. */
interface Target extends Pick<BackendParameter, 'location' | 'origin' | 'value'> {
  readonly name: string;
  readonly key: string;
  /** Its place in the list of inputs; -1 where it comes from elsewhere. */
  readonly input: number;
}

function makePlan({ req_params, backend_params, backend_api }: ApiDefinition): ForwardingPlan {
  const inputs = req_params.map(inputOf);
  const targets = backend_params
    .map((parameter) => targetOf(parameter, inputs))
    .filter(({ location, key }) => location !== 'HEADER' || !isOwnBusiness(key));
  const [path = '', ...query] = inRequestLine(backend_api?.req_uri ?? '').split('?');
  return {
    inputs,
    path: pathOf(path.startsWith('/') ? path : `/${path}`, targets, inputs),
    query: query.length === 0 ? undefined : query.join('?'),
    changes: { QUERY: changesOf('QUERY', targets, inputs), HEADER: changesOf('HEADER', targets, inputs) },
  };
}

function targetOf({ name, location, origin, value, req_param_id: id }: BackendParameter, inputs: readonly Input[]) {
  const byId = inputs.findIndex((input) => input.id === id);
  const input = byId < 0 ? inputs.findIndex((one) => one.name === bytesOf(value)) : byId;
  const target: Target = {
    ...{ location, origin, value, name: bytesOf(name), key: keyOf[location](name) },
    input: origin === 'REQUEST' ? input : -1,
  };
  return target;
}

/** How the three origins are read. */
const sources: Readonly<Record<BackendParameter['origin'], (target: Target, inputs: readonly Input[]) => Source>> = {
  REQUEST: ({ location, input }, inputs) => {
    const fallback = inputs[input]?.fallback;
    return (_call, values) => {
      const value = values[input]?.[0] ?? fallback;
      return value === undefined ? undefined : written[location](value);
    };
  },
  CONSTANT: ({ location, value }) => {
    const text = constant[location](bytesOf(value));
    return () => text;
  },
  SYSTEM: ({ location, value }) => {
    const read = systemParameters.get(value);
    return (call) => (read === undefined ? '' : written[location](read(call)));
  },
};

const sourceOf = (target: Target, inputs: readonly Input[]): Source => sources[target.origin](target, inputs);

/** A name that the definition maps nothing to takes the request's parameter of the same name. */
function pathOf(path: string, targets: readonly Target[], inputs: readonly Input[]): readonly PathPart[] {
  return path.split(/\{([^{}]*)\}/).flatMap((text, index): PathPart[] => {
    if (index % 2 === 0) return text === '' ? [] : [text];
    const mapped = targets.find(({ location, name }) => location === 'PATH' && name === text);
    const own = inputs.findIndex(({ place, name }) => place === 'PATH' && name === text);
    if (mapped !== undefined) return [{ name: text, source: sourceOf(mapped, inputs) }];
    const source: Source = (_call, values) => values[own]?.map(written.PATH)[0];
    return [{ name: text, source: own < 0 ? undefined : source }];
  });
}

/** What the backend finds in such a place, if anything is said of it: never what a caller sends under the name of one of its parameters. */
function changesOf(
  place: Exclude<ParameterPlace, 'PATH'>,
  targets: readonly Target[],
  inputs: readonly Input[],
): Changes | undefined {
  const here = targets.filter(({ location }) => location === place);
  const renamed = new Map<string, readonly string[]>(here.map(({ key }) => [key, []]));
  for (const [index, input] of inputs.entries()) {
    if (input.place !== place) continue;
    const names = here.filter((target) => target.input === index).map(({ name }) => name);
    const isMapped = targets.some((target) => target.input === index);
    if (isMapped || !input.passesThrough) renamed.set(input.key, names);
  }
  const added = [
    ...here.map((target) => ({ name: target.name, source: unlessThere(place, target, inputs) })),
    ...fallbacks(place, targets, inputs),
  ];
  return renamed.size === 0 && added.length === 0 ? undefined : { renamed, added };
}

/** What the request has in the same place goes on in its own place there. */
function unlessThere(place: ParameterPlace, target: Target, inputs: readonly Input[]): Source {
  const source = sourceOf(target, inputs);
  if (inputs[target.input]?.place !== place) return source;
  return (call, values) => (values[target.input]?.length === 0 ? source(call, values) : undefined);
}

/** What stands in for parameters that pass through and are not there. */
function fallbacks(place: ParameterPlace, targets: readonly Target[], inputs: readonly Input[]): Changes['added'] {
  return inputs.flatMap((input, index) => {
    const { name, fallback, passesThrough } = input;
    const isMapped = targets.some((target) => target.input === index);
    if (input.place !== place || fallback === undefined || !passesThrough || isMapped) return [];
    const text = written[place](fallback);
    return [{ name, source: (_call: Call, values) => (values[index]?.length === 0 ? text : undefined) }];
  });
}
