/** Which group's APIs a request is for: its sub-domain says so, or the beginning of its path. */

/** The group, and path and query as its APIs see them. */
export interface Addressed {
  readonly groupId: string;
  /** As it came, percent-encoded. */
  readonly path: string;
  /** Without its question mark; undefined where there is none. */
  readonly query: string | undefined;
}

const ID_LENGTH = 32;
const groupId = /^[0-9a-f]{32}$/i;
const prefixed = /^\/_apig\/([0-9a-f]{32})(?=[/?]|$)/i;
const UNDERSCORE = 0x5f;
const DOT = 0x2e;

export interface Addressing {
  readonly takes: (host: string, target: string) => boolean;
  /** Undefined for a request that is for no group. */
  readonly read: (host: string, target: string) => Addressed | undefined;
}

/** @param domain of the groups' sub-domains, `<group id>.apic.<domain>` */
export function makeAddressing(domain: string): Addressing {
  const suffix = `.apic.${domain.toLowerCase()}`;

  // One character tells almost every other request.
  function ofHost(host: string): string | undefined {
    if (host.charCodeAt(ID_LENGTH) !== DOT) return undefined;
    const [rest = ''] = host.slice(ID_LENGTH).toLowerCase().split(':', 1);
    const id = host.slice(0, ID_LENGTH);
    return rest === suffix && groupId.test(id) ? id.toLowerCase() : undefined;
  }

  return {
    takes: (host, target) => ofHost(host) !== undefined || ofPath(target) !== undefined,
    read: (host, target) => {
      const id = ofHost(host);
      if (id !== undefined) return split(id, target);
      const named = ofPath(target);
      if (named === undefined) return undefined;
      const rest = target.slice('/_apig/'.length + ID_LENGTH);
      return split(named, rest.startsWith('/') ? rest : `/${rest}`);
    },
  };
}

const ofPath = (target: string): string | undefined =>
  target.charCodeAt(1) === UNDERSCORE ? prefixed.exec(target)?.[1]?.toLowerCase() : undefined;

function split(id: string, target: string): Addressed {
  const at = target.indexOf('?');
  return at < 0
    ? { groupId: id, path: target, query: undefined }
    : { groupId: id, path: target.slice(0, at), query: target.slice(at + 1) };
}
