import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { openssl } from '../crypto/outside/openssl.ts';
import { makeClock } from '../support/clock.ts';
import { expectOciRefusal } from '../support/oci-refusals.ts';
import { keysPath, makeOciPair, ociServer, type OciAsking } from '../support/oci-signer.ts';
import { makeOciPeople } from '../support/oci-tenancies.ts';
import { useSeed, useSignet } from '../support/signet.ts';

const clock = makeClock();
const { signers, seed } = makeOciPeople();
const { url } = await useSignet({ seed: useSeed(seed), now: clock.now });
const oci = ociServer(url, clock.now);
const { ada, bob, cyd } = signers;
const [pair, short] = [makeOciPair(), makeOciPair(1024)];

// Cyd has as many keys as a user can have, and one of them by a retry token.
for (const [{ publicKeyPem }, headers] of [
  [makeOciPair(), []],
  [makeOciPair(), [['opc-retry-token', 'once']]],
] as const)
  await oci.upload(cyd, publicKeyPem, { headers });

const everything = (): Promise<unknown[]> =>
  Promise.all([ada, bob, cyd].map(async (one) => (await oci.list(one)).json));
const before = await everything();
afterAll(async () => {
  expect(await everything(), 'refused requests change nothing').toEqual(before);
});

interface Row {
  readonly operation: string;
  readonly why: string;
  readonly asking: OciAsking;
  readonly status: number;
  readonly code: string;
  readonly message?: RegExp;
}

const target = keysPath(bob.userId);
const post = (body: unknown, more: Partial<OciAsking> = {}): OciAsking => ({
  ...{
    method: 'POST',
    target,
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
  },
  ...more,
});
const upload = (status: number, code: string, why: string, asking: OciAsking, message?: RegExp): Row => ({
  operation: 'oci.uploadApiKey',
  why,
  asking,
  status,
  code,
  ...(message && { message }),
});
const withKey = (key: unknown, more: Partial<OciAsking> = {}): OciAsking => post({ key }, more);
const badKey = (why: string, key: unknown, message: RegExp): Row =>
  upload(400, 'InvalidParameter', why, withKey(key), message);

const pem = pair.publicKeyPem;
const pkcs8 = { key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) };
const made = (...args: readonly string[]): string => openssl([...args, '-out', 'out'], pkcs8).toString();
const encrypted = pair.privateKey.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x' });
const certificate = made('req', '-x509', '-new', '-key', 'key', '-subj', '/CN=x', '-days', '1');
const ec = openssl(['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', 'out'], {});
const ecPublic = openssl(['pkey', '-pubout', '-in', 'key', '-out', 'out'], { key: ec }).toString();

