/** Which route of which deployment a request is for. */
import { LRUCache } from 'lru-cache';
import { ServiceError } from '../../errors.ts';
import type { OciDeployment, OciStore } from '../../store/store.ts';
import { ociGatewayRefusals as refusals } from './refusals.ts';
import { matched } from './route-path.ts';
import { LONGEST_PREFIX, readSpecification, type Route } from './specification.ts';

export interface Found {
  readonly deployment: OciDeployment;
  readonly route: Route;
  /** What stands for the names in the path of the route, as it came. */
  readonly path: ReadonlyMap<string, string>;
}

/** Deployments whose routes are kept. */
const MOST_READ = 100;

export class Deployments {
  readonly #store: Pick<OciStore, 'deploymentAt'>;
  /** By id, with the text that they were read from: another process may have changed what is stored. */
  readonly #read = new LRUCache<string, { readonly text: string; readonly routes: readonly Route[] }>({
    max: MOST_READ,
  });

  constructor(store: Pick<OciStore, 'deploymentAt'>) {
    this.#store = store;
  }

  /**
   * The longest prefix counts, and below it the most specific route that takes the method.
   * @param path as it came, below the gateway's own
   * @throws ServiceError 404 or 405
   */
  async find(method: string, path: string): Promise<Found> {
    const deployment = await this.#store.deploymentAt(prefixesOf(path));
    if (deployment === undefined)
      throw refused('notFound', `No deployment has a path prefix with which ${path.slice(0, 200)} begins.`);
    const { pathPrefix, name } = deployment;
    const rest = pathPrefix === '/' ? path : path.slice(pathPrefix.length) || '/';
    const fitting = this.#routesOf(deployment).flatMap((route) => {
      const values = matched(route.path, rest);
      return values === undefined ? [] : [{ deployment, route, path: values }];
    });
    if (fitting.length === 0)
      throw refused('notFound', `The deployment ${name} has no route for ${rest.slice(0, 200)}.`);
    const found = fitting.find(({ route: { methods } }) => methods?.includes(method) !== false);
    if (found !== undefined) return found;
    throw refused('methodNotAllowed', `No route of the deployment ${name} for this path takes ${method}.`);
  }

  #routesOf({ id, specification: text }: OciDeployment): readonly Route[] {
    const known = this.#read.get(id);
    if (known?.text === text) return known.routes;
    const { routes = [] } = readSpecification(JSON.parse(text)).value ?? {};
    this.#read.set(id, { text, routes });
    return routes;
  }
}

/** The path prefixes below which a path is. */
function prefixesOf(path: string): readonly string[] {
  const slashes = Array.from(path.slice(0, LONGEST_PREFIX + 1).matchAll(/(?<=.)\//g), ({ index }) => index);
  const ends = [...slashes, path.length].filter((end) => end <= LONGEST_PREFIX);
  return ['/', ...ends.map((end) => path.slice(0, end))];
}

const refused = (name: keyof typeof refusals, why: string): ServiceError =>
  new ServiceError(refusals[name], undefined, { why });
