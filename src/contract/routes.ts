import { methods, type ContractDocument, type Method, type Operation } from './document.ts';

/** What the contract has for a method and a path. */
export interface Route {
  /** As the contract writes it. */
  readonly path: string;
  /** Undefined where the path does not take the method. */
  readonly operation: Operation | undefined;
  /** An operation of the path, whose service answers for it. */
  readonly owner: Operation;
  /** What stands in the path for the contract's names. */
  readonly params: Readonly<Record<string, string>>;
}

export type FindRoute = (method: string, target: string) => Route | undefined;

/**
 * Tells which operation of the contract a request is for, as Express does when it takes one: letters count, a slash at the end does not,
 * and HEAD is answered where GET is.
 */
export function makeRoutes({ paths }: ContractDocument): FindRoute {
  const routes = Object.entries(paths).map(([path, item]) => {
    const pattern = path.replaceAll(/[.*+?^$()[\]\\|]/g, String.raw`\$&`).replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
    return { path, item, pattern: new RegExp(`^${pattern.replace(/\/$/, '')}/?$`) };
  });
  return (method, target) => {
    const name = method === 'HEAD' ? 'get' : method.toLowerCase();
    const [path = ''] = target.split('?');
    const matches = routes.flatMap(({ path: written, item, pattern }): Route[] => {
      const groups = pattern.exec(path)?.groups;
      const params = pattern.test(path) ? decoded(groups ?? {}) : undefined;
      const owner = methods.map((candidate) => item[candidate]).find((operation) => operation !== undefined);
      const operation = isMethod(name) && method === method.toUpperCase() ? item[name] : undefined;
      return params === undefined || owner === undefined ? [] : [{ path: written, operation, owner, params }];
    });
    return matches.find(({ operation }) => operation !== undefined) ?? matches[0];
  };
}

const isMethod = (name: string): name is Method => (methods as readonly string[]).includes(name);

/** Undefined where something is not percent-encoded UTF-8. */
function decoded(params: Readonly<Record<string, string>>): Record<string, string> | undefined {
  try {
    return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    return undefined;
  }
}
