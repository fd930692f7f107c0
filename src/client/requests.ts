/** From the arguments of a call to the request, by the table that is made from the contract. */
import type { OperationId } from './operation-types.ts';
import { routes } from './routes.ts';

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly hasBody: boolean;
  readonly query: readonly string[];
  readonly headers: readonly string[];
  readonly answerHeaders: readonly string[];
}

export interface Request {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const known: ReadonlyMap<string, Route> = new Map(
  Object.entries(routes).flatMap(([beginning, rows]) =>
    Object.entries<string>(rows).map(([operation, row]) => [operation, readRow(beginning, row)] as const),
  ),
);

function readRow(beginning: string, row: string): Route {
  const [method = '', rest = '', ...marks] = row.split(' ');
  const names = (sign: string): string[] =>
    marks.flatMap((mark) => (mark.startsWith(sign) ? mark.slice(1).split(',') : []));
  const hasBody = marks.includes('body');
  return { method, path: beginning + rest, hasBody, query: names('?'), headers: names('>'), answerHeaders: names('<') };
}

/** @throws TypeError where there is no such operation */
export function routeOf(operation: OperationId): Route {
  const route = known.get(operation);
  if (route === undefined) throw new TypeError(`There is no operation ${operation}`);
  return route;
}

export const operationIds = [...known.keys()] as OperationId[];

/**
 * What is undefined counts as left out.
 * @throws TypeError for a part of the path that is missing or cannot be one, and for what the operation does not take
 */
export function requestFor(operation: OperationId, args: Readonly<Record<string, unknown>>): Request {
  const { method, path, query, headers, hasBody } = routeOf(operation);
  const rest = new Map(Object.entries(args).filter(([, value]) => value !== undefined));
  const take = (name: string): string | undefined => {
    const value = rest.get(name);
    rest.delete(name);
    return value === undefined ? undefined : textOf(operation, name, value);
  };
  const takeAll = (names: readonly string[]): [string, string][] =>
    names.flatMap((name) => {
      const value = take(name);
      return value === undefined ? [] : [[name, value]];
    });
  const place = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => pathPart(operation, name, take(name)));
  const search = new URLSearchParams(takeAll(query)).toString();
  const own = Object.fromEntries(takeAll(headers));
  if (!hasBody && rest.size > 0) throw new TypeError(`${operation} does not take ${[...rest.keys()].join(', ')}`);
  return {
    method,
    path: search === '' ? place : `${place}?${search}`,
    headers: hasBody ? { ...own, 'Content-Type': 'application/json' } : own,
    body: hasBody ? JSON.stringify(Object.fromEntries(rest)) : undefined,
  };
}

function textOf(operation: OperationId, name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TypeError(`${operation}: ${name} is neither text, number nor truth value`);
}

/** No URL can have a part that is empty or only dots: another path would be asked for. */
function pathPart(operation: OperationId, name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new TypeError(`${operation}: ${name} is missing`);
  if (value === '.' || value === '..') throw new TypeError(`${operation}: no ${name} can be ${value}`);
  return encodeURIComponent(value);
}
