/**
 * What an API deployment does: routes below its path prefix.
 * Source: https://docs.oracle.com/en-us/iaas/Content/APIGateway/Tasks/apigatewaycreatingspecification.htm
 */
import { isDeeper } from '../../crypto/json-depth.ts';
import { backEnd, type BackEnd } from './back-ends.ts';
import { listOf, objectOf, oneOf, optional, read, type JsonPlace, type Read, type Reader } from './json-place.ts';
import { bySpecificity, isSame, routePath, type RoutePath } from './route-path.ts';
import { headerNames, parameterNames, transformations, type Transformations } from './transformations.ts';

export interface Route {
  readonly path: RoutePath;
  /** Undefined: all. */
  readonly methods: readonly string[] | undefined;
  readonly backEnd: BackEnd;
  readonly headers: Transformations | undefined;
  readonly query: Transformations | undefined;
}

export interface Specification {
  /** The more specific first. */
  readonly routes: readonly Route[];
}

/** As the vendor limits it. */
const MOST_ROUTES = 50;
/** Characters of a specification in JSON. */
const LONGEST = 256 * 1024;
/** Of lists and objects in each other. */
const MOST_LEVELS = 50;
/** Characters of a path prefix. */
export const LONGEST_PREFIX = 255;

const method = oneOf('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'ANY');

/** What is the vendor's and means nothing here: nobody but the back end asks who calls, and nothing is limited, logged or cached. */
const ignored = {
  specification: ['loggingPolicies', 'requestPolicies'],
  route: ['loggingPolicies', 'responsePolicies'],
  policies: [
    ...['authorization', 'cors', 'queryParameterValidations', 'headerValidations', 'bodyValidation'],
    'responseCacheLookup',
  ],
};

/** @param value what is parsed of its JSON */
export const readSpecification = (value: unknown): Read<Specification> => read(value, specification);

const specification: Reader<Specification> = (place) => {
  if (isDeeper(place.value, MOST_LEVELS)) throw place.wrong(`More than ${MOST_LEVELS} levels are too many.`);
  if (JSON.stringify(place.value ?? null).length > LONGEST)
    throw place.wrong(`More than ${LONGEST} characters are too many.`);
  const { routes } = objectOf({ routes: listOf(route, MOST_ROUTES) }, ignored.specification)(place);
  findDuplicates(place.at('routes'), routes);
  return { routes: routes.toSorted((one, other) => bySpecificity(one.path, other.path)) };
};

const route: Reader<Route> = (place) => {
  // What else is wrong is told also where the path is.
  const names = read(place.at('path').value, routePath).value?.names;
  const readers = {
    ...{ path: routePath, methods: optional(listOf(method, 8)) },
    ...{ backend: backEnd(names), requestPolicies: optional(policies(names)) },
  };
  const { path, methods, backend, requestPolicies } = objectOf(readers, ignored.route)(place);
  return {
    ...{ path, methods: methods?.includes('ANY') === true ? undefined : methods, backEnd: backend },
    ...{ headers: requestPolicies?.headerTransformations, query: requestPolicies?.queryParameterTransformations },
  };
};

const policies = (names: readonly string[] | undefined) =>
  objectOf(
    {
      headerTransformations: optional(transformations(headerNames, names)),
      queryParameterTransformations: optional(transformations(parameterNames, names)),
    },
    ignored.policies,
  );

function findDuplicates(place: JsonPlace, routes: readonly Route[]): void {
  for (const [index, one] of routes.entries()) {
    const earlier = routes.slice(0, index).findIndex((other) => isSame(one.path, other.path) && overlap(one, other));
    if (earlier >= 0) place.at(index).wrong(`takes the same requests as ${place.at(earlier).path}`);
  }
}

const overlap = ({ methods }: Route, { methods: others }: Route): boolean =>
  methods === undefined || others === undefined || methods.some((name) => others.includes(name));

/**
 * What is wrong with a path prefix; undefined where nothing is.
 * Source: https://docs.oracle.com/en-us/iaas/Content/APIGateway/Tasks/apigatewaycreatingdeployment.htm
 */
export function mistakeInPrefix(prefix: string): string | undefined {
  if (!prefix.startsWith('/')) return 'must begin with a slash';
  if (prefix.length > LONGEST_PREFIX) return `has more than ${LONGEST_PREFIX} characters`;
  if (prefix === '/') return undefined;
  if (prefix.endsWith('/')) return 'must not end with a slash';
  if (prefix.includes('//')) return 'has two slashes in a row';
  return /^[\w/$\-.+!*'(),%;:@&=]+$/.test(prefix)
    ? undefined
    : "has another character than letters, digits and $ - _ . + ! * ' ( ) , % ; : @ & =";
}
