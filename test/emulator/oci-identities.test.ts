/** Tenancies, users and their first keys of OCI, made without a signature. */
import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { components } from '../../src/contract/openapi.ts';
import { makeClock } from '../support/clock.ts';
import { send, type Answer, type Method } from '../support/http.ts';
import { makeOciPair, ociServer, type OciSigner } from '../support/oci-signer.ts';
import { makeOciPeople, ociTenancyIds, ociUserIds } from '../support/oci-tenancies.ts';
import { useSeed, useSignet } from '../support/signet.ts';

type Schemas = components['schemas'];

const clock = makeClock();
const { seed, signers } = makeOciPeople();
const { url } = await useSignet({ seed: useSeed(seed), now: clock.now, ociActivationDelay: 60 });
const oci = ociServer(url, clock.now);
const now = new Date(clock.now()).toISOString();
const [pair, second, third, fourth] = [makeOciPair(), makeOciPair(3072), makeOciPair(), makeOciPair()];
const free = { tenancy: 'ocid1.tenancy.oc1..free', user: 'ocid1.user.oc1..free' };

beforeEach(async () => {
  await send(url, 'post', '/_signet/reset');
});

const ask = (method: Method, path: string, body?: unknown): Promise<Answer> =>
  send(url, method, `/_signet/oci/${path}`, { body });
async function got<Body>(asking: Promise<Answer>, status = 200): Promise<Body> {
  const { body, text, ...answer } = await asking;
  expect(answer.status, text).toBe(status);
  return body as Body;
}
const make = <Body>(path: string, body?: unknown) => got<Body>(ask('post', path, body), 201);
const refusalOf = async (asking: Promise<Answer>) => {
  const { status, body } = await asking;
  const { error } = body as Schemas['NestedRefusal'];
  return { status, code: error.error_code, text: error.error_msg };
};
const tenancyIds = async () =>
  (await got<Schemas['OciTenancyList']>(ask('get', 'tenancies'))).tenancies.map(({ id }) => id);
const userIds = async (query = '') =>
  (await got<Schemas['OciUserList']>(ask('get', `users${query}`))).users.map(({ id }) => id);
const keysOf = async (userId: string) => (await got<Schemas['OciKeyList']>(ask('get', `users/${userId}/keys`))).keys;
const keyPath = (userId: string, fingerprint: string): string =>
  `users/${userId}/keys/${encodeURIComponent(fingerprint)}`;

describe('a tenancy', () => {
  test('is made with what it is given, and is listed among those of the seed', async () => {
    const made = await make('tenancies', { id: free.tenancy, name: 'Free' });
    expect(made).toEqual({ id: free.tenancy, name: 'Free', created_at: now });
    expect(await tenancyIds()).toEqual([free.tenancy, ...Object.values(ociTenancyIds)].sort());
  });

  test('needs nothing: its OCID is one that nobody has, and is its name', async () => {
    const [one, other] = [
      await make<Schemas['OciTenancy']>('tenancies'),
      await make<Schemas['OciTenancy']>('tenancies', {}),
    ];
    for (const { id, name } of [one, other]) {
      expect(id).toMatch(/^ocid1\.tenancy\.oc1\.\.[a-z2-7]{60}$/);
      expect(id.endsWith(`.${name}`)).toBe(true);
    }
    expect(one.id).not.toBe(other.id);
  });

  test('of this OCID is made once', async () => {
    const again = ask('post', 'tenancies', { id: ociTenancyIds.north });
    expect(await refusalOf(again)).toEqual({
      status: 409,
      code: 'Signet.OciTaken',
      text: `There is an OCI tenancy ${ociTenancyIds.north}.`,
    });
  });

  test('is removed with its users and their keys', async () => {
    expect((await ask('delete', `tenancies/${ociTenancyIds.north}`)).status).toBe(204);
    expect(await tenancyIds()).toEqual([ociTenancyIds.south]);
    expect(await userIds()).toEqual([ociUserIds.eve, ociUserIds.fay]);
    expect((await oci.list(signers.bob)).status).toBe(401);
    expect((await oci.list(signers.eve)).status).toBe(200);
    const again = ask('delete', `tenancies/${ociTenancyIds.north}`);
    expect(await refusalOf(again)).toEqual({
      status: 404,
      code: 'Signet.NoSuchOciTenancy',
      text: 'There is no such OCI tenancy.',
    });
  });
});

