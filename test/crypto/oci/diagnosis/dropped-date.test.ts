/** A date that is listed as signed and did not arrive: what it was shows in the signature, since it was about now. */
import { describe, expect, test } from 'vitest';
import type { components } from '../../../../src/contract/openapi.ts';
import { makeClock, second } from '../../../support/clock.ts';
import { send } from '../../../support/http.ts';
import { ociServer } from '../../../support/oci-signer.ts';
import { makeOciPeople } from '../../../support/oci-tenancies.ts';
import { useSeed, useSignet } from '../../../support/signet.ts';
import { date, host, signed } from '../oci-signer.ts';
import { signedAt } from '../vectors.ts';
import { causesOf, diagnosisOf, rewritten, signedOver, stringOf } from './diagnosed.ts';

const dated = (names: string) =>
  signed({
    names: `${names} (request-target) host`,
    headers: [
      ['Host', host],
      ['Date', date],
      ['X-Date', date],
    ],
  });

describe('found', () => {
  test.each([
    ['at the same instant', 0],
    ['in the same second', 999],
    ['five minutes later', 300 * second + 999],
    ['by a clock that is a minute behind', -60 * second],
  ])('signed, and received %s', (_what, off) => {
    const diagnosis = diagnosisOf(rewritten(signed(), { date: undefined }), { at: signedAt + off });
    expect(causesOf(diagnosis)).toEqual(['date-dropped']);
    expect(diagnosis).toMatchObject({
      ...{ proved: true, signed: stringOf(signed()) },
      difference: { what: 'date', expected: 'date: ', received: `date: ${date}` },
    });
    expect(diagnosis.summary).toContain(`The client signed the date "${date}", and none arrived as date.`);
  });

  test.each([
    ['x-date', 'x-date', 'x-date'],
    ['x-date date', 'both of them', 'date or x-date'],
  ])('%s listed: %s', (names, _what, told) => {
    const request = rewritten(dated(names), { date: undefined, 'x-date': undefined });
    const diagnosis = diagnosisOf(request, { at: signedAt + 20 * second });
    expect(causesOf(diagnosis)).toEqual(['date-dropped']);
    expect(diagnosis.summary).toContain(`and none arrived as ${told}.`);
  });

  test('where the other date is of a later second, and counts for nothing', () => {
    const request = rewritten(dated('x-date'), { 'x-date': undefined, date: 'Sun, 05 Jan 2014 21:31:55 GMT' });
    expect(causesOf(diagnosisOf(request, { at: signedAt + 20 * second }))).toEqual(['date-dropped']);
  });
});

describe('not found', () => {
  test.each([
    ['received six minutes later', signed(), 301 * second],
    ['by a clock that is more than a minute behind', signed(), -61 * second],
    ['where something else was changed as well', signedOver((text) => `${text}?`), 0],
  ])('%s', (_what, request, off) => {
    const diagnosis = diagnosisOf(rewritten(request, { date: undefined }), { at: signedAt + off });
    expect(diagnosis).toMatchObject({ proved: false, causes: [] });
    expect(diagnosis.tried).toContain('date-dropped');
  });

  test('where nobody says when it was received', () => {
    const diagnosis = diagnosisOf(rewritten(signed(), { date: undefined }));
    expect(diagnosis).toMatchObject({ proved: false, causes: [] });
    expect(diagnosis.tried).not.toContain('date-dropped');
  });

  test('nor tried where the date is there, as in the request as sent', () => {
    const request = signed();
    expect(
      diagnosisOf(
        signedOver((text) => `${text}?`),
        { at: signedAt },
      ).tried,
    ).not.toContain('date-dropped');
    const { causes } = diagnosisOf(rewritten(request, { date: undefined }), { at: signedAt, sent: request });
    expect(causes).toMatchObject([{ name: 'date-changed' }]);
  });
});

describe('by a server', async () => {
  const clock = makeClock();
  const { signers, seed } = makeOciPeople();
  const { url } = await useSignet({ seed: useSeed(seed), now: clock.now, ociExplain: true });
  const oci = ociServer(url, clock.now);
  const asking = { target: '/oci/a', dropped: ['x-date'], at: clock.now() - 240 * second } as const;

  test('that says so at once, and later in its journal', async () => {
    const answer = await oci.send(signers.bob, asking);
    expect(answer.status).toBe(401);
    const { message } = answer.json as { message: string };
    expect(message).toContain(`The client signed the date "${new Date(asking.at).toUTCString()}"`);

    clock.advance(3600 * second);
    const path = `/_signet/journal/${String(answer.headers['x-request-id'])}/explanation`;
    const { oci: told } = (await send(url, 'get', path)).body as components['schemas']['Explanation'];
    expect(told?.diagnosis?.causes).toMatchObject([{ name: 'date-dropped' }]);
  });

  test('and tells the length of a signature that is cut off once', async () => {
    const signature = Buffer.alloc(198, 1).toString('base64');
    const answer = await oci.send(signers.bob, { target: '/oci/a', parameters: { signature } });
    const { message } = answer.json as { message: string };
    expect(message.match(/\b198\b/g)).toHaveLength(1);
    expect(message.match(/\b2048\b/g)).toHaveLength(1);
  });
});
