/** How the texts of settings are read; each gives undefined for a text that it does not take. */
import { BlockList, isIP, isIPv4 } from 'node:net';
import { availableParallelism } from 'node:os';
import { parseMasterKey } from './crypto/sealing.ts';

export const text = (value: string): string => value;
export const truths: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['true', true],
  ['0', false],
  ['false', false],
]);
export const integer =
  (least: number, most: number) =>
  (value: string): number | undefined =>
    /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most ? Number(value) : undefined;
export const oneOf =
  <T extends string>(...values: readonly T[]) =>
  (value: string): T | undefined =>
    values.find((known) => known === value);

/** How many, or one for each core. */
export const processes = (value: string): number | undefined =>
  value === 'auto' ? availableParallelism() : integer(1, 256)(value);

/** The cores that each of so many processes has, at least one. */
export const shareOfCores = (count: number): number => Math.ceil(availableParallelism() / count);

/** A URL that more can be appended to, without a slash at the end. */
export function baseUrl(value: string): string | undefined {
  if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) return undefined;
  const { href, origin, pathname } = new URL(value);
  return href === origin + pathname ? href.replace(/\/+$/, '') : undefined;
}

const itemsOf = (value: string): readonly string[] =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);

const listOf = (value: string): readonly string[] => (value === 'none' ? [] : itemsOf(value));

/** A path below which something answers, without a slash at the end and not one of Signet's own; `/` is everything that nobody else takes. */
export function pathPrefix(value: string): string | undefined {
  const path = value.replace(/(?<=.)\/+$/, '');
  const isTaken = /^\/(?:_signet|console|20160918)(?:\/|$)/.test(path);
  return !isTaken && /^\/(?:[\w.~-]+(?:\/[\w.~-]+)*)?$/.test(path) ? path : undefined;
}

/** What Express's `trust proxy` takes: addresses, networks, and three names for networks. */
export function networks(value: string): readonly string[] | undefined {
  const items = listOf(value);
  return items.every((item) => /^(loopback|linklocal|uniquelocal)$/.test(item) || isNetwork(item)) ? items : undefined;
}

const isNetwork = (item: string): boolean => item.split('/').length <= 2 && succeeds(() => networkList([item]));

/** Addresses and networks alone, or what is right for where Signet listens. */
export function addresses(value: string): readonly string[] | undefined {
  if (value === 'auto') return ['auto'];
  const items = listOf(value);
  return items.every((item) => isNetwork(item)) ? items : undefined;
}

/** Whether only programs on this machine reach what listens on this name or address. */
export const isLoopbackHost = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);

/** What `addresses` has read: where others reach Signet, it is not to lead them to what listens for this machine alone. */
export const backendNetworks = (items: readonly string[], host: string): readonly string[] =>
  items.flatMap((item) => (item !== 'auto' ? item : isLoopbackHost(host) ? ['127.0.0.0/8', '::1'] : []));

/** Those that `addresses` takes, as a list to look addresses up in. */
export function networkList(items: readonly string[]): BlockList {
  const list = new BlockList();
  for (const item of items) {
    const [address = '', prefix] = item.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/** Names of headers, in the order in which they are signed. */
export function headerNames(value: string): readonly string[] | undefined {
  const names = [...new Set(itemsOf(value.toLowerCase()))].sort();
  return names.every(isHeaderName) && names.includes('x-sdk-date') && !names.includes('authorization')
    ? names
    : undefined;
}

const isHeaderName = (value: string): boolean => /^[a-z0-9-]{1,64}$/i.test(value);

/** Headers that say where a request goes, where it ends and when it was signed have no place for a signature. */
const isTaken = (name: string): boolean =>
  /^(?:host|connection|content-length|transfer-encoding|te|trailer|upgrade|expect|x-sdk-.*)$/i.test(name);

/** The header in which a signature stands. */
export const signatureHeaderName = (value: string): string | undefined =>
  isHeaderName(value) && !isTaken(value) ? value : undefined;

/** Names and addresses that a certificate can be for. */
export function hostNames(value: string): readonly string[] | undefined {
  const items = itemsOf(value);
  return items.length > 0 && value !== 'none' && items.every(isHost) ? items : undefined;
}

/** What may stand in a header Host: a name or an address, perhaps with a port. */
export function hostsWithPorts(value: string): readonly string[] | undefined {
  const items = listOf(value.toLowerCase());
  return items.every((item) => isHost(item.replace(/:\d{1,5}$/, '').replace(/^\[(.*)\]$/, '$1'))) ? items : undefined;
}

/** An address without a zone; or labels of letters, digits, hyphens and underscores, as compose names services, the first perhaps `*`. */
const isHost = (item: string): boolean =>
  isIP(item) === 0
    ? item.length <= 253 && /^(\*\.)?(?!-)[\w-]{1,63}(?<!-)(\.(?!-)[\w-]{1,63}(?<!-))*$/.test(item)
    : !item.includes('%');

export const masterKey = (value: string): string | undefined =>
  succeeds(() => parseMasterKey(value)) ? value : undefined;

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
