/** What tells the URLs of one generation of API Gateway's control plane from those of another. */
import type { ProjectCaller } from '../../contract/caller.ts';
import type { Gateway, NamedFilter, NameFilter, Store } from '../../store/store.ts';
import { gatewayOf, gatewaysOf } from '../gateways.ts';

export interface ScopedCall {
  readonly path: Readonly<Record<string, string>>;
  readonly caller: ProjectCaller;
}

/** Rows to pass over, and rows to give at most. */
export interface PageBounds {
  readonly offset: number;
  readonly limit: number;
}

export interface Generation<Query> {
  /** @throws ServiceError where there is no such gateway */
  readonly gateway: (call: ScopedCall) => Promise<Gateway>;
  /** Never refused: what is out of bounds is brought within. */
  readonly page: (query: Query) => PageBounds;
}

export interface OffsetQuery {
  readonly offset?: number;
  readonly limit?: number;
}

export interface PageQuery {
  readonly page_no?: number;
  readonly page_size?: number;
}

const limitOf = (limit = 20): number => (limit <= 0 ? 20 : Math.min(limit, 500));
/** What lies beyond is no number of rows for a database. */
const offsetOf = (offset: number): number => Math.min(Math.max(0, offset), Number.MAX_SAFE_INTEGER);

const byOffset = ({ offset = 0, limit }: OffsetQuery): PageBounds => ({
  offset: offsetOf(offset),
  limit: limitOf(limit),
});

function byPage({ page_no: page = 1, page_size: size }: PageQuery): PageBounds {
  const limit = limitOf(size);
  return { offset: offsetOf((page - 1) * limit), limit };
}

const named =
  (store: Store): Generation<unknown>['gateway'] =>
  ({ path, caller }) =>
    gatewayOf(store, caller.project.id, path['instance_id'] ?? '');

/** V2: the gateway stands in the path. */
export const v2 = (store: Store): Generation<OffsetQuery> => ({ gateway: named(store), page: byOffset });

/** v1 of dedicated gateways, which pages as v1.0 does. */
export const dedicated = (store: Store): Generation<PageQuery> => ({ gateway: named(store), page: byPage });

/** v1.0: a project has one gateway, shared with others; here, its first. */
export const shared = (store: Store): Generation<PageQuery> => ({
  gateway: async ({ caller }) => (await gatewaysOf(store, caller.project.id))[0],
  page: byPage,
});

/** What the last part of a path names; v1.0 calls it `id`, V2 by what it is. */
export const idOf = ({ path }: Pick<ScopedCall, 'path'>): string => Object.values(path).at(-1) ?? '';

export interface NamedQuery {
  readonly id?: string;
  readonly name?: string;
  readonly precise_search?: string;
}

/** A part of the text, or all of it where `precise_search` names the parameter. */
export const nameFilter = <Name extends string>(
  { precise_search: precise = '', ...query }: Partial<Record<Name | 'precise_search', string | undefined>>,
  name: Name,
): NameFilter | undefined => {
  const text = (query as Partial<Record<string, string>>)[name];
  return text === undefined ? undefined : { text, isExact: precise.split(',').includes(name) };
};

export const namedFilter = (query: NamedQuery): NamedFilter => ({ id: query.id, name: nameFilter(query, 'name') });

export const pageBody = <Name extends string, Item>(
  name: Name,
  items: readonly Item[],
  total: number,
): { total: number; size: number } & Record<Name, Item[]> =>
  ({ total, size: items.length, [name]: [...items] }) as { total: number; size: number } & Record<Name, Item[]>;
