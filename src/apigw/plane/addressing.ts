/** Which group's APIs a request is for: its sub-domain says so, or the beginning of its path. */

/** The group, and path and query as its APIs see them. */
export interface Addressed {
  readonly groupId: string;
  /** Whether the path names it, and not the sub-domain. */
  readonly isByPath: boolean;
  /** As it came, percent-encoded. */
  readonly path: string;
  /** Without its question mark; undefined where there is none. */
  readonly query: string | undefined;
}

/** Of an id without hyphens, and with them. */
const lengths = [32, 36] as const;
const groupId = /^[0-9a-f]{8}(-?)[0-9a-f]{4}(?:\1[0-9a-f]{4}){2}\1[0-9a-f]{12}$/i;
const prefixed = /^\/_apig\/([0-9a-f-]{32,36})(?=[/?]|$)/i;
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
    const length = lengths.find((one) => host.charCodeAt(one) === DOT);
    if (length === undefined) return undefined;
    const [rest = ''] = host.slice(length).toLowerCase().split(':', 1);
    const id = host.slice(0, length);
    return rest === suffix && groupId.test(id) ? id.toLowerCase() : undefined;
  }

  return {
    takes: (host, target) => ofHost(host) !== undefined || ofPath(target) !== undefined,
    read: (host, target) => {
      const id = ofHost(host);
      if (id !== undefined) return { groupId: id, isByPath: false, ...split(target) };
      const named = ofPath(target);
      if (named === undefined) return undefined;
      const rest = target.slice('/_apig/'.length + named.length);
      return { groupId: named, isByPath: true, ...split(rest.startsWith('/') ? rest : `/${rest}`) };
    },
  };
}

function ofPath(target: string): string | undefined {
  if (target.charCodeAt(1) !== UNDERSCORE) return undefined;
  const [, id = ''] = prefixed.exec(target) ?? [];
  return groupId.test(id) ? id.toLowerCase() : undefined;
}

function split(target: string): Pick<Addressed, 'path' | 'query'> {
  const at = target.indexOf('?');
  return at < 0 ? { path: target, query: undefined } : { path: target.slice(0, at), query: target.slice(at + 1) };
}
