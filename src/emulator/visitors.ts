/** Who may use `/_signet`. */
import { isIP } from 'node:net';
import type { Door, Visit } from '../contract/visit.ts';
import { equalSecrets } from '../crypto/equal-secrets.ts';
import { ServiceError, type Refusal } from '../errors.ts';
import { emulatorRefusals as refusals } from './errors.ts';

export interface DoorOptions {
  readonly adminToken: string;
  /** The name on which Signet listens, or an address. */
  readonly host: string;
  /** Scheme, host and port under which others know this Signet; may be empty. */
  readonly externalUrl: string;
  /** Whether nobody is trusted for coming from this machine. */
  readonly sandbox: boolean;
}

/** Whom a browser asks for the token: the password, with any name. */
const wantedInSandbox: Refusal = {
  ...refusals.adminTokenMissing,
  text: 'In a sandbox, /_signet and /console ask everybody for the admin token: in X-Signet-Token, or as the password of HTTP Basic.',
  headers: { 'WWW-Authenticate': 'Basic realm="Signet", charset="UTF-8"' },
};

/**
 * A guard against web pages, those of another origin as well as those whose name has been made to point here (DNS rebinding), and
 * against other machines.
 * @throws ServiceError 401 or 403 from the function that it gives
 */
export function makeDoor(options: DoorOptions): (visit: Visit, door: Door) => void {
  const { adminToken, externalUrl, sandbox } = options;
  const isOwnName = makeOwnNames(options);
  const externalOrigin = externalUrl === '' ? undefined : new URL(externalUrl).origin;
  const refusal = sandbox ? wantedInSandbox : refusals.adminTokenMissing;
  const isAdmin = ({ adminToken: given, password, isFromElsewhere }: Visit, door: Door): boolean =>
    equalSecrets(adminToken, given) ||
    // Browsers send it with whatever another page makes them ask for, too.
    ((door === 'page' || !isFromElsewhere) && equalSecrets(adminToken, password));
  return (visit, door) => {
    const { host, protocol, origin, isLocal, hasToken } = visit;
    if (door === 'open' || (door === 'about' && !sandbox)) return;
    if (!isOwnName(host)) throw new ServiceError(refusals.foreignHost);
    if (origin !== '' && origin !== `${protocol}://${host}` && origin !== externalOrigin)
      throw new ServiceError(refusals.foreignOrigin);
    // The token of a project is checked by the operation, which shows nothing else.
    if (door === 'project' && hasToken) return;
    if (!sandbox && (door === 'page' || isLocal)) return;
    if (!isAdmin(visit, door)) throw new ServiceError(refusal);
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
