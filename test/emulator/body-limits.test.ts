import { expect, test } from 'vitest';
import { send, type Answer } from '../support/http.ts';
import { useSignet } from '../support/signet.ts';

const { url } = await useSignet({ seed: 'none' });
const MiB = 1024 * 1024;
const elsewhere = { 'X-Forwarded-For': '203.0.113.9' };

const codeOf = ({ body }: Answer): unknown => {
  const { error, error_code } = body as { error?: { error_code: string }; error_code?: string };
  return error?.error_code ?? error_code;
};
/** JSON of so many bytes, most of them objects that cost memory to read. */
const bodyOf = (bytes: number): string =>
  `{"request":"x","signet_snapshot":1,"a":[{}${',{}'.repeat(Math.floor(bytes / 3))}]}`;

test.each([
  ['a state of more than the gateway takes', '/_signet/state/import', {}, 13, 400, 'Signet.InvalidSnapshot'],
  ['a state from another machine, without the token', '/_signet/state/import', elsewhere, 13, 413, 'APIGW.0201'],
  [
    'a state from another machine, with a wrong token',
    '/_signet/state/import',
    { ...elsewhere, 'X-Signet-Token': 'wrong' },
    13,
    413,
    'APIGW.0201',
  ],
  ['any other long body', '/_signet/explain', {}, 2, 400, 'Signet.InvalidBody'],
  [
    'any other long body, before its token is looked at',
    '/_signet/explain',
    { ...elsewhere, 'X-Auth-Token': 'no such token' },
    2,
    400,
    'Signet.InvalidBody',
  ],
  ['a body where none is wanted', '/_signet/snapshots/x/restore', {}, 13, 413, 'APIGW.0201'],
])('%s to %s', async (_, path, headers, length, status, code) => {
  const answer = await send(url, 'post', path, { headers, body: bodyOf(length * MiB) });
  expect([answer.status, codeOf(answer)]).toEqual([status, code]);
});