describe('a user', () => {
  const north = { tenancy_id: ociTenancyIds.north };

  test('is made with what it is given, and shown', async () => {
    const given = { ...north, id: free.user, name: 'gil', is_administrator: true };
    const made = await make('users', given);
    expect(made).toEqual({ ...given, created_at: now });
    expect(await got(ask('get', `users/${free.user}`))).toEqual(made);
  });

  test('needs a tenancy and nothing else, and is no administrator then', async () => {
    const made = await make<Schemas['OciUser']>('users', north);
    expect(made).toMatchObject({ ...north, is_administrator: false });
    expect(made.id).toMatch(/^ocid1\.user\.oc1\.\.[a-z2-7]{60}$/);
    expect(made.id.endsWith(`.${made.name}`)).toBe(true);
    expect(await keysOf(made.id)).toEqual([]);
  });

  test('is listed with those of its tenancy, or with all', async () => {
    const { ada, bob, cyd, eve, fay } = ociUserIds;
    expect(await userIds(`?tenancy_id=${ociTenancyIds.north}`)).toEqual([ada, bob, cyd]);
    expect(await userIds()).toEqual([ada, bob, cyd, eve, fay]);
    expect(await userIds('?tenancy_id=ocid1.tenancy.oc1..nobody')).toEqual([]);
  });

  test.each([
    ['its OCID is taken, in whatever tenancy', { tenancy_id: ociTenancyIds.south, id: ociUserIds.bob, name: 'new' }],
    ['its name is taken in the tenancy', { ...north, name: 'bob' }],
  ])('is not made where %s', async (_why, body) => {
    expect(await refusalOf(ask('post', 'users', body))).toMatchObject({ status: 409, code: 'Signet.OciTaken' });
    expect(await userIds()).toHaveLength(5);
  });

  test('may have a name that somebody has in another tenancy', async () => {
    expect(await make('users', { tenancy_id: ociTenancyIds.south, name: 'bob' })).toMatchObject({ name: 'bob' });
  });

  test('of a tenancy that there is not is not made', async () => {
    const asking = ask('post', 'users', { tenancy_id: free.tenancy });
    expect(await refusalOf(asking)).toMatchObject({ status: 404, code: 'Signet.NoSuchOciTenancy' });
  });

  test('is removed with its keys', async () => {
    expect((await ask('delete', `users/${ociUserIds.bob}`)).status).toBe(204);
    expect((await oci.list(signers.bob)).status).toBe(401);
    for (const [method, path] of [
      ['get', ''],
      ['delete', ''],
      ['get', '/keys'],
    ] as const)
      expect(await refusalOf(ask(method, `users/${ociUserIds.bob}${path}`))).toMatchObject({
        status: 404,
        code: 'Signet.NoSuchOciUser',
      });
  });
});

