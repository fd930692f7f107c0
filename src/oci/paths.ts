/** The version in the paths of OCI's identity service: what begins like this is for it. */
const VERSION = '/20160918';

/** Whether OCI answers this path, be there such an operation or not. */
export const isOciPath = (path: string): boolean => path === VERSION || path.startsWith(`${VERSION}/`);

/** The target without more slashes at its beginning than one: an endpoint with a slash at its end makes SDKs of Oracle write two. */
export function ociRoute(target: string): string {
  if (!target.startsWith('//')) return target;
  const rest = target.replace(/^\/+/, '/');
  return isOciPath(rest.split('?', 1)[0] ?? '') ? rest : target;
}

/** Whether a path is below a prefix that may be `/`: then it is all that is not Signet's own. */
export const takesBelow =
  (prefix: string) =>
  (path: string): boolean =>
    prefix === '/' ? !isOurs(path) : path === prefix || path.startsWith(`${prefix}/`);

const isOurs = (path: string): boolean => /^\/(?:_signet|console)(?:\/|$)/.test(path);
