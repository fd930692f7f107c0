import { describe, expect, test } from 'vitest';
import { makeClock, second } from '../support/clock.ts';
import { send } from '../support/http.ts';
import { expectOciRefusal } from '../support/oci-refusals.ts';
import {
  keysPath,
  makeOciPair,
  ociServer,
  type Header,
  type OciAsking,
  type OciSigner,
} from '../support/oci-signer.ts';
import { makeOciPeople, ociTenancyIds } from '../support/oci-tenancies.ts';
import { useSeed, useSignet } from '../support/signet.ts';

const clock = makeClock(Date.parse('2026-01-15T10:30:00.900Z'));
const { signers, seed } = makeOciPeople();
const { url } = await useSignet({ seed: useSeed(seed), now: clock.now, ociHosts: ['identity.example.com'] });
const oci = ociServer(url, clock.now);
const { ada, bob, eve } = signers;
const pair = makeOciPair();
const list = keysPath(bob.userId);

const generic = /^The required information to complete authentication was not provided or was incorrect\.$/;
const unverified = /^Failed to verify the HTTP\(S\) Signature$/;
const [second1, ofGet] = [clock.now() - (clock.now() % second), ['date', '(request-target)', 'host']];
const date = (offset = 0): string => new Date(second1 + offset * second).toUTCString();
const whole = { method: 'POST', target: list, body: JSON.stringify({ key: pair.publicKeyPem }) } as const;
const keyId = (tenancy: string, user: string, fingerprint: string) => ({ keyId: `${tenancy}/${user}/${fingerprint}` });

interface Row {
  readonly why: string;
  readonly asking: Partial<OciAsking>;
  readonly signer?: OciSigner;
}

interface RefusedRow extends Row {
  readonly check: string;
  readonly text?: RegExp;
  /** What the journal says beside it. */
  readonly says: RegExp;
}

const accepted: readonly Row[] = [
  { why: 'date in place of x-date', asking: { headers: [['Date', date()]], names: ofGet, dropped: ['x-date'] } },
  { why: 'x-date, with a Date that is old', asking: { headers: [['Date', date(-3600)]] } },
  { why: 'no version', asking: { parameters: { version: null } } },
  { why: 'names in capitals', asking: { names: ['X-Date', '(Request-Target)', 'Host'] } },
  { why: 'another order', asking: { names: ['host', '(request-target)', 'x-date'] } },
  {
    why: 'a header more',
    asking: { headers: [['opc-obo-token', '  a b ']], names: ['x-date', '(request-target)', 'host', 'opc-obo-token'] },
  },
  {
    why: 'an empty header',
    asking: { headers: [['x-empty', '']], names: ['x-date', '(request-target)', 'host', 'x-empty'] },
  },
  {
    why: 'a header that came twice',
    asking: {
      headers: [
        ['x-twice', 'a'],
        ['x-twice', 'b'],
      ],
      names: ['x-date', '(request-target)', 'host', 'x-twice'],
      signedAs: { headers: [['x-twice', 'a, b']] },
    },
  },
  { why: 'parameters that nobody knows', asking: { parameters: { created: '1', opaque: 'a,b' } } },
  { why: 'a query with everything in it', asking: { target: `${list}?b=2&a=%2F+%20&c=(x)'!*~` } },
  { why: 'a target with scheme and host', asking: { target: `${url}${list}`, signedAs: { target: list } } },
  { why: 'another host', asking: { host: 'identity.eu-frankfurt-1.oci.oraclecloud.com' } },
  { why: '300 seconds ago', asking: { at: second1 - 300 * second } },
  { why: '301 seconds ahead', asking: { at: second1 + 301 * second } },
  { why: 'a wrong day of the week', asking: { headers: [['x-date', date().replace(/^.../, 'Mon')]] } },
];

