import { describe, expect, expectTypeOf, onTestFinished, test } from 'vitest';
import { createClient, logIn, SignetError, type Answer, type Arguments, type Client } from '../../src/client/client.ts';
import { signingAlgorithms } from '../../src/crypto/signing-algorithms.ts';
import { opensslCommand } from '../crypto/outside/openssl.ts';
import { outsideKey } from '../kms/outside-keys.ts';
import { domain, project, seededKeys, token, user } from '../support/identity.ts';
import { kmsClient } from '../support/kms.ts';
import { useSignet } from '../support/signet.ts';
import { answering, recording } from './fetches.ts';

const { url } = await useSignet();
const gateway = await useSignet({ authErrors: 'gateway' });
const signet = createClient({ url, projectId: project.id, token });
const password = { user: user.name, password: user.password, domain: domain.name, project: project.name };

const signRequest = {
  key_id: seededKeys.EC_P256,
  message: Buffer.from('hello').toString('base64'),
  signing_algorithm: 'ECDSA_SHA_256',
  message_type: 'RAW',
} as const;

const refused = async (call: Promise<unknown>): Promise<SignetError> => {
  const error = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(SignetError);
  return error as SignetError;
};

describe('a call', () => {
  test('gives the body: a signature that openssl accepts', async () => {
    const { signature } = await signet.kms.sign(signRequest);
    const key = await outsideKey(kmsClient(url), 'EC_P256');
    const { ECDSA_SHA_256: algorithm } = signingAlgorithms;
    expect(opensslCommand.verify(algorithm, key, Buffer.from('hello'), Buffer.from(signature, 'base64'))).toBe(true);
  });

  test('puts parameters of path, query and body where they belong', async () => {
    const { key_info } = await signet.kms.createKey({ key_alias: 'of-the-client', key_spec: 'EC_P256' });
    const { key_id } = key_info;
    await signet.kms.createKeyTag({ key_id, tag: { key: 'a/b c', value: 'one' } });
    await signet.kms.createAlias({ key_id, alias: 'alias/of-the-client' });
    expect((await signet.kms.listKeyTags({ key_id })).tags).toEqual([{ key: 'a/b c', value: 'one' }]);
    await signet.kms.deleteKeyTag({ key_id, key: 'a/b c' });
    expect((await signet.kms.listKeyTags({ key_id })).tags).toEqual([]);
    expect((await signet.kms.listAliases({ key_id, limit: '1' })).aliases).toMatchObject([
      { alias: 'alias/of-the-client' },
    ]);
    expect((await signet.kms.listAliases({ key_id: seededKeys.SM2 })).aliases).toMatchObject([
      { key_id: seededKeys.SM2 },
    ]);
  });

  test('may leave out its arguments where none is required', async () => {
    expect((await signet.kms.listKeys()).keys.length).toBeGreaterThan(5);
    expect((await signet.iam.listRegions()).regions).toHaveLength(1);
    expect((await signet.kms.listVersions()).versions).not.toEqual([]);
  });

  test('takes what is undefined as left out', async () => {
    expect((await signet.kms.listKeys({ limit: undefined, key_spec: 'SM2' })).keys).toEqual([seededKeys.SM2]);
  });

  test('gives the headers that the contract describes beside the body', async () => {
    const own = await signet.iam.showToken({ 'X-Subject-Token': token });
    expect(own['X-Subject-Token']).toBe(token);
    expect(own.token.project?.id).toBe(project.id);
    expect(await signet.iam.checkToken({ 'X-Subject-Token': token })).toEqual({ 'X-Subject-Token': token });
  });

  test('ends when its signal says so', async () => {
    const reason = new Error('enough');
    const real = createClient({ url }).emulator.createProject({}, { signal: AbortSignal.abort(reason) });
    await expect(real).rejects.toBe(reason);
  });

  test.each([
    ['a part of the path is missing', () => createClient({ url, token }).kms.listKeys(), /project_id is missing/],
    ['a part of the path is empty', () => signet.emulator.deleteFault({ fault_id: '' }), /fault_id is missing/],
    ['a part of the path would climb', () => signet.emulator.deleteSnapshot({ name: '..' }), /no name can be \.\./],
    [
      'nothing takes it',
      () => signet.kms.listKeyTags({ key_id: seededKeys.SM2, colour: 'red' } as Arguments<'kms.listKeyTags'>),
      /does not take colour/,
    ],
    [
      'it is no text',
      () => signet.kms.listKeyTags({ key_id: {} } as unknown as Arguments<'kms.listKeyTags'>),
      /key_id is neither/,
    ],
  ])('is not sent when %s', async (_name, call, message) => {
    await expect(call()).rejects.toThrow(TypeError);
    await expect(call()).rejects.toThrow(message);
  });
});

