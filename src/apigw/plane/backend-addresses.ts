/** Where a backend is, and whether the gateway may go there. */
import type { LookupAddress } from 'node:dns';
import { isIP, isIPv4, type BlockList, type LookupFunction } from 'node:net';

/** What a definition calls `url_domain`, taken apart. */
export interface BackendHost {
  /** As it stands in the header Host. */
  readonly written: string;
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Every address of a name. */
export type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

export interface AddressRules {
  /** The addresses that may be called. */
  readonly isBackendAllowed: BlockList;
  /** Whether something of Signet's own listens there: a call of itself would go round in circles. */
  readonly isOwn: (address: string, port: number) => boolean;
  readonly resolve: Resolve;
}

/** The gateway does not go there. */
export class AddressDenied extends Error {
  override name = 'AddressDenied';
}

/** The name has no address. */
export class NameUnknown extends Error {
  override name = 'NameUnknown';
}

const form = /^(?:\[([0-9a-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i;
const ports = { HTTP: 80, HTTPS: 443 } as const;

/** Undefined for what is no host with a port. */
export function readHost(written: string, protocol: keyof typeof ports): BackendHost | undefined {
  const [, inBrackets, name = inBrackets, digits] = form.exec(written) ?? [];
  const port = digits === undefined ? ports[protocol] : Number(digits);
  if (name === undefined || port === 0 || port > 65_535) return undefined;
  return inBrackets !== undefined && isIP(inBrackets) !== 6 ? undefined : { written, host: name, port };
}

/** @throws AddressDenied */
export function assertAllowed(address: string, port: number, { isBackendAllowed, isOwn }: AddressRules): void {
  // Also of an IPv4 address that is written as one of IPv6.
  if (!isBackendAllowed.check(address, isIPv4(address) ? 'ipv4' : 'ipv6'))
    throw new AddressDenied(`${address} is not among the addresses that backends may have (SIGNET_GATEWAY_BACKENDS)`);
  if (isOwn(address, port)) throw new AddressDenied(`${address} with the port ${port} is Signet itself`);
}

/** Finds the addresses of a name as `net.connect` asks for them: the one that is connected to has been looked at. */
export function guardedLookup(port: number, rules: AddressRules): LookupFunction {
  return (name, options, callback) => {
    const fail = (error: Error): void => callback(error, []);
    const answer = (addresses: readonly LookupAddress[]): void => {
      const [first] = addresses;
      if (first === undefined) return fail(new NameUnknown(`${name} has no address`));
      try {
        for (const { address } of addresses) assertAllowed(address, port, rules);
      } catch (error) {
        return fail(error as Error);
      }
      if (options.all === true) callback(null, [...addresses]);
      else callback(null, first.address, first.family);
    };
    rules.resolve(name).then(answer, (error: unknown) => {
      fail(new NameUnknown(`${name} has no address: ${error instanceof Error ? error.message : String(error)}`));
    });
  };
}