describe('a first key', () => {
  const newUser = async (): Promise<OciSigner> => {
    const { id: tenancyId } = await make<Schemas['OciTenancy']>('tenancies', { name: 'own' });
    const { id: userId } = await make<Schemas['OciUser']>('users', { tenancy_id: tenancyId });
    return { tenancyId, userId, ...pair };
  };
  const pkcs1 = pair.privateKey.export({ type: 'pkcs1', format: 'pem' });
  const sealed = { cipher: 'aes-128-cbc', passphrase: 'open sesame' } as const;

  test('opens the operations of OCI at once, whatever the activation delay', async () => {
    const user = await newUser();
    expect((await oci.list(user)).status).toBe(401);
    const made = await make(`users/${user.userId}/keys`, { public_key_pem: pair.publicKeyPem });
    expect(made).toEqual({
      user_id: user.userId,
      fingerprint: pair.fingerprint,
      key_id: `${user.tenancyId}/${user.userId}/${pair.fingerprint}`,
      public_key_pem: pair.publicKeyPem,
      lifecycle_state: 'ACTIVE',
      created_at: now,
      active_at: now,
    });
    expect((await oci.list(user)).json).toMatchObject([{ fingerprint: pair.fingerprint, lifecycleState: 'ACTIVE' }]);
    expect(await keysOf(user.userId)).toEqual([made]);
  });

  test.each([
    ['PKCS#8', pair.privateKey.export({ type: 'pkcs8', format: 'pem' }), undefined],
    ['PKCS#1', pkcs1, undefined],
    ['PKCS#1, with a line below it', `${String(pkcs1)}OCI_API_KEY\n`, undefined],
    ['PKCS#1, with a passphrase that it does not need', pkcs1, 'none'],
    ['PKCS#8, encrypted', pair.privateKey.export({ type: 'pkcs8', format: 'pem', ...sealed }), sealed.passphrase],
    ['PKCS#1, encrypted', pair.privateKey.export({ type: 'pkcs1', format: 'pem', ...sealed }), sealed.passphrase],
  ])('may be given as a private key: %s', async (_form, pem, passphrase) => {
    const user = await newUser();
    const made = await make(`users/${user.userId}/keys`, { private_key_pem: String(pem), passphrase });
    expect(made).toMatchObject({ fingerprint: pair.fingerprint, public_key_pem: pair.publicKeyPem });
    expect((await oci.list(user)).status).toBe(200);
    const { text } = await send(url, 'post', '/_signet/state/export', { body: {} });
    expect(text).not.toContain('PRIVATE KEY');
  });

  const ed25519 = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  test.each([
    ['a private key for the public one', { public_key_pem: pem }, /a private key, which never leaves its owner/],
    ['an SSH key', { public_key_pem: 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ== me@here' }, /an SSH public key/],
    ['a short key', { public_key_pem: makeOciPair(1024).publicKeyPem }, /has 1024 bits; .* at least 2048 bits/],
    ['a short private key', { private_key_pem: shortPem() }, /has 1024 bits/],
    ['broken PEM', { public_key_pem: pair.publicKeyPem.replaceAll('\n', ' ') }, /line breaks .* have become blanks/],
    ['a public key for the private one', { private_key_pem: pair.publicKeyPem }, /The private key is not in PEM/],
    ['a private key that is broken', { private_key_pem: pem.replace(/MII/, 'MIX') }, /its PEM is broken/],
    ['a private key that is not RSA', { private_key_pem: ed25519 }, /not RSA/],
    ['an encrypted key without a passphrase', { private_key_pem: encrypted() }, /there is no passphrase/],
    ['a wrong passphrase', { private_key_pem: encrypted(), passphrase: 'x' }, /does not open with this passphrase/],
  ])('is refused where it is %s', async (_what, body, reason) => {
    const asking = ask('post', `users/${ociUserIds.bob}/keys`, body);
    expect(await refusalOf(asking)).toEqual({
      status: 400,
      code: 'Signet.UnusableOciKey',
      text: expect.stringMatching(reason) as string,
    });
    expect(await keysOf(ociUserIds.bob)).toHaveLength(1);
  });

  test.each([
    ['neither half', {}, 'Signet.MissingParameter', /public_key_pem/],
    ['both', { public_key_pem: pair.publicKeyPem, private_key_pem: pem }, 'Signet.InvalidParameter', /private_key_pem/],
    ['an empty passphrase', { private_key_pem: pem, passphrase: '' }, 'Signet.InvalidParameter', /passphrase/],
    ['a list', { public_key_pem: [pem] }, 'Signet.InvalidParameter', /public_key_pem/],
  ])('is refused with %s', async (_what, body, code, text) => {
    const asking = ask('post', `users/${ociUserIds.bob}/keys`, body);
    expect(await refusalOf(asking)).toEqual({ status: 400, code, text: expect.stringMatching(text) as string });
  });

  test('is there once for a user, and one of three at most', async () => {
    const add = (publicKeyPem: string, user = ociUserIds.bob) =>
      ask('post', `users/${user}/keys`, { public_key_pem: publicKeyPem });
    await got(add(pair.publicKeyPem), 201);
    expect(await refusalOf(add(pair.publicKeyPem))).toEqual({
      status: 409,
      code: 'Signet.OciTaken',
      text: `The OCI user already has the API key ${pair.fingerprint}.`,
    });
    await got(add(second.publicKeyPem), 201);
    expect(await refusalOf(add(third.publicKeyPem))).toMatchObject({ status: 409, code: 'Signet.TooManyOciKeys' });
    expect(await refusalOf(ask('post', 'keypairs', { user_id: ociUserIds.bob }))).toMatchObject({
      status: 409,
      code: 'Signet.TooManyOciKeys',
    });
    // The limit of the vendor's own operation is the same one.
    expect((await oci.upload(signers.bob, fourth.publicKeyPem)).json).toMatchObject({ code: 'LimitExceeded' });
    await got(add(pair.publicKeyPem, ociUserIds.cyd), 201);
    expect((await keysOf(ociUserIds.bob)).map(({ fingerprint }) => fingerprint)).toHaveLength(3);
  });

  test('of a user that there is not is refused', async () => {
    const asking = ask('post', `users/${free.user}/keys`, { public_key_pem: pair.publicKeyPem });
    expect(await refusalOf(asking)).toMatchObject({ status: 404, code: 'Signet.NoSuchOciUser' });
  });

  function shortPem(): string {
    return makeOciPair(1024).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  }
  function encrypted(): string {
    return pair.privateKey.export({ type: 'pkcs8', format: 'pem', ...sealed }).toString();
  }
});

describe('a key', () => {
  const { bob } = signers;
  const path = keyPath(bob.userId, bob.fingerprint);

  test('is made inactive, and active again', async () => {
    const inactive = await got<Schemas['OciKey']>(
      ask('put', path, { lifecycle_state: 'INACTIVE', inactive_status: 7 }),
    );
    expect(inactive).toMatchObject({ lifecycle_state: 'INACTIVE', inactive_status: 7 });
    expect((await oci.list(bob)).status).toBe(401);
    expect((await oci.list(signers.ada, bob.userId)).json).toMatchObject([
      { lifecycleState: 'INACTIVE', inactiveStatus: 7 },
    ]);
    const active = await got<Schemas['OciKey']>(ask('put', path, { lifecycle_state: 'ACTIVE' }));
    expect(active).toMatchObject({ lifecycle_state: 'ACTIVE' });
    expect(active).not.toHaveProperty('inactive_status');
    expect((await oci.list(bob)).status).toBe(200);
  });

  test('is inactive for the reason 1 where none is given', async () => {
    expect(await got(ask('put', path, { lifecycle_state: 'INACTIVE' }))).toMatchObject({ inactive_status: 1 });
  });

  test('that is CREATING is so again after it was inactive', async () => {
    await oci.upload(bob, pair.publicKeyPem);
    const its = keyPath(bob.userId, pair.fingerprint);
    await got(ask('put', its, { lifecycle_state: 'INACTIVE' }));
    expect(await got(ask('put', its, { lifecycle_state: 'ACTIVE' }))).toMatchObject({
      lifecycle_state: 'CREATING',
      active_at: new Date(clock.now() + 60_000).toISOString(),
    });
  });

  test('is removed', async () => {
    expect((await ask('delete', path)).status).toBe(204);
    expect(await keysOf(bob.userId)).toEqual([]);
    expect((await oci.list(bob)).status).toBe(401);
    for (const asking of [ask('delete', path), ask('put', path, { lifecycle_state: 'ACTIVE' })])
      expect(await refusalOf(asking)).toMatchObject({ status: 404, code: 'Signet.NoSuchOciKey' });
  });

  test.each([
    [{}, 'Signet.MissingParameter'],
    [{ lifecycle_state: 'CREATING' }, 'Signet.InvalidParameter'],
    [{ lifecycle_state: 'INACTIVE', inactive_status: -1 }, 'Signet.InvalidParameter'],
    [{ lifecycle_state: 'INACTIVE', inactive_status: 2 ** 31 }, 'Signet.InvalidParameter'],
    [{ lifecycle_state: 'INACTIVE', inactive_status: 1.5 }, 'Signet.InvalidParameter'],
  ])('cannot be changed to %j', async (body, code) => {
    expect(await refusalOf(ask('put', path, body))).toMatchObject({ status: 400, code });
  });
});

describe('OCIDs', () => {
  test.each([
    ['users', { tenancy_id: 'ocid1.user.oc1..a' }],
    ['users', { tenancy_id: ociTenancyIds.north, id: 'ocid1.tenancy.oc1..a' }],
    ['users', { tenancy_id: ociTenancyIds.north, id: 'bob' }],
    ['tenancies', { id: 'ocid1.tenancy.oc1..' }],
    ['tenancies', { id: 'ocid1.tenancy.oc1..a/b' }],
    ['tenancies', { id: 'ocid1.tenancy.oc1..a"b' }],
    ['tenancies', { id: `ocid1.tenancy.oc1..${'a'.repeat(255)}` }],
    ['tenancies', { id: { toString: 1 } }],
    ['tenancies', { name: 'n'.repeat(256) }],
  ])('%s: %j will not do', async (path, body) => {
    expect(await refusalOf(ask('post', path, body))).toMatchObject({ status: 400, code: 'Signet.InvalidParameter' });
  });

  test.each([['ocid1.tenancy.oc1.phx.a'], ['ocid1.tenancy.oc1..a-b_C9'], ['ocid1.tenancy.region1.sea.x.aaaa']])(
    '%s will do',
    async (id) => {
      expect(await make('tenancies', { id })).toMatchObject({ id });
    },
  );

  test.each([['__proto__'], ['%00'], ['%E0%A4%A'], ['..%2f..'], ['a'.repeat(3000)]])(
    'in a path, %s is none that is there',
    async (id) => {
      for (const asking of [
        ask('get', `users/${id}`),
        ask('delete', `tenancies/${id}`),
        ask('delete', `users/${id}/keys/${id}`),
      ]) {
        const { status } = await asking;
        expect([400, 404]).toContain(status);
      }
    },
  );
});

describe('the door', () => {
  test.each([
    ['get', 'tenancies'],
    ['get', 'users'],
    ['post', 'keypairs'],
    ['post', 'verify'],
  ] as const)('%s %s is for the admin alone', async (method, path) => {
    const headers = { 'X-Forwarded-For': '203.0.113.9', 'X-Auth-Token': 'of-a-project' };
    const answer = await send(url, method, `/_signet/oci/${path}`, {
      headers,
      body: method === 'post' ? {} : undefined,
    });
    expect(answer).toMatchObject({ status: 401, body: { error: { error_code: 'Signet.AdminTokenMissing' } } });
  });
});