describe('a refusal', () => {
  const absent = '00000000-0000-4000-8000-000000000000';
  const stranger = createClient({ url: gateway.url, token: 'of-nobody', projectId: project.id });
  test.each<[envelope: string, call: () => Promise<unknown>, status: number, code: string, text: RegExp]>([
    ['nested', () => signet.kms.describeKey({ key_id: absent }), 404, 'KMS.0207', /^The key does not exist\.$/],
    ['flat, of the gateway', () => stranger.kms.listKeys(), 401, 'APIGW.0301', /decrypt token fail$/],
    ['of Keystone', () => signet.iam.showProject({ id: 'none' }), 404, 'Not Found', /^Could not find project: none/],
    [
      'flat, of v3.0',
      () => signet.credentials.issueTemporaryAccessKey({} as Arguments<'credentials.issueTemporaryAccessKey'>),
      ...([400, 'IAM.0072', /required property/] as const),
    ],
    [
      "of Signet's own",
      () => signet.emulator.deleteProject({ project_id: 'none' }),
      ...([404, 'Signet.NoSuchProject', /^There is no such project/] as const),
    ],
  ])('%s: status, code, text, and the id of the request', async (_envelope, call, status, code, text) => {
    const error = await refused(call());
    expect(error).toMatchObject({ status, code, name: 'SignetError' });
    expect(error.text).toMatch(text);
    expect(error.requestId).toMatch(/^[0-9a-f]{32}$/);
    expect(error.message).toBe(`${error.operation}: ${status} ${code} ${error.text}`);
    expect(JSON.stringify(error.body)).toContain(error.text);
  });

  test('that is in no envelope, because somebody else has spoken', async () => {
    const html = createClient({ url, fetch: answering(502, 'text/html', '<h1>Bad Gateway</h1>') });
    expect(await refused(html.kms.listVersions())).toMatchObject({
      ...{ status: 502, code: '', text: '<h1>Bad Gateway</h1>', requestId: '', body: '<h1>Bad Gateway</h1>' },
    });
    const half = createClient({ url, fetch: answering(500, 'application/json', '{"error":') });
    expect(await refused(half.kms.listVersions())).toMatchObject({ status: 500, code: '', text: '{"error":' });
    const empty = createClient({ url, fetch: answering(503, '', '') });
    expect(await refused(empty.kms.listVersions())).toMatchObject({ status: 503, code: '', text: '', body: undefined });
    expect((await refused(empty.kms.listVersions())).message).toBe('kms.listVersions: 503');
  });
});

