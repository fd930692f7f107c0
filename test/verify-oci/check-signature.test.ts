import { expect, it, test } from 'vitest';
import { checkOciSignature, type ReceivedRequest } from '../../src/verify-oci/verify-oci.ts';
import { date, host, signed } from '../crypto/oci/oci-signer.ts';
import { signedAt, testKey } from '../crypto/oci/vectors.ts';

const [tenancyId, userId, fingerprint] = testKey.keyId.split('/');
const options = { keys: { [testKey.keyId]: testKey.publicKey }, now: () => signedAt };
const request = signed({
  headers: [
    ['Date', date],
    ['Host', host],
    ['X-Two', 'a'],
    ['x-two', 'b'],
  ],
  names: 'date (request-target) host x-two',
  text: `date: ${date}\n(request-target): get /20160918/users?limit=1\nhost: ${host}\nx-two: a, b`,
});
const authorization = request.headers.at(-1)![1];

test.each<[how: string, headers: ReceivedRequest['headers']]>([
  ['names and values by turns', request.headers.flat()],
  ['pairs', request.headers],
  [
    'a Map',
    new Map([
      ['date', date],
      ['host', host],
      ['x-two', 'a, b'],
      ['authorization', authorization],
    ]),
  ],
  ['Headers', new Headers(request.headers.map(([name, value]): [string, string] => [name, value]))],
  ['an object', { Date: date, HOST: host, 'x-two': ['a', 'b'], 'X-None': undefined, authorization }],
  ['those of HTTP/2', { ':method': 'GET', ':authority': host, date, 'x-two': 'a, b', authorization }],
])('headers may be %s', async (_, headers) => {
  expect(await checkOciSignature({ ...request, headers }, options)).toEqual({
    caller: {
      ...{ tenancyId, userId, fingerprint, warnings: [] },
      signedHeaders: ['date', '(request-target)', 'host', 'x-two'],
    },
  });
});

it('takes Host, not :authority, where both came', async () => {
  const headers = { ':authority': 'other', host, date, 'x-two': 'a, b', authorization };
  expect(await checkOciSignature({ ...request, headers }, options)).toHaveProperty('caller');
});

it('says what to answer, and why', async () => {
  expect(await checkOciSignature({ ...request, headers: [] }, options)).toEqual({
    ...{ status: 401, code: 'NotAuthenticated', check: 'authorization', why: 'There is no Authorization header.' },
    message: 'The required information to complete authentication was not provided or was incorrect.',
  });
});

it('asks for no body that is not signed, nor before all else is right', async () => {
  const body = () => Promise.reject(new Error('not to be read'));
  expect(await checkOciSignature({ ...request, body }, options)).toHaveProperty('caller');
  const post = { ...signed({ body: Buffer.from('{}') }), body };
  expect(await checkOciSignature({ ...post, target: '/' }, options)).toMatchObject({ check: 'signature' });
  await expect(checkOciSignature(post, options)).rejects.toThrow('not to be read');
});
