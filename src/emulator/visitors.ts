/** Who may use `/_signet`. */
import { isIP } from 'node:net';
import type { Door, Visit } from '../contract/visit.ts';
import { equalSecrets } from '../crypto/equal-secrets.ts';
import { ServiceError } from '../errors.ts';
import { emulatorRefusals as refusals } from './errors.ts';

export interface DoorOptions {
  readonly adminToken: string;
  /** The name on which Signet listens, or an address. */
  readonly host: string;
  /** Scheme, host and port under which others know this Signet; may be empty. */
  readonly externalUrl: string;
}

/**
 * A guard against web pages, those of another origin as well as those whose name has been made to point here (DNS rebinding), and
 * against other machines.
 * @throws ServiceError 401 or 403 from the function that it gives
 */
export function makeDoor(options: DoorOptions): (visit: Visit, door: Door) => void {
  const { adminToken, externalUrl } = options;
  const isOwnName = makeOwnNames(options);
  const externalOrigin = externalUrl === '' ? undefined : new URL(externalUrl).origin;
  return ({ host, protocol, origin, isLocal, hasToken, adminToken: given }, door) => {
    if (door === 'open') return;
    if (!isOwnName(host)) throw new ServiceError(refusals.foreignHost);
    if (origin !== '' && origin !== `${protocol}://${host}` && origin !== externalOrigin)
      throw new ServiceError(refusals.foreignOrigin);
    // The token of a project is checked by the operation, which shows nothing else.
    if (door === 'page' || (door === 'project' && hasToken)) return;
    if (!isLocal && !equalSecrets(adminToken, given)) throw new ServiceError(refusals.adminTokenMissing);
  };
}

/** Whether a header Host is a name of this Signet, which no page of somebody else's can have. */
export function makeOwnNames({
  host: ownHost,
  externalUrl,
}: Pick<DoorOptions, 'host' | 'externalUrl'>): (host: string) => boolean {
  const external = externalUrl === '' ? undefined : new URL(externalUrl).hostname;
  const ownNames = [hostName(ownHost), external].filter((name) => name !== undefined);
  const isOwn = (host: string): boolean => {
    const name = hostName(host);
    return name !== undefined && (isNobodysName(name) || ownNames.includes(name));
  };
  // Mostly it is the one as before, and to read a URL takes longer than all else that is asked of a call.
  let known = { host: '', isOwn: isOwn('') };
  return (host) => {
    if (host !== known.host) known = { host, isOwn: isOwn(host) };
    return known.isOwn;
  };
}

/** Without port, and without the brackets of IPv6; undefined for what is no host. */
function hostName(host: string): string | undefined {
  const url = `http://${host}/`;
  return /^[\w.:[\]-]+$/.test(host) && URL.canParse(url)
    ? new URL(url).hostname.replace(/^\[(.*)\]$/, '$1')
    : undefined;
}

/** What no page can be called: an address, or what every machine calls itself. */
const isNobodysName = (name: string): boolean =>
  isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost');
