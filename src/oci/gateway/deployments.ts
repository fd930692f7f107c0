/** Which route of which deployment a request is for. */
import { ServiceError } from '../../errors.ts';
import type { OciDeployment } from '../../store/store.ts';
import { ociGatewayRefusals as refusals } from './refusals.ts';
import { matched } from './route-path.ts';
import { readSpecification, type Route, type Specification } from './specification.ts';

export interface Found {
  readonly deployment: OciDeployment;
  readonly route: Route;
  /** What stands for the names in the path of the route, as it came. */
  readonly path: ReadonlyMap<string, string>;
}

export class Deployments {
  readonly #stored: () => Promise<readonly OciDeployment[]>;
  /** By their text: another process may have changed what is stored. */
  #read = new Map<string, Specification | undefined>();

  constructor(stored: () => Promise<readonly OciDeployment[]>) {
    this.#stored = stored;
  }

  /**
   * The longest prefix counts, and below it the most specific route that takes the method.
   * @param path as it came, below the gateway's own
   * @throws ServiceError 404 or 405
   */
  async find(method: string, path: string): Promise<Found> {
    const stored = await this.#stored();
    const [deployment] = stored
      .filter(({ pathPrefix }) => isBelow(path, pathPrefix))
      .toSorted((one, other) => other.pathPrefix.length - one.pathPrefix.length);
    if (deployment === undefined)
      throw refused('notFound', `No deployment has a path prefix with which ${path.slice(0, 200)} begins.`);
    const { pathPrefix, name } = deployment;
    const rest = pathPrefix === '/' ? path : path.slice(pathPrefix.length) || '/';
    const routes = this.#specificationOf(deployment, stored)?.routes ?? [];
    const fitting = routes.flatMap((route) => {
      const values = matched(route.path, rest);
      return values === undefined ? [] : [{ deployment, route, path: values }];
    });
    if (fitting.length === 0)
      throw refused('notFound', `The deployment ${name} has no route for ${rest.slice(0, 200)}.`);
    const found = fitting.find(({ route: { methods } }) => methods?.includes(method) !== false);
    if (found !== undefined) return found;
    throw refused('methodNotAllowed', `No route of the deployment ${name} for this path takes ${method}.`);
  }

  /** What no store has any more is forgotten. */
  #specificationOf({ specification }: OciDeployment, stored: readonly OciDeployment[]): Specification | undefined {
    if (!this.#read.has(specification)) {
      const texts = new Set(stored.map((one) => one.specification));
      this.#read = new Map([...this.#read].filter(([text]) => texts.has(text)));
      this.#read.set(specification, readSpecification(JSON.parse(specification)).value);
    }
    return this.#read.get(specification);
  }
}

const isBelow = (path: string, prefix: string): boolean =>
  prefix === '/' || path === prefix || path.startsWith(`${prefix}/`);

const refused = (name: keyof typeof refusals, why: string): ServiceError =>
  new ServiceError(refusals[name], undefined, { why });
