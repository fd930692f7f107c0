/** What the summary says where nothing was found, and that it says nothing twice. */
import { describe, expect, test } from 'vitest';
import { host, signed } from '../oci-signer.ts';
import { diagnosisOf, resigned, rewritten, signedOver } from './diagnosed.ts';
import { spoilt } from './hostile-requests.ts';

const ofHosts = 'If the client signs for another host, name that in SIGNET_OCI_HOSTS, and it is tried as well.';
const ofSent = 'Give the request as the client sent it to POST /_signet/oci/verify, as `sent`, to see both sides.';

describe('where nothing was found', () => {
  test('it names what helps', () => {
    const { summary, proved } = diagnosisOf(signedOver(spoilt));
    expect(proved).toBe(false);
    expect(summary).toContain(`${ofSent} ${ofHosts}`);
  });

  test('no hosts where none is signed', () => {
    const { summary } = diagnosisOf(signedOver(spoilt, { names: 'date (request-target)' }));
    expect(summary).toContain(ofSent);
    expect(summary).not.toContain('SIGNET_OCI_HOSTS');
  });

  test('not the request as sent where that is known', () => {
    const request = signedOver(spoilt);
    const { summary } = diagnosisOf(rewritten(request, { host: 'backend' }), { sent: request });
    expect(summary).toContain(ofHosts);
    expect(summary).not.toContain(ofSent);
  });

  test('nothing of it where something was found', () => {
    const { summary } = diagnosisOf(rewritten(signed(), { host: 'backend' }), { hosts: [host] });
    expect(summary).not.toMatch(/SIGNET_OCI_HOSTS|verify/);
  });
});

describe('how what was changed on the way is put right', () => {
  const sent = signed({ body: Buffer.from('{}') });
  const remedyOf = (names: string): string =>
    `Let nothing on the way change ${names}, or sign the request that arrives, behind what changes it.`;

  test.each([
    ['host', { host: 'x' }],
    ['host and content-type', { host: 'x', 'content-type': 'text/csv' }],
    ['date, host and content-type', { host: 'x', 'content-type': 'text/csv', date: undefined }],
  ])('%s: in one sentence', (names, changes) => {
    const { causes, summary } = diagnosisOf(rewritten(sent, changes), { sent });
    expect(causes).toHaveLength(Object.keys(changes).length);
    expect(new Set(causes.map(({ remedy }) => remedy))).toEqual(new Set([remedyOf(names)]));
    expect(summary.split('Let nothing')).toHaveLength(2);
    expect(summary).toContain(remedyOf(names));
  });
});

describe('a signature of another length', () => {
  const whole = /signature="([^"]*)"/.exec(signed().headers.at(-1)![1])![1]!;

  test.each([
    ['cut off, which the refusal tells', whole.slice(0, -40), 'The signature is shorter than one by the stored key: a'],
    ['too long', 'QUJD'.repeat(100), 'The signature is longer than one by the stored key.'],
    ['cut off within four characters', whole.slice(0, -42), 'The signature has 226 bytes; one by the stored key of'],
  ])('%s', (_what, signature, said) => {
    const { causes, summary } = diagnosisOf(resigned(signed(), signature));
    expect(causes.map(({ name }) => name)).toEqual(['signature-length']);
    expect(summary.startsWith(said)).toBe(true);
  });
});
