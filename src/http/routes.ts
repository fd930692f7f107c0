/** Finds what the contract has at a path, without trying one path of it after the other. */
import { ServiceError, gatewayRefusals } from '../errors.ts';

/** What stands at a path, and what stands there for the names in it. */
export interface Found<Item> {
  readonly item: Item;
  /** Decoded. Without a prototype: a name may be any word. */
  readonly params: Readonly<Record<string, string>>;
}

/** The paths that begin with the same segments. */
interface Branch<Item> {
  readonly literals: Map<string, Branch<Item>>;
  /** Where a name stands for the next segment. */
  named?: Branch<Item>;
  /** The path that ends here. */
  end?: { readonly item: Item; readonly names: readonly string[]; readonly rank: number };
}

const newBranch = <Item>(): Branch<Item> => ({ literals: new Map() });

/**
 * Paths such as `/v3/users/{id}`, to be looked up as Express does: case counts, one slash at the end does not, a name stands for a segment that
 * is not empty. Of several that fit, the one that was written first comes first.
 * @throws Error for a name that is only a part of a segment
 */
export function makeRoutes<Item>(items: readonly (readonly [path: string, item: Item])[]) {
  const root = newBranch<Item>();
  items.forEach(([path, item], rank) => {
    const segments = segmentsOf(path);
    if (segments.some((segment) => /[{}]/.test(segment) && !isName(segment)))
      throw new Error(`${path}: a name must be a whole segment.`);
    const end = { item, rank, names: segments.filter(isName).map((name) => name.slice(1, -1)) };
    branchAt(root, segments).end ??= end;
    // The slash of / itself is none at the end.
    if (path === '/') branchAt(root, ['']).end ??= end;
  });

  /** @throws ServiceError 400 where what stands for a name is wrongly encoded */
  return (path: string): readonly Found<Item>[] => {
    const found: (Found<Item> & { readonly rank: number })[] = [];
    const segments = segmentsOf(path);
    const values: string[] = [];
    const walk = ({ literals, named, end }: Branch<Item>, depth: number): void => {
      const segment = segments[depth];
      if (segment === undefined) {
        if (end !== undefined) found.push({ item: end.item, rank: end.rank, params: paramsOf(end.names, values) });
        return;
      }
      const next = literals.get(segment);
      if (next !== undefined) walk(next, depth + 1);
      if (named === undefined || segment === '') return;
      values.push(segment);
      walk(named, depth + 1);
      values.pop();
    };
    walk(root, 0);
    return found.length > 1 ? found.sort((one, other) => one.rank - other.rank) : found;
  };
}

function branchAt<Item>(root: Branch<Item>, segments: readonly string[]): Branch<Item> {
  return segments.reduce((branch, segment) => {
    if (isName(segment)) return (branch.named ??= newBranch());
    const next = branch.literals.get(segment) ?? newBranch();
    branch.literals.set(segment, next);
    return next;
  }, root);
}

const isName = (segment: string): boolean => /^\{\w+\}$/.test(segment);

function segmentsOf(path: string): readonly string[] {
  const [, ...segments] = (path.endsWith('/') ? path.slice(0, -1) : path).split('/');
  return segments;
}

function paramsOf(names: readonly string[], values: readonly string[]): Record<string, string> {
  const params = Object.create(null) as Record<string, string>;
  names.forEach((name, at) => (params[name] = decoded(values[at] ?? '')));
  return params;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ServiceError(gatewayRefusals.badRequest);
  }
}
