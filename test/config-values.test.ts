import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { backendNetworks, networkList, processes } from '../src/config-values.ts';

const thisMachine = ['127.0.0.0/8', '::1'];

test.each<[given: readonly string[], host: string, allowed: readonly string[]]>([
  [['auto'], '127.0.0.1', thisMachine],
  [['auto'], '127.8.9.10', thisMachine],
  [['auto'], '::1', thisMachine],
  [['auto'], 'localhost', thisMachine],
  [['auto'], '0.0.0.0', []],
  [['auto'], '::', []],
  [['auto'], '192.168.1.7', []],
  [['auto'], 'signet', []],
  [['10.0.0.0/8', '192.168.1.7'], '0.0.0.0', ['10.0.0.0/8', '192.168.1.7']],
  [[], '127.0.0.1', []],
])('%j forwards, where Signet listens on %s, to %j', (given, host, allowed) => {
  expect(backendNetworks(given, host)).toEqual(allowed);
});

test('networks and addresses of both families are looked up', () => {
  const list = networkList(['10.0.0.0/8', '192.168.1.7', '2001:db8::/32', '::1']);
  const isIn = (address: string): boolean => list.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
  expect(['10.1.2.3', '192.168.1.7', '2001:db8::1', '::1', '::ffff:10.1.2.3'].filter((one) => !isIn(one))).toEqual([]);
  expect(['11.0.0.1', '192.168.1.8', '2001:db9::1', '::2', '::ffff:11.0.0.1'].filter(isIn)).toEqual([]);
});

test.each([
  ['auto', availableParallelism()],
  ['1', 1],
  ['256', 256],
  ['257', undefined],
  ['0', undefined],
  ['-1', undefined],
  ['two', undefined],
  ['', undefined],
])('%j processes are %j', (given, count) => {
  expect(processes(given)).toBe(count);
});
