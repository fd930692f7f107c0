/** The parameters that an API takes: where they stand in a request, and what they may be. */
import type { ParameterPlace, RequestParameter } from '../../store/store.ts';
import { gatewayPlaneRefusals as refusals } from '../plane-refusals.ts';
import { bytesOf, decodedInQuery } from './encoding.ts';
import { CallRefused } from './refusing.ts';

/** Characters of a value that are looked at; a longer one is refused where there is something to look for. */
const LONGEST_CHECKED = 1024;

/** A parameter of a definition; a byte in each character. */
export interface Input {
  readonly id: string;
  readonly name: string;
  readonly place: ParameterPlace;
  /** The name as it is looked for. */
  readonly key: string;
  readonly isRequired: boolean;
  /** What stands in for it; undefined where nothing does. */
  readonly fallback: string | undefined;
  /** Whether the backend gets it where nothing else is said of it. */
  readonly passesThrough: boolean;
  /** What is wrong with a value; undefined where nothing is checked. */
  readonly fault: ((value: string) => string | undefined) | undefined;
}

/** What a request has in its three places: decoded values by key. */
export type Given = Readonly<Record<ParameterPlace, (key: string) => readonly string[]>>;

/** How a name is looked for: those of headers in any letters. */
export const keyOf: Readonly<Record<ParameterPlace, (name: string) => string>> = {
  PATH: bytesOf,
  QUERY: bytesOf,
  HEADER: (name) => bytesOf(name).toLowerCase(),
};

export function inputOf(parameter: RequestParameter): Input {
  const { id, name, location: place, required, default_value: fallback, pass_through, valid_enable } = parameter;
  return {
    ...{ id, name: bytesOf(name), place, key: keyOf[place](name), isRequired: required === 1 },
    fallback: fallback === '' ? undefined : bytesOf(fallback),
    passesThrough: pass_through === 1,
    fault: valid_enable === 1 ? (value) => faultOf(parameter, value) : undefined,
  };
}

/** In the order of the definition, what the request says itself; each fault refuses it. */
export function takeInputs(inputs: readonly Input[], given: Given): readonly (readonly string[])[] {
  return inputs.map(({ name, place, key, isRequired, fallback, fault }) => {
    const values = given[place](key);
    if (values.length === 0) {
      if (!isRequired || fallback !== undefined) return values;
      throw new CallRefused(refusals.badRequest, `Not sent: the required parameter ${name} (${place}) is missing.`);
    }
    for (const value of values) {
      const wrong = fault?.(value);
      if (wrong === undefined) continue;
      throw new CallRefused(refusals.badRequest, `Not sent: the parameter ${name} (${place}) ${wrong}.`);
    }
    return values;
  });
}

type Rule = (parameter: RequestParameter, value: string) => string | undefined;

const characters = (value: string): number => Array.from(Buffer.from(value, 'latin1').toString()).length;
const isBelow = (value: number, least: number | undefined): boolean => least !== undefined && value < least;
const isAbove = (value: number, most: number | undefined): boolean => most !== undefined && value > most;

/** Of `regular` and `json_schema` the vendor says that they are not supported, so nothing is looked at for them. */
const rules: readonly Rule[] = [
  (_parameter, { length }) => (length > LONGEST_CHECKED ? `has more than ${LONGEST_CHECKED} bytes` : undefined),
  ({ type }, value) =>
    type === 'NUMBER' && !/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(value) ? 'is no number' : undefined,
  ({ enumerations }, value) =>
    enumerations === '' || bytesOf(enumerations).split(',').includes(value) ? undefined : 'is none of its values',
  ({ type, min_num, max_num }, value) => {
    if (type !== 'NUMBER') return undefined;
    if (isBelow(Number(value), min_num)) return 'is too small';
    return isAbove(Number(value), max_num) ? 'is too large' : undefined;
  },
  ({ type, min_size, max_size }, value) => {
    if (type !== 'STRING') return undefined;
    if (isBelow(characters(value), min_size)) return 'is too short';
    return isAbove(characters(value), max_size) ? 'is too long' : undefined;
  },
];

function faultOf(parameter: RequestParameter, value: string): string | undefined {
  for (const rule of rules) {
    const wrong = rule(parameter, value);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** The values of a query by name, decoded; a plus is a blank. */
export function queryValues(query: string | undefined): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const part of query === undefined ? [] : query.split('&')) {
    if (part === '') continue;
    const [name, value] = partsOf(part);
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  }
  return values;
}

/** Name and value of one parameter. */
function partsOf(part: string): [name: string, value: string] {
  const at = part.indexOf('=');
  return at < 0 ? [decodedInQuery(part), ''] : [decodedInQuery(part.slice(0, at)), decodedInQuery(part.slice(at + 1))];
}