describe('credentials', () => {
  const headersOf = async (
    client: (options: ReturnType<typeof recording>) => Client,
    call: (client: Client) => unknown,
  ) => {
    const record = recording();
    await call(client(record));
    return record.requests.map(({ headers }) => headers);
  };

  test.each<[options: object, ofKms: object, ofSignet: object]>([
    [{}, {}, {}],
    [{ token: 't' }, { 'X-Auth-Token': 't' }, { 'X-Auth-Token': 't' }],
    [{ adminToken: 'a' }, {}, { 'X-Signet-Token': 'a' }],
    [{ token: 't', adminToken: 'a' }, { 'X-Auth-Token': 't' }, { 'X-Signet-Token': 'a' }],
  ])('%j: to the KMS %j, to /_signet %j', async (options, ofKms, ofSignet) => {
    const make = ({ fetch }: ReturnType<typeof recording>) => createClient({ url, projectId: 'p', fetch, ...options });
    expect(await headersOf(make, ({ kms }) => kms.showUserQuotas())).toEqual([ofKms]);
    expect(await headersOf(make, ({ emulator }) => emulator.listJournal())).toEqual([ofSignet]);
  });

  test('withToken and withProject change one thing each', async () => {
    const { fetch, requests } = recording();
    const client = createClient({ url: `${url}/`, projectId: 'p', token: 't', fetch });
    await client.kms.showUserQuotas();
    await client.withToken('other').kms.showUserQuotas();
    await client.withProject('q').kms.showUserQuotas();
    await client.kms.showUserQuotas({ project_id: 'r' });
    await client.withToken(undefined).kms.showUserQuotas();
    expect(requests.map((request) => [request.url, request.headers['X-Auth-Token']])).toEqual([
      [`${url}/v1.0/p/kms/user-quotas`, 't'],
      [`${url}/v1.0/p/kms/user-quotas`, 'other'],
      [`${url}/v1.0/q/kms/user-quotas`, 't'],
      [`${url}/v1.0/r/kms/user-quotas`, 't'],
      [`${url}/v1.0/p/kms/user-quotas`, undefined],
    ]);
    expect([client.url, client.projectId, client.token]).toEqual([url, 'p', 't']);
  });

  test('logIn gives a client for the project, and says when it is refused', async () => {
    const client = await logIn({ url, ...password });
    expect(client.projectId).toBe(project.id);
    expect((await client.kms.sign(signRequest)).key_id).toBe(seededKeys.EC_P256);
    expect(await refused(logIn({ url, ...password, password: 'wrong' }))).toMatchObject({
      status: 401,
      code: 'Unauthorized',
    });
  });

  test('an isolated project has no keys of others', async () => {
    const own = await createClient({ url }).emulator.createProject();
    onTestFinished(() => createClient({ url }).emulator.deleteProject({ project_id: own.project.id }));
    const client = createClient({ url, token: own.token, projectId: own.project.id });
    expect((await client.kms.listKeys()).keys).toEqual([]);
  });
});

test('answers that are no JSON are text', async () => {
  const { emulator } = createClient({ url, fetch: answering(200, 'text/plain; version=0.0.4', 'signet_requests 1\n') });
  expect(await emulator.showMetrics()).toBe('signet_requests 1\n');
});

test('types: required is what a call cannot do without, and answers are those of the contract', () => {
  expectTypeOf<Arguments<'kms.sign'>>().toExtend<{ key_id: string; message: string }>();
  expectTypeOf<Arguments<'kms.sign'>['message_type']>().toEqualTypeOf<'RAW' | 'DIGEST' | undefined>();
  expectTypeOf<Arguments<'kms.sign'>['project_id']>().toEqualTypeOf<string | undefined>();
  expectTypeOf<Arguments<'emulator.deleteProject'>>().toEqualTypeOf<{ project_id: string }>();
  expectTypeOf<Answer<'kms.verify'>['signature_valid']>().toEqualTypeOf<'true' | 'false'>();
  expectTypeOf<Answer<'emulator.showMetrics'>>().toEqualTypeOf<string>();
  expectTypeOf<Answer<'emulator.showCaCertificate'>>().toEqualTypeOf<string>();
  expectTypeOf<Answer<'emulator.reset'>>().toEqualTypeOf<undefined>();
  expectTypeOf<Answer<'iam.checkToken'>>().toEqualTypeOf<{ 'X-Subject-Token': string }>();
  expectTypeOf<Answer<'iam.issueToken'>>().toExtend<{ 'X-Subject-Token': string; token: object }>();
  expectTypeOf<Client['kms']['sign']>().parameter(0).not.toBeNullable();
  expectTypeOf<Client['kms']['listKeys']>().parameter(0).toBeNullable();
  expectTypeOf<Client['emulator']['advanceClock']>().toBeCallableWith({ days: 1 });
  const wrong: readonly (() => Promise<unknown>)[] = [
    // @ts-expect-error there is no such algorithm
    () => signet.kms.sign({ ...signRequest, signing_algorithm: 'ROT13' }),
    // @ts-expect-error the key is missing
    () => signet.kms.describeKey({}),
    // @ts-expect-error a project is not deleted by leaving out which
    () => signet.emulator.deleteProject({}),
  ];
  expect(wrong).toHaveLength(3);
});
