/** Requests that are made to take long. */
import { constants, sign } from 'node:crypto';
import type { OciRequest } from '../../../../src/crypto/oci/signed-request.ts';
import { bodyHeaders, date, host, signed } from '../oci-signer.ts';
import { testKey } from '../vectors.ts';
import { resigned, rewritten, signedOver } from './diagnosed.ts';

export const many = (count: number, of: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, at) => of(at));
/** More than anybody has. */
export const manyNames = {
  hosts: many(1000, (index) => `host${index}.example`),
  prefixes: many(1000, (index) => `/prefix${index}`),
};

export const json = Buffer.from(
  JSON.stringify(Object.fromEntries(many(60, (at) => `é</${at}`).map((name) => [name, name]))),
);
export const body = (length: number): Buffer => Buffer.alloc(length, json);

/** Nothing in them is what was signed, and each makes much work of something. */
export const hostileRequests: readonly (readonly [what: string, request: OciRequest])[] = [
  ['an ordinary one', signedOver(spoilt, { body: json })],
  ['one without its date', rewritten(signedOver(spoilt, { body: json }), { date: undefined })],
  ['a long path', signedOver(spoilt, { target: `/${'a/%41%C3%A9|'.repeat(1200)}` })],
  ['slashes', signedOver(spoilt, { target: '/'.repeat(16_000) })],
  ['dots', signedOver(spoilt, { target: '/..'.repeat(5000) })],
  ['percent signs', signedOver(spoilt, { target: `/?${'%25'.repeat(5000)}` })],
  ['500 parameters', signedOver(spoilt, { target: `/a?${many(500, (at) => `p${at}=v+${at}`).join('&')}` })],
  ['as many separators', signedOver(spoilt, { target: `/a?${'&'.repeat(16_000)}` })],
  ['500 signed headers', listed(500, 'a , b ')],
  ['500 signed headers that are empty', listed(500, '')],
  ['12 signed headers, long ones', listed(12, 'A, b '.repeat(200))],
  ['one header of blanks and commas', listed(1, ' ,'.repeat(7000))],
  ['one header of slashes', forwarded('/'.repeat(15_000))],
  ['one header of commas', forwarded(','.repeat(15_000))],
  ['one header of hosts', forwarded('host=a;'.repeat(2000))],
  ['a long body', { ...signedOver(spoilt, { body: json }), body: body(10 * 1024 * 1024) }],
  ['a body that is just looked at', { ...signedOver(spoilt, { body: json }), body: body(256 * 1024) }],
  ['a body of JSON that is just written anew', { ...signedOver(spoilt, { body: json }), body: body(8 * 1024) }],
  ['another body of JSON', { ...signedOver(spoilt, { body: json }), body: Buffer.from(`[${json.toString()}]`) }],
  ['deep JSON', { ...signedOver(spoilt, { body: json }), body: Buffer.from('['.repeat(4000) + ']'.repeat(4000)) }],
  ['PSS that fills the block', resigned(signed(), pss(222))],
  ['PSS', resigned(signed(), pss(32))],
  ['a long signature', resigned(signed(), 'QUJD'.repeat(4000))],
  ['blanks for a signature', resigned(signed(), ' '.repeat(15_000))],
];

/** What the client signs, which nobody would guess. */
export function spoilt(text: string): string {
  return `${text}?`;
}

function listed(count: number, value: string): OciRequest {
  const names = many(count, (at) => `x-${at}`);
  return signedOver(spoilt, {
    headers: [['Date', date], ['Host', host], ...bodyHeaders(json), ...names.map((name) => [name, value] as const)],
    ...{ body: json, names: ['date', '(request-target)', 'host', ...names].join(' ') },
  });
}

function forwarded(value: string): OciRequest {
  const names = ['x-forwarded-host', 'forwarded', 'x-forwarded-prefix', 'x-original-uri', 'x-forwarded-port'];
  return rewritten(signedOver(spoilt), Object.fromEntries(names.map((name) => [name, value])));
}

function pss(saltLength: number): string {
  const key = { key: testKey.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
  return sign('sha256', Buffer.from('something else'), key).toString('base64');
}
