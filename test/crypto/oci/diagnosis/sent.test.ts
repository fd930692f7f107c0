/** Both sides of a request are known: as the client sent it, and as it arrived. */
import { describe, expect, test } from 'vitest';
import type { OciRequest } from '../../../../src/crypto/oci/signed-request.ts';
import { date, host, signed } from '../oci-signer.ts';
import { causesOf, diagnosisOf, readable, reauthorized, rewritten, signedOver, stringOf } from './diagnosed.ts';

const body = Buffer.from('{"text":"é"}');
const sent = signed({ target: '/gateway/20160918/users?limit=1', body });
const backend = 'backend.internal';

/** As a gateway passes it on that nobody would guess. */
const received = rewritten(
  { ...sent, target: '/app/users' },
  { host: backend, 'content-type': undefined, 'x-real-ip': '192.0.2.1' },
);

describe('what the client signed is what it sent', () => {
  const diagnosis = diagnosisOf(received, { sent });

  test('each header that differs is a cause', () => {
    expect(causesOf(diagnosis)).toEqual(['request-target-changed', 'host-changed', 'content-type-changed']);
    expect(diagnosis.causes.map(({ explanation }) => explanation)).toEqual([
      '(request-target) was "post /gateway/20160918/users?limit=1" when it was sent, and "post /app/users" when it arrived.',
      `host was "${host}" when it was sent, and "${backend}" when it arrived.`,
      'content-type was "application/json" when it was sent, and not there when it arrived.',
    ]);
    expect(diagnosis).toMatchObject({ proved: true, signed: stringOf(sent), tried: [] });
  });

  test('both sides of every signed header are shown, and the first line that differs', () => {
    expect(diagnosis.components).toEqual([
      { name: 'date', received: date, sent: date },
      { name: '(request-target)', received: 'post /app/users', sent: 'post /gateway/20160918/users?limit=1' },
      { name: 'host', received: backend, sent: host },
      { name: 'content-length', received: `${body.length}`, sent: `${body.length}` },
      { name: 'content-type', received: undefined, sent: 'application/json' },
      expect.objectContaining({ name: 'x-content-sha256' }),
    ]);
    expect(diagnosis.expected).toContain('\ncontent-type: \n');
    expect(diagnosis.difference).toEqual({
      ...{ line: 2, what: '(request-target)', column: 25 },
      expected: '(request-target): post /app/users',
      received: '(request-target): post /gateway/20160918/users?limit=1',
    });
  });

  test('without the request as sent nothing of it is known', () => {
    expect(diagnosisOf(received)).toMatchObject({
      proved: false,
      causes: [],
      signed: undefined,
      difference: undefined,
    });
    expect(diagnosisOf(received).components[2]).toEqual({ name: 'host', received: backend });
  });

  test('a list of signed headers that was changed is a cause of its own', () => {
    const relisted = reauthorized(sent, (text) =>
      text.replace('date (request-target) host', 'host (request-target) date'),
    );
    const { causes, signed: string } = diagnosisOf(relisted, { sent });
    expect(causes).toMatchObject([
      {
        name: 'authorization-changed',
        explanation: expect.stringMatching(/^headers was "date .*" .* "host /) as string,
      },
    ]);
    expect(string).toBe(stringOf(sent));
  });

  test('where nothing differs, the signature is right', () => {
    expect(diagnosisOf(sent, { sent })).toMatchObject({ proved: true, causes: [], signed: stringOf(sent) });
  });
});

describe('what the client signed is not what it sent', () => {
  const passedOn = (request: OciRequest): OciRequest =>
    rewritten({ ...request, target: '/app/users' }, { host: backend });

  test('its own mistake is told before what became of it on the way', () => {
    const own = signedOver((text) => text.replace('limit=1', 'name=\xc3\xa9'), { target: '/gateway/users?limit=1' });
    const request = { ...own, target: '/gateway/users?name=%C3%A9' };
    const diagnosis = diagnosisOf(passedOn(request), { sent: request });
    expect(causesOf(diagnosis)).toEqual(['beyond-ascii-not-encoded', 'request-target-changed', 'host-changed']);
    expect(diagnosis.signed).toBe(readable(stringOf({ ...own, target: '/gateway/users?name=\xc3\xa9' })));
    expect(diagnosis.causes[0]?.explanation).not.toContain('arrived');
  });

  test('nor is anything known of it: both sides are to be compared with the signing string', () => {
    const other = signedOver((text) => `${text}?`, { target: '/gateway/users' });
    const diagnosis = diagnosisOf(passedOn(other), { sent: other });
    expect(diagnosis).toMatchObject({ proved: false, causes: [], signed: undefined });
    expect(diagnosis.summary).toMatch(
      /It is not the request as sent either, which differs in \(request-target\), host/,
    );
    expect(diagnosis.components[2]).toEqual({ name: 'host', received: backend, sent: host });
  });

  test('but for what arrived: it signed for the back end, with a port', () => {
    const forBackend = signedOver((text) => text.replace(host, `${backend}:443`), { target: '/app/users' });
    const before = { ...forBackend, target: '/gateway/users' };
    const diagnosis = diagnosisOf(rewritten(forBackend, { host: backend }), { sent: before });
    expect(causesOf(diagnosis)).toEqual(['host-port']);
  });
});
