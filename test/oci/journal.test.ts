import { describe, expect, test } from 'vitest';
import { makeClock } from '../support/clock.ts';
import { send } from '../support/http.ts';
import { keysPath, makeOciPair, ociServer, type OciAnswer, type OciAsking } from '../support/oci-signer.ts';
import { makeOciPeople } from '../support/oci-tenancies.ts';
import { useSeed, useSignet } from '../support/signet.ts';

const clock = makeClock();
const { signers, seed } = makeOciPeople();
const { url } = await useSignet({ seed: useSeed(seed), now: clock.now });
const oci = ociServer(url, clock.now);
const { ada, bob } = signers;
const pair = makeOciPair();

interface Entry {
  readonly request: { readonly headers: readonly (readonly [string, string])[]; readonly target: string };
  readonly caller?: unknown;
}

const journal = async (query: string): Promise<Entry[]> =>
  ((await send(url, 'get', `/_signet/journal?${query}`)).body as { entries: Entry[] }).entries;
const entryOf = async ({ headers }: OciAnswer): Promise<Entry> =>
  (await send(url, 'get', `/_signet/journal/${String(headers['x-request-id'])}`)).body as Entry;
const headerOf = ({ request }: Entry, wanted: string): string | undefined =>
  request.headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
const asked = async (asking: Partial<OciAsking>): Promise<Entry> =>
  entryOf(await oci.send(bob, { target: keysPath(bob.userId), ...asking }));

test('an entry says who signed with which key', async () => {
  const answer = await oci.list(ada, bob.userId);
  expect((await entryOf(answer)).caller).toStrictEqual({
    ...{ user: 'ada', user_id: ada.userId, domain: 'north', fingerprint: ada.fingerprint },
  });
  const found = await journal(`user_id=${ada.userId}&operation=oci.*`);
  expect(found).toEqual([await entryOf(answer)]);
});

describe('of an Authorization is shown', () => {
  const id = `${bob.tenancyId}/${bob.userId}/${bob.fingerprint}`;
  const rest = 'algorithm="rsa-sha256",headers="x-date (request-target) host",signature="***"';
  test.each([
    ['all but the signature', {}, `Signature version="1",keyId="${id}",${rest}`],
    ['no session token', { keyId: 'ST$token' }, `Signature version="1",keyId="***",${rest}`],
    ['no key id that is none', { keyId: 'secret' }, `Signature version="1",keyId="***",${rest}`],
    [
      'nothing that may be a secret',
      { algorithm: 'a secret!' },
      `Signature version="1",keyId="${id}",${rest.replace('rsa-sha256', '***')}`,
    ],
  ] as const)('%s', async (_what, parameters, shown) => {
    expect(headerOf(await asked({ parameters }), 'authorization')).toBe(shown);
  });

  test.each([
    'Signature keyId="my secret"',
    'Signature secret',
    'Bearer secret',
    'my-secret',
    'Signature version="1",keyId',
  ])('nothing of %s', async (authorization) => {
    const entry = await asked({ authorization });
    expect(JSON.stringify(entry)).not.toContain('secret');
  });
});

test('a signature stands nowhere in an entry, nor does a session token', async () => {
  for (const keyId of ['ST$a.long.session.token', `${bob.tenancyId}/${bob.userId}/${bob.fingerprint}`]) {
    const answer = await oci.send(bob, { target: keysPath(bob.userId), parameters: { keyId }, at: 0 });
    const text = JSON.stringify(await entryOf(answer));
    expect(text).not.toMatch(/session\.token|[A-Za-z0-9+/]{100}/);
    expect(text).toContain('is not within allowed clock skew');
  }
});

test('the headers of OCI’s SDKs are shown, and others not', async () => {
  const headers = [
    ['opc-retry-token', 'dfa45ab0'],
    ['opc-client-info', 'Oracle-PythonSDK/2.182.1'],
    ['opc-client-retries', 'true'],
    ['opc-request-id', 'mine'],
    ['opc-obo-token', 'somebody'],
  ] as const;
  const entry = await asked({ headers });
  for (const [name, value] of headers) expect(headerOf(entry, name)).toBe(name === 'opc-obo-token' ? '***' : value);
  expect(headerOf(entry, 'x-date')).toBe(new Date(clock.now()).toUTCString());
});

test('what was uploaded is not shown, for it may be a private key', async () => {
  const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const refused = await oci.upload(bob, privateKey);
  expect(refused.json).toMatchObject({
    code: 'InvalidParameter',
    message: expect.stringMatching(/private key/) as string,
  });
  expect(refused.text).not.toContain(privateKey.slice(40, 80));
  const entry = await entryOf(refused);
  expect(entry.request).toMatchObject({ body: { key: '***' } });
  expect(JSON.stringify(entry)).not.toContain(privateKey.slice(40, 80));
});

test('of answers everything is shown: public keys are no secret', async () => {
  const entry = await entryOf(await oci.upload(bob, pair.publicKeyPem));
  expect(entry).toMatchObject({ answer: { status: 200, body: { keyValue: pair.publicKeyPem, inactiveStatus: null } } });
  const listed = await entryOf(await oci.list(bob));
  expect(listed).toMatchObject({ answer: { body: [{ userId: bob.userId }, { fingerprint: pair.fingerprint }] } });
});

test('an entry of an unknown path has its refusal', async () => {
  const entry = await asked({ target: '/20160918/instances?displayName=x' });
  expect(entry).toMatchObject({
    request: { target: '/20160918/instances?***' },
    refusal: { code: 'NotFound' },
    answer: { status: 404, body: { code: 'NotFound', message: expect.any(String) as string } },
  });
  expect(entry).not.toHaveProperty('operation');
});
