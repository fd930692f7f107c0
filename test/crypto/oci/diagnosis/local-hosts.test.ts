/** Clients and proxies on a machine for development, which nobody has told of the names and ports of one another. */
import { describe, expect, test } from 'vitest';
import { host } from '../oci-signer.ts';
import { causesOf, diagnosisOf, rewritten, signedOver } from './diagnosed.ts';

const body = Buffer.from('{"key": "value"}');

/** Signed for one host, and arrived with another one. */
const passedOn = (signedFor: string, arrived: string, more: Parameters<typeof signedOver>[1] = {}) =>
  rewritten(
    signedOver((text) => text.replace(host, signedFor), more),
    { host: arrived },
  );

describe('found by itself', () => {
  test.each([
    ['127.0.0.1:5701', 'localhost:5670'],
    ['localhost:3000', 'localhost:5670'],
    ['localhost:5620', 'localhost:5670'],
    ['localhost', 'signet:5670'],
    ['127.0.0.1:80', 'signet'],
    ['[::1]:8080', 'backend'],
    ['host.docker.internal:5670', '172.17.0.1:9000'],
    ['signet:5673', 'signet:5670'],
    ['signet:5667', 'signet:5670'],
    ['signet:5173', 'signet:5670'],
    ['signet:3000', 'signet'],
    ['localhost:65535', 'localhost:65534'],
  ])('signed for %s, arrived for %s', (signedFor, arrived) => {
    for (const more of [{}, { body }]) {
      const diagnosis = diagnosisOf(passedOn(signedFor, arrived, more));
      expect(causesOf(diagnosis)).toEqual(['host-local-port']);
      expect(diagnosis).toMatchObject({ proved: true, difference: { what: 'host', received: `host: ${signedFor}` } });
      expect(diagnosis.summary).toContain(
        `The client signed the host "${signedFor}", found by trying local names and other ports; "${arrived}" arrived.`,
      );
    }
  });
});

describe('not found', () => {
  test.each([
    ['another name', 'dev.example:3000', 'localhost:5670'],
    ['a port far from the one that arrived', 'localhost:5619', 'localhost:5670'],
    ['a port near it of another name', 'signet:5674', 'signet:5670'],
    ['no port that there is', 'localhost:0', 'localhost:1'],
    ['nor this', 'localhost:65536', 'localhost:65535'],
  ])('%s', (_what, signedFor, arrived) => {
    expect(diagnosisOf(passedOn(signedFor, arrived))).toMatchObject({ proved: false, causes: [] });
  });
});

test.each([
  ['localhost:3000', 'localhost:5670', { hosts: ['localhost:3000'] }, 'host-of-service'],
  ['127.0.0.1:5670', 'localhost:5670', {}, 'host-alias'],
  ['signet:443', 'signet', {}, 'host-port'],
])('what was found before is found as before: %s, %s', (signedFor, arrived, surroundings, cause) => {
  expect(causesOf(diagnosisOf(passedOn(signedFor, arrived), surroundings))).toEqual([cause]);
});

test('where nothing is left to be tried, it is not', () => {
  expect(diagnosisOf(passedOn('localhost:3000', 'localhost:5670'), { limit: 300 })).toMatchObject({ proved: false });
});
