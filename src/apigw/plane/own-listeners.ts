import { BlockList, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Where something listens. */
export interface Listener {
  readonly address: string;
  readonly port: number;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

const familyOf = (address: string) => (isIPv4(address) ? 'ipv4' : 'ipv6');

const isLocal = (address: string): boolean =>
  loopback.check(address, familyOf(address)) ||
  Object.values(networkInterfaces()).some((some = []) => some.some((own) => isSame(own.address, address)));

/** Whether two addresses are one, also where an IPv4 address is written as one of IPv6. */
function isSame(one: string, other: string): boolean {
  const list = new BlockList();
  list.addAddress(one, familyOf(one));
  return list.check(other, familyOf(other));
}

/** Of an address that means each one of this machine. */
const isEvery = (address: string): boolean => isSame('0.0.0.0', address) || isSame('::', address);

/** Whether a connection to this address and port would be taken by one of these. */
export function isOneOf(listeners: readonly Listener[], address: string, port: number): boolean {
  return listeners.some((listener) => {
    if (listener.port !== port) return false;
    // A connection to no address in particular stays on this machine.
    if (isEvery(address)) return true;
    return isEvery(listener.address) ? isLocal(address) : isSame(listener.address, address);
  });
}