const uploads: readonly Row[] = [
  ...['', '{', 'null', '"a"', '[]', '1', '\u0000', '{"key":"a"} x']
    .slice(1)
    .map((body) => upload(400, 'CannotParseRequest', `the body ${JSON.stringify(body)}`, post(body))),
  upload(400, 'MissingParameter', 'no body', post(''), /key/),
  upload(400, 'MissingParameter', 'no key', post({}), /key/),
  upload(400, 'MissingParameter', 'null as the key', post({ key: null }), /key/),
  upload(400, 'MissingParameter', 'another name', post({ Key: pem }), /key/),
  upload(413, 'PayloadTooLarge', 'a byte more than 1 MiB', post(Buffer.alloc(1024 * 1024 + 1, ' '))),
  upload(413, 'PayloadTooLarge', 'more than the server reads', post(Buffer.alloc(12 * 1024 * 1024 + 1, ' '))),
  upload(400, 'InvalidParameter', 'a list as the key', withKey([pem]), /key/),
  upload(400, 'InvalidParameter', 'an object as the key', withKey({ pem }), /key/),
  upload(400, 'InvalidParameter', 'a key of more than 16 KiB', withKey(pem + ' '.repeat(16_384)), /key/),
  badKey('an empty key', '', /empty/),
  badKey('a number', 5, /PEM/),
  badKey('a private key', pkcs8.key, /private key/),
  badKey('an encrypted private key', encrypted, /private key/),
  badKey('an SSH key', 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 bob@example', /SSH/),
  badKey('a certificate', certificate, /certificate/),
  badKey('a key of 1024 bits', short.publicKeyPem, /1024 bits.*2048/),
  badKey('a key that is not RSA', ecPublic, /not RSA/),
  badKey('line breaks that became blanks', pem.replaceAll('\n', ' '), /blanks/),
  badKey('line breaks that are written out', pem.replaceAll('\n', '\\n'), /\\n/),
  badKey('a key that is cut off', pem.slice(0, 200), /cut off/),
  badKey('a key with something in it', pem.replace('M', '!'), /PEM/),
  badKey('two keys', pem + pem, /more than one/),
  badKey('a fingerprint', pair.fingerprint, /PEM/),
  upload(
    400,
    'InvalidParameter',
    'a retry token that is too long',
    withKey(pem, { headers: [['opc-retry-token', 'x'.repeat(65)]] }),
    /opc-retry-token/,
  ),
  upload(400, 'LimitExceeded', 'a fourth key', withKey(pem, { target: keysPath(cyd.userId) })),
  upload(
    409,
    'InvalidatedRetryToken',
    'a retry token of another upload',
    withKey(pem, { target: keysPath(cyd.userId), headers: [['opc-retry-token', 'once']] }),
  ),
];

const ofAll: readonly Row[] = (
  [
    ['oci.uploadApiKey', 'POST', target, JSON.stringify({ key: pem })],
    ['oci.listApiKeys', 'GET', target, undefined],
    ['oci.deleteApiKey', 'DELETE', `${target}/${bob.fingerprint}`, undefined],
  ] as const
).flatMap(([operation, method, path, body]) => {
  const asking = { method, target: path, ...(body !== undefined && { body }) };
  const elsewhere = { ...asking, target: path.replace(bob.userId, 'ocid1.user.oc1..nobody') };
  return [
    {
      operation,
      why: 'nobody has signed',
      asking: { ...asking, authorization: null },
      status: 401,
      code: 'NotAuthenticated',
    },
    {
      operation,
      why: 'another one has signed',
      asking: { ...asking, target: path.replace(bob.userId, cyd.userId) },
      status: 404,
      code: 'NotAuthorizedOrNotFound',
    },
    { operation, why: 'there is no such user', asking: elsewhere, status: 404, code: 'NotAuthorizedOrNotFound' },
  ];
});

const remove = (
  status: number,
  code: string,
  why: string,
  fingerprint: string,
  headers: OciAsking['headers'] = [],
): Row => ({
  ...{ operation: 'oci.deleteApiKey', why, status, code },
  asking: { method: 'DELETE', target: `${target}/${fingerprint}`, headers },
});
const removals: readonly Row[] = [
  remove(404, 'NotAuthorizedOrNotFound', 'a key that there is not', pair.fingerprint),
  remove(404, 'NotAuthorizedOrNotFound', 'a key of somebody else', encodeURIComponent(cyd.fingerprint)),
  remove(404, 'NotAuthorizedOrNotFound', 'a fingerprint in capitals', bob.fingerprint.toUpperCase()),
  remove(404, 'NotAuthorizedOrNotFound', 'a fingerprint without colons', bob.fingerprint.replaceAll(':', '')),
  remove(404, 'NotAuthorizedOrNotFound', 'no fingerprint at all', '%00'),
  remove(412, 'NoEtagMatch', 'another etag', bob.fingerprint, [['if-match', 'another']]),
];

const asBob = ({ asking }: Row) => oci.send(asking.target.includes(cyd.userId) ? cyd : bob, asking);

describe.each([
  ['uploads', uploads],
  ['removals', removals],
])('of %s', (_name, rows) => {
  test.each(rows)('$why is $code', async (row) => {
    expectOciRefusal(await asBob(row), row.status, row.code, row.message);
  });
});

describe('of every operation', () => {
  test.each(ofAll)('$operation: $why', async (row) => {
    const answer = await oci.send(bob, row.asking);
    const message = row.status === 401 ? /^The required information to complete authentication/ : undefined;
    expectOciRefusal(answer, row.status, row.code, message);
  });

  test('also an administrator finds nobody who is not there', async () => {
    for (const { asking } of ofAll.filter(({ why }) => why === 'there is no such user'))
      expectOciRefusal(await oci.send(ada, asking), 404, 'NotAuthorizedOrNotFound');
  });
});

describe('what no operation answers', () => {
  const methods = ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'];
  test.each([
    ...methods.map((method) => [method, target]),
    ...['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'OPTIONS'].map((method) => [method, `${target}/${bob.fingerprint}`]),
  ] as [string, string][])('%s %s is MethodNotAllowed', async (method, path) => {
    const answer = await oci.send(bob, { method, target: path });
    if (method === 'HEAD') expect([answer.status, answer.text]).toEqual([405, '']);
    else expectOciRefusal(answer, 405, 'MethodNotAllowed');
  });

  test.each([
    '/20160918',
    '/20160918/',
    '/20160918/users',
    `/20160918/users/${bob.userId}`,
    `/20160918/users/${bob.userId}/apikeys`,
    `/20160918/users//apiKeys`,
    `/20160918/users/${bob.userId}/apiKeys/a/b`,
    '/20160918/instances?compartmentId=x',
    '//20160918/instances',
  ])('%s is NotFound, signed or not', async (path) => {
    for (const authorization of [undefined, null])
      expectOciRefusal(
        await oci.send(bob, { target: path, ...(authorization === null && { authorization }) }),
        404,
        'NotFound',
      );
  });

  test.each(['/20160919/users', '/20160918x', '/x/20160918/users', '/2016091'])(
    '%s is no path of OCI',
    async (path) => {
      const answer = await oci.send(bob, { target: path });
      expect([answer.status, answer.json]).toMatchObject([404, { error_code: 'APIGW.0101' }]);
    },
  );

  test.each(['/20160918/users/%zz/apiKeys', '/20160918/users/%/apiKeys', `/20160918/${'x'.repeat(33_000)}`])(
    '%.40s cannot be read',
    async (path) => {
      expectOciRefusal(await oci.send(bob, { target: path }), 400, 'CannotParseRequest', /path has to be well-formed/);
    },
  );
});

test('there is a row for every refusal of the contract, and none beside it', async () => {
  const conflict = await oci.send(bob, withKey((await ownKey()).keyValue));
  expectOciRefusal(conflict, 409, 'Conflict');
  const shown = [...uploads, ...removals, ...ofAll].map(({ operation, code }) => `${operation} ${code}`);
  expect([...new Set([...shown, 'oci.uploadApiKey Conflict'])].sort()).toEqual(promised().sort());
});

const ownKey = async () => ((await oci.list(bob)).json as { keyValue: string }[])[0]!;

/** What openapi.yaml says of each operation. */
function promised(): string[] {
  const { tags, paths } = parse(readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8')) as {
    tags: { name: string; 'x-refusals'?: string[] }[];
    paths: Record<string, Record<string, { operationId?: string; 'x-refusals'?: string[] }>>;
  };
  const ofTag = tags.find(({ name }) => name === 'oci')?.['x-refusals'] ?? [];
  return Object.values(paths)
    .flatMap((item) => Object.values(item))
    .filter(({ operationId = '' }) => operationId.startsWith('oci.'))
    .flatMap(({ operationId, 'x-refusals': own = [] }) => [...ofTag, ...own].map((code) => `${operationId!} ${code}`));
}