const refused: readonly RefusedRow[] = [
  { why: 'no Authorization', asking: { authorization: null }, check: 'authorization', says: /no Authorization header/ },
  {
    why: 'another scheme',
    asking: { authorization: 'Basic dTpw' },
    check: 'authorization',
    says: /The scheme is "Basic"/,
  },
  {
    why: 'small letters',
    asking: { authorization: 'signature keyId="x"' },
    check: 'authorization',
    says: /has to be "Signature"/,
  },
  { why: 'nothing behind the scheme', asking: { authorization: 'Signature ' }, check: 'authorization', says: /./ },
  { why: 'no quotes', asking: { authorization: 'Signature keyId=x' }, check: 'authorization', says: /double quotes/ },
  {
    why: 'no signature',
    asking: { parameters: { signature: null } },
    check: 'authorization',
    says: /signature is missing/,
  },
  { why: 'version 2', asking: { parameters: { version: '2' } }, check: 'authorization', says: /version is "2"/ },
  {
    why: 'another algorithm',
    asking: { parameters: { algorithm: 'rsa-pss-sha256' } },
    check: 'authorization',
    says: /"rsa-sha256" is expected/,
  },
  {
    why: 'two of them',
    asking: { headers: [['Authorization', 'Signature x="y"']] },
    check: 'authorization',
    says: /There are 2 Authorization headers/,
  },
  ...ofGet.map((name): RefusedRow => ({
    why: `${name} is not signed`,
    asking: { headers: [['Date', date()]], dropped: ['x-date'], names: ofGet.filter((one) => one !== name) },
    ...{ check: 'signed headers', says: RegExp(`lacks ${name.replace(/\W/g, '.')}`) },
  })),
  {
    why: 'x-date is not signed, and date is',
    asking: { headers: [['Date', date()]], names: ofGet },
    check: 'signed headers',
    says: /x-date is there/,
  },
  ...['content-length', 'content-type', 'x-content-sha256'].map((name): RefusedRow => ({
    why: `${name} of a POST is not signed`,
    asking: {
      ...whole,
      names: ['x-date', '(request-target)', 'host', 'content-length', 'content-type', 'x-content-sha256'].filter(
        (one) => one !== name,
      ),
    },
    ...{ check: 'signed headers', says: RegExp(`lacks ${name}`) },
  })),
  {
    why: 'a signed header is lost',
    asking: {
      headers: [['x-more', 'x']],
      names: ['x-date', '(request-target)', 'host', 'x-more'],
      dropped: ['x-more'],
    },
    ...{ check: 'signed headers', text: unverified, says: /"x-more", and the request came without it/ },
  },
  { why: 'no date', asking: { headers: [['x-date', 'yesterday']] }, check: 'signing time', says: /"yesterday"/ },
  {
    why: 'a day that there is not',
    asking: { headers: [['x-date', date().replace('15 Jan', '31 Feb')]] },
    check: 'signing time',
    says: /31 Feb/,
  },
  {
    why: '301 seconds ago',
    asking: { at: second1 - 301 * second },
    check: 'signing time',
    // As printed by the service, with its range.
    text: /^Date 'Thu, 15 Jan 2026 10:24:59 UTC' is not within allowed clock skew\. Current 'Thu, 15 Jan 2026 10:30:00 UTC', valid datetime range: \['Thu, 15 Jan 2026 10:25:00 UTC', 'Thu, 15 Jan 2026 10:35:01 UTC'\]$/,
    says: /301 s behind/,
  },
  {
    why: '302 seconds ahead',
    asking: { at: second1 + 302 * second },
    check: 'signing time',
    text: /^Date '.* is not within allowed clock skew/,
    says: /302 s ahead/,
  },
  {
    why: 'a session token',
    asking: { parameters: { keyId: 'ST$eyJhbGciOiJSUzI1NiJ9.e30.x' } },
    check: 'api key',
    says: /session token/,
  },
  {
    why: 'a certificate',
    asking: { parameters: { keyId: `${bob.tenancyId}/fed-x509/AA:BB` } },
    check: 'api key',
    says: /certificate/,
  },
  {
    why: 'no user in keyId',
    asking: { parameters: keyId(bob.tenancyId, '', bob.fingerprint) },
    check: 'api key',
    says: /The user in keyId is empty/,
  },
  {
    why: 'a fingerprint in capitals',
    asking: { parameters: keyId(bob.tenancyId, bob.userId, bob.fingerprint.toUpperCase()) },
    check: 'api key',
    says: /capitals/,
  },
  {
    why: 'an unknown user',
    asking: { parameters: keyId(bob.tenancyId, 'ocid1.user.oc1..nobody', bob.fingerprint) },
    check: 'api key',
    says: /no user "ocid1\.user\.oc1\.\.nobody"/,
  },
  {
    why: 'an unknown key',
    asking: { parameters: keyId(bob.tenancyId, bob.userId, pair.fingerprint) },
    check: 'api key',
    says: RegExp(`no API key ${pair.fingerprint}; what there is: ${bob.fingerprint}`),
  },
  {
    why: 'another tenancy',
    asking: { parameters: keyId(ociTenancyIds.south, bob.userId, bob.fingerprint) },
    check: 'api key',
    says: /belongs to the tenancy .*north/,
  },
  {
    why: 'another private key',
    asking: {},
    signer: { ...bob, privateKey: pair.privateKey },
    check: 'signature',
    text: unverified,
    says: /not one by this key/,
  },
  {
    why: 'the private key of somebody else',
    asking: {},
    signer: { ...bob, privateKey: eve.privateKey },
    check: 'signature',
    text: unverified,
    says: RegExp(eve.fingerprint),
  },
  {
    why: 'another method',
    asking: { signedAs: { method: 'POST' } },
    check: 'signature',
    text: unverified,
    says: /method/,
  },
  {
    why: 'another path',
    asking: { signedAs: { target: `/v1${list}` } },
    check: 'signature',
    text: unverified,
    says: /./,
  },
  {
    why: 'another host',
    asking: { signedAs: { host: 'identity.example.com' } },
    check: 'signature',
    text: unverified,
    says: /identity\.example\.com/,
  },
  {
    why: 'the host before the proxy',
    asking: { signedAs: { host: 'proxy.test' }, headers: [['X-Forwarded-Host', 'proxy.test']] },
    check: 'signature',
    text: unverified,
    says: /proxy\.test/,
  },
  {
    why: 'a query in another order',
    asking: { target: `${list}?a=1&b=2`, signedAs: { target: `${list}?b=2&a=1` } },
    check: 'signature',
    text: unverified,
    says: /query/,
  },
  {
    why: 'a signature that is no Base64',
    asking: { parameters: { signature: '-_' } },
    check: 'signature',
    text: unverified,
    says: /Base64/,
  },
  {
    why: 'a signature that is too short',
    asking: { parameters: { signature: 'AAAA' } },
    check: 'signature',
    text: unverified,
    says: /has 3 bytes/,
  },
  {
    why: 'another body',
    asking: { ...whole, headers: [['x-content-sha256', '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=']] },
    ...{ check: 'body digest', text: unverified, says: /x-content-sha256 is "47DEQ/ },
  },
];

const ask = ({ asking, signer = bob }: Row) => oci.send(signer, { target: list, ...asking });
const entryOf = async (requestId: unknown): Promise<Record<string, unknown>> =>
  (await send(url, 'get', `/_signet/journal/${String(requestId)}`)).body as Record<string, unknown>;

describe('a request is let in', () => {
  test.each(accepted)('with $why', async (row) => {
    const answer = await ask(row);
    expect(answer.status, answer.text).toBe(200);
    expect(await entryOf(answer.headers['x-request-id'])).toMatchObject({
      caller: { user: 'bob', user_id: bob.userId, domain: 'north', fingerprint: bob.fingerprint },
      outcome: 'answered',
    });
  });
});

describe('a request is refused', () => {
  test.each(refused)('for $why', async (row) => {
    const answer = await ask(row);
    expectOciRefusal(answer, 401, 'NotAuthenticated', row.text ?? generic);
    const entry = await entryOf(answer.headers['x-request-id']);
    expect(entry).toMatchObject({ outcome: 'refused', operation: expect.stringMatching(/^oci\./) as string });
    expect(entry).not.toHaveProperty('caller');
    expect((entry['checks'] as unknown[]).at(-1)).toEqual({ check: row.check, verdict: 'refused' });
    expect(entry['complaints']).toEqual([expect.stringMatching(row.says)]);
  });

  test('before anything else is wrong with it, and whoever it is about', async () => {
    const askings: readonly OciAsking[] = [
      { ...whole, body: '{', authorization: null },
      { ...whole, target: keysPath('nobody'), authorization: null },
      { method: 'DELETE', target: `${keysPath(ada.userId)}/x`, authorization: null },
    ];
    for (const asking of askings) expectOciRefusal(await oci.send(bob, asking), 401, 'NotAuthenticated', generic);
  });

  test('also with a token, a password or an access key of somebody else', async () => {
    const headers: readonly Header[] = [
      ['X-Auth-Token', 'signet-token'],
      ['X-Signet-Token', 'of-the-tests'],
    ];
    expectOciRefusal(
      await oci.send(bob, { target: list, headers, authorization: null }),
      401,
      'NotAuthenticated',
      generic,
    );
  });
});

describe('behind a trusted proxy', () => {
  test('the host is the one that the proxy tells of', async () => {
    const behind = await useSignet({ seed: useSeed(seed), now: clock.now, trustedProxies: ['127.0.0.1'] });
    const client = ociServer(behind.url, clock.now);
    const asking = { target: list, headers: [['X-Forwarded-Host', 'identity.example.com']] } as const;
    expect((await client.send(bob, { ...asking, signedAs: { host: 'identity.example.com' } })).status).toBe(200);
    expectOciRefusal(await client.send(bob, asking), 401, 'NotAuthenticated', unverified);
  });
});

describe('settings', () => {
  const withCharset: OciAsking = { ...whole, headers: [['Content-Type', 'application/json; charset=utf-8']] };
  const bare: OciAsking = { ...withCharset, signedAs: { headers: [['content-type', 'application/json']] } };

  test('content-type is verified as it was sent', async () => {
    expect((await oci.send(bob, withCharset)).status).toBe(200);
    await oci.remove(bob, pair.fingerprint);
    expectOciRefusal(await oci.send(bob, bare), 401, 'NotAuthenticated', unverified);
  });

  test('or without its parameters', async () => {
    const strict = await useSignet({ seed: useSeed(seed), now: clock.now, ociContentType: 'media-type' });
    const client = ociServer(strict.url, clock.now);
    expect((await client.send(bob, bare)).status).toBe(200);
    expectOciRefusal(await client.send(bob, withCharset), 401, 'NotAuthenticated', unverified);
  });

  test('the answer itself says why, where that is wanted', async () => {
    const open = await useSignet({ seed: useSeed(seed), now: clock.now, ociExplain: true, journalSize: 0 });
    const client = ociServer(open.url, clock.now);
    const unsigned = await client.send(bob, { target: list, authorization: null });
    expectOciRefusal(unsigned, 401, 'NotAuthenticated', /or was incorrect\. There is no Authorization header\.$/);
    const proxied = await client.send(bob, { target: list, host: 'oci.test', signedAs: { host: 'oci.test:443' } });
    expectOciRefusal(proxied, 401, 'NotAuthenticated', /^Failed to verify the HTTP\(S\) Signature\. .*:443/s);
  });
});
