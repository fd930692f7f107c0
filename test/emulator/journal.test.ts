import { get } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { TestProject } from '../../src/index.ts';
import { startSignet } from '../../src/index.ts';
import { converse } from '../http/socket.ts';
import { iamClient, withPassword } from '../iam/tokens.ts';
import { makeClock } from '../support/clock.ts';
import { send, type Answer } from '../support/http.ts';
import { accessKey, domain, project, seededKeys, token, user } from '../support/identity.ts';
import { base64, kmsClient, kmsPath } from '../support/kms.ts';
import { seedOfKeys } from '../support/seeds.ts';
import { signedClient } from '../support/signed.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { checksOf, journalClient, type Entry } from './journal.ts';

const clock = makeClock();
const signet = await useSignet({ now: clock.now });
const { url } = signet;
const kms = kmsClient(url);
const journal = journalClient(url);
const signBody = {
  key_id: seededKeys.EC_P256,
  message: base64('hello'),
  message_type: 'RAW',
  signing_algorithm: 'ECDSA_SHA_256',
};
const withProject = (other: TestProject) => kmsClient(url, { projectId: other.project.id, token: other.token });
const scoped = (other: TestProject) => ({ 'X-Auth-Token': other.token });
const foreign = await signet.createProject();
const idsOf = (entries: readonly Entry[]): string[] => entries.map(({ request_id }) => request_id);
const idOf = ({ headers }: Answer): string => headers['x-request-id']!;

describe('an entry', () => {
  test('of a signature has all that happened', async () => {
    const answer = await kms.post('sign', signBody);
    const entry = await journal.of(answer);
    const { signature } = answer.body as { signature: string };
    expect(entry).toMatchObject({
      request_id: idOf(answer),
      at: '2026-01-15T10:30:00.123Z',
      operation: 'kms.sign',
      project_id: project.id,
      key_id: seededKeys.EC_P256,
      caller: { user: user.name, user_id: user.id, domain: domain.name },
      outcome: 'answered',
      request: { method: 'POST', target: kmsPath('sign'), body: signBody },
      answer: { status: 200, body: { key_id: seededKeys.EC_P256, signature } },
    });
    expect(entry.milliseconds).toBeGreaterThan(0);
    expect(entry.milliseconds).toBeLessThan(10_000);
    expect(entry).not.toHaveProperty('refusal');
    expect(entry).not.toHaveProperty('fault_id');
    expect(entry.request.headers).toContainEqual(['X-Auth-Token', '***']);
    expect(entry.request.headers).toContainEqual(['Content-Type', 'application/json']);
    expect(entry.answer?.headers).toContainEqual(['x-request-id', idOf(answer)]);
  });

  test('of a request signed with an access key names that, and not the signature', async () => {
    const answer = await signedClient(
      url,
      clock.now,
    )({
      ...{ access: accessKey.access, secret: accessKey.secret },
      ...{ target: kmsPath('sign'), body: JSON.stringify(signBody) },
    });
    expect(answer.status, answer.text).toBe(200);
    const entry = await journal.of(answer);
    expect(entry.caller).toMatchObject({ user: user.name, access: accessKey.access });
    const [, authorization = ''] = entry.request.headers.find(([name]) => name === 'Authorization') ?? [];
    expect(authorization).toMatch(
      /^SDK-HMAC-SHA256 Access=SIGNETACCESSKEY00001, SignedHeaders=[a-z0-9;-]+, Signature=\*\*\*$/,
    );
  });

  const authorization = 'SDK-HMAC-SHA256 Access=sEcRet/inPlaceOfKey, SignedHeaders=x-sdk-date, Signature=00';
  test('shows no secret in the place of the access key where a token let the request in', async () => {
    const headers = { 'X-Auth-Token': token, Authorization: authorization };
    const answer = await send(url, 'post', kmsPath('sign'), { headers, body: signBody });
    expect(answer.status).toBe(200);
    const shown = (await journal.of(answer)).request.headers.find(([name]) => name === 'Authorization');
    expect(shown?.[1]).toBe('SDK-HMAC-SHA256 Access=***, SignedHeaders=x-sdk-date, Signature=***');
  });

  test('of a request says what it said, not what defaults and coercion made of it', async () => {
    const body = { key_id: seededKeys.AES_256, rotation_interval: '30', sequence: null };
    const entry = await journal.of(await kms.post('update-key-rotation-interval', body));
    expect(entry.request.body).toEqual(body);
  });

  test.each([
    ['no JSON', '{"key_id": ', '11 bytes'],
    ['a list', '[1]', '3 bytes'],
    ['text', '"secret"', '8 bytes'],
    ['more than 64 KiB', JSON.stringify({ key_id: 'x'.repeat(64 * 1024) }), '65549 bytes'],
  ])('shows of a body that is %s only the length', async (_, body, length) => {
    expect((await journal.of(await kms.post('sign', body))).request.body).toBe(length);
  });

  test('shows of an answer of more than 64 KiB only the length', async () => {
    const { url: own } = await useSignet();
    const many = kmsClient(own);
    for (let index = 0; index < 120; index++) await many.create({ key_alias: `${index}-${'x'.repeat(200)}` });
    const answer = await many.post('list-keys', {});
    const entry = await journalClient(own).of(answer);
    expect(entry.answer?.body).toBe(`${Buffer.byteLength(answer.text)} bytes`);
  });

  test('has no body where there was none', async () => {
    const entry = await journal.of(await send(url, 'get', '/v1.0'));
    expect(entry.request).not.toHaveProperty('body');
  });
});

describe('the checks, in order', () => {
  const signed = signedClient(url, clock.now);
  const good = { target: kmsPath('sign'), body: JSON.stringify(signBody) };
  const login = { method: 'post', path: '/v3/auth/tokens' } as const;
  const sign = (asked: Parameters<typeof send>[3]) => send(url, 'post', kmsPath('sign'), asked);
  const withToken = { 'X-Auth-Token': token };

  const rows: readonly (readonly [string, () => Promise<Answer>, string])[] = [
    ['a path that nothing has', () => send(url, 'get', '/nowhere'), 'http, route!'],
    ['a target that is too long', () => send(url, 'get', `/?${'a'.repeat(33_000)}`), 'http!'],
    ['a body that is too long', () => sign({ body: Buffer.alloc(13 * 1024 * 1024) }), 'http!'],
    ['a method that the path does not take', () => send(url, 'get', kmsPath('sign')), 'http, route, method!'],
    [
      'a method that a path of ours does not take',
      () => send(url, 'put', '/_signet/clock/advance'),
      'http, route, door, method!',
    ],
    ['no credential', () => sign({ body: signBody }), 'http, route, credential!'],
    ['an unknown token', () => sign({ headers: { 'X-Auth-Token': 'x' } }), 'http, route, credential, token!'],
    [
      'the token of another project',
      () => sign({ headers: { 'X-Auth-Token': foreign.token }, body: signBody }),
      'http, route, credential, token, admission!',
    ],
    ['no JSON', () => sign({ headers: withToken, body: '{' }), 'http, route, credential, token, admission, contract!'],
    [
      'a field that is missing',
      () => sign({ headers: withToken, body: {} }),
      'http, route, credential, token, admission, contract!',
    ],
    [
      'a field that is wrong',
      () => sign({ headers: withToken, body: { ...signBody, signing_algorithm: 'x' } }),
      'http, route, credential, token, admission, contract!',
    ],
    [
      'what the operation refuses',
      () => sign({ headers: withToken, body: { ...signBody, signing_algorithm: 'RSASSA_PSS_SHA_256' } }),
      'http, route, credential, token, admission, contract, operation!',
    ],
    [
      'all that is right',
      () => sign({ headers: withToken, body: signBody }),
      'http, route, credential, token, admission, contract, operation',
    ],
    [
      'a signature',
      () => signed(good),
      'http, route, credential, access key, signing time, signature, admission, contract, operation',
    ],
    [
      'a wrong signature',
      () => signed({ ...good, secret: 'x' }),
      'http, route, credential, access key, signing time, signature!',
    ],
    ['an unknown access key', () => signed({ ...good, access: 'X' }), 'http, route, credential, access key!'],
    ['an operation that asks for no credential', () => send(url, 'get', '/v1.0'), 'http, route, contract, operation'],
    [
      'an operation that can do without',
      () => send(url, login.method, login.path, { body: withPassword() }),
      'http, route, credential, contract, operation',
    ],
    [
      'a wrong password',
      () => send(url, login.method, login.path, { body: withPassword({ password: 'x' }) }),
      'http, route, credential, contract, operation!',
    ],
    [
      'no JSON for an operation that can do without a credential',
      () => send(url, login.method, login.path, { body: '{' }),
      'http, route, credential, contract!',
    ],
  ];
  test.each(rows)('of %s', async (_, ask, checks) => {
    const answer = await ask();
    const entry = await journal.of(answer);
    expect(checksOf(entry)).toBe(checks);
    expect(entry.outcome).toBe(checks.endsWith('!') ? 'refused' : 'answered');
    expect(entry.refusal !== undefined).toBe(checks.endsWith('!'));
    expect(entry.answer?.status).toBe(answer.status);
  });

  test('of what the user may not do', async () => {
    const seed = seedOfKeys('{ name: k, spec: EC_P256 }').replace(
      '    projects:',
      `        permissions: []\n    projects:`,
    );
    const limited = await useSignet({ seed: useSeed(seed) });
    const answer = await kmsClient(limited.url).post('sign', signBody);
    expect(answer.status).toBe(403);
    const entry = await journalClient(limited.url).of(answer);
    expect(checksOf(entry)).toBe('http, route, credential, token, admission!');
  });

  test('of a refusal name its code and text', async () => {
    const answer = await kms.post('sign', { ...signBody, key_id: '00000000-0000-4000-8000-000000000000' });
    const { error } = answer.body as { error: { error_code: string; error_msg: string } };
    expect((await journal.of(answer)).refusal).toEqual({ code: error.error_code, text: error.error_msg });
  });
});

describe('fault rules', () => {
  const rows = [
    ['before', { error: 'KMS.0103' }, 'contract, fault!', 'refused', 500],
    ['after', { error: 'KMS.0103' }, 'contract, operation, fault!', 'refused', 500],
    ['before', { latency: { fixed: 1 } }, 'contract, fault, operation', 'answered', 200],
    ['after', { latency: { fixed: 1 } }, 'contract, fault, operation', 'answered', 200],
    ['before', { connection: 'reset' }, 'contract, fault!', 'broken', undefined],
    ['after', { connection: 'reset' }, 'contract, operation, fault!', 'broken', undefined],
    ['after', { connection: 'truncated' }, 'contract, fault!, operation', 'broken', 200],
  ] as const;
  test.each(rows)('%s the operation, %j', async (phase, effect, checks, outcome, status) => {
    const rule = await send(url, 'post', '/_signet/faults', {
      body: { operation: 'kms.sign', phase, times: 1, ...effect },
    });
    expect(rule.status, rule.text).toBe(201);
    await kms.post('sign', signBody).catch(() => undefined);
    const entry = await journal.newest();
    expect(checksOf(entry)).toBe(`http, route, credential, token, admission, ${checks}`);
    expect(entry).toMatchObject({ outcome, fault_id: (rule.body as { id: string }).id });
    expect(entry.answer?.status).toBe(status);
  });
});

describe('what the client does not wait for', () => {
  /** Sends this, and hangs up when the server has it. */
  async function hangUp(text: string): Promise<Entry> {
    const { last } = await journal.page('limit=1');
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () =>
      socket.write(text, () => setTimeout(() => socket.destroy(), 50)),
    );
    const { entries } = await journal.page(`after=${last}&wait_seconds=10`);
    expect(entries).toHaveLength(1);
    return entries[0]!;
  }

  test('to have sent its body is broken, and has no answer', async () => {
    const head = `POST ${kmsPath('sign')} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${token}\r\nContent-Length: 1000\r\n\r\n{`;
    const entry = await hangUp(head);
    expect(entry).toMatchObject({ outcome: 'broken', request: { method: 'POST', target: kmsPath('sign') } });
    expect(checksOf(entry)).toBe('http');
    expect(entry).not.toHaveProperty('answer');
  });

  test('to be done is broken, too', async () => {
    const body = JSON.stringify({ key_id: seededKeys.AES_256, key_spec: 'RSA_4096' });
    await send(url, 'post', '/_signet/faults', {
      body: { operation: 'kms.createRsaDatakeyPair', times: 1, latency: { fixed: 200 } },
    });
    const head = `POST ${kmsPath('create-rsa-datakey-pair')} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${token}`;
    const entry = await hangUp(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    expect(entry).toMatchObject({ outcome: 'broken', operation: 'kms.createRsaDatakeyPair' });
    expect(entry).not.toHaveProperty('answer');
    expect(entry).not.toHaveProperty('refusal');
  });
});

test.each([
  ['hello\r\n\r\n', '', '', 400],
  ['GET /v3?x=secret HTTP/1.1\r\nHost: x\r\nX Y: z\r\n\r\n', 'GET', '/v3?***', 400],
  ['CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n', '', '', 404],
])('what is no request that anybody could read is there as well: %j', async (text, method, target, status) => {
  const { last } = await journal.page('limit=1');
  await converse(url, text);
  const { entries } = await journal.page(`after=${last}`);
  expect(entries).toHaveLength(1);
  expect(entries[0]).toMatchObject({ outcome: 'refused', request: { method, target }, answer: { status } });
  expect(checksOf(entries[0]!)).toBe('http!');
});

describe('GET /_signet/journal', () => {
  test("has the newest first, numbered without gaps, and none of Signet's own operations", async () => {
    const { last } = await journal.page();
    const answers = [
      await kms.post('sign', signBody),
      await kms.post('verify', {}),
      await send(url, 'get', '/nowhere'),
    ];
    await send(url, 'get', '/_signet/health');
    const page = await journal.page(`after=${last}`);
    expect(idsOf(page.entries)).toEqual(answers.map(idOf).reverse());
    expect(page.entries.map(({ sequence }) => sequence)).toEqual([last + 3, last + 2, last + 1]);
    expect(page.last).toBe(last + 3);
    expect(idsOf((await journal.page(`after=${last}&limit=1`)).entries)).toEqual([idOf(answers[2]!)]);
    expect(await journal.page(`after=${last + 3}`)).toEqual({ entries: [], last: last + 3 });
  });

  test('finds by every filter, and by all of them together', async () => {
    const other = await signet.createProject();
    const { last } = await journal.page('limit=1');
    const answers = {
      signed: await kms.post('sign', signBody),
      refused: await kms.post('sign', { ...signBody, key_id: '00000000-0000-4000-8000-000000000000' }),
      verified: await kms.post('verify', {}),
      inPath: await kms.post('GET {key_id}/tags', { key_id: seededKeys.AES_256 }),
      elsewhere: await withProject(other).post('list-keys', {}),
      byKey: await signedClient(url, clock.now)({ method: 'GET', target: '/v3/projects' }),
      login: await iamClient(url).post(withPassword()),
    };
    const found: Readonly<Record<string, readonly (keyof typeof answers)[]>> = {
      'operation=kms.sign': ['refused', 'signed'],
      'operation=kms.*': ['elsewhere', 'inPath', 'verified', 'refused', 'signed'],
      'operation=*': ['login', 'byKey', 'elsewhere', 'inPath', 'verified', 'refused', 'signed'],
      [`project_id=${other.project.id}`]: ['elsewhere'],
      [`project_id=${project.id}`]: ['inPath', 'verified', 'refused', 'signed'],
      [`key_id=${seededKeys.EC_P256}`]: ['signed'],
      [`key_id=${seededKeys.AES_256}`]: ['inPath'],
      [`access=${accessKey.access}`]: ['byKey'],
      [`user_id=${other.user.id}`]: ['elsewhere'],
      'outcome=refused': ['verified', 'refused'],
      'outcome=broken': [],
      'status=404': ['refused'],
      'status=201': ['login'],
      'code=KMS.0205': [],
      'outcome=answered&operation=kms.*&status=200': ['elsewhere', 'inPath', 'signed'],
    };
    for (const [query, names] of Object.entries(found)) {
      const { entries } = await journal.page(`after=${last}&${query}`);
      expect(idsOf(entries), query).toEqual(names.map((name) => idOf(answers[name])));
    }
  });

  test.each([
    ...['limit=0', 'limit=1001', 'after=-1', 'outcome=x', 'wait_seconds=61', 'at_least=0', 'status=x'],
    ...['wait_seconds=Infinity', 'wait_seconds=1e1000', 'wait_seconds=NaN', 'after=1e1000', 'limit=Infinity'],
  ])('refuses %s', async (query) => {
    const answer = await send(url, 'get', `/_signet/journal?${query}`);
    expect(answer.body).toMatchObject({ error: { error_code: 'Signet.InvalidParameter' } });
    expect(answer.status).toBe(400);
  });

  test.each([
    ['operation=kms.sing', "'operation': the journal has no kms.sing; did you mean kms.sign?"],
    ['operation=kmss.*', "'operation': the journal has no kmss.*; did you mean kms.*?"],
    ['operation=emulator.reset', "'operation': the journal has no emulator.reset"],
    ['operation=kms', "'operation': the journal has no kms; did you mean kms.*?"],
    ['outcom=refused', "'outcom' is no parameter of the journal; did you mean outcome?"],
    ['limit=1&whatever', "'whatever' is no parameter of the journal"],
    [`operation=${'x'.repeat(20_000)}`, `'operation': the journal has no ${'x'.repeat(99)}…`],
  ])('refuses %s, and says what may be meant', async (query, text) => {
    const answer = await send(url, 'get', `/_signet/journal?${query}`);
    expect(answer.body).toEqual({ error: { error_code: 'Signet.InvalidParameter', error_msg: text } });
    expect(answer.status).toBe(400);
  });
});

describe('waiting', () => {
  test('ends as soon as there are enough that match', async () => {
    const { last } = await journal.page('limit=1');
    const waiting = journal.page(`after=${last}&operation=kms.sign&at_least=2&wait_seconds=60`);
    const answers = [await kms.post('sign', signBody), await kms.post('verify', {}), await kms.post('sign', signBody)];
    const { entries } = await waiting;
    expect(idsOf(entries)).toEqual([idOf(answers[2]!), idOf(answers[0]!)]);
  });

  test('does not begin where there are enough already', async () => {
    const { last } = await journal.page('limit=1');
    await kms.post('sign', signBody);
    expect((await journal.page(`after=${last}&wait_seconds=60`)).entries).toHaveLength(1);
  });

  test('ends after the time, with what there is', async () => {
    const { last } = await journal.page('limit=1');
    await kms.post('sign', signBody);
    const begin = performance.now();
    expect((await journal.page(`after=${last}&at_least=2&wait_seconds=0.2`)).entries).toHaveLength(1);
    expect(performance.now() - begin).toBeGreaterThan(190);
  });

  test('ends when Signet stops', async () => {
    const own = await startSignet({ port: 0 });
    const waiting = journalClient(own.url).page('wait_seconds=60');
    // Its wait has begun when another, shorter one has ended.
    await journalClient(own.url).page('wait_seconds=0.1');
    const begin = performance.now();
    await own.stop();
    expect((await waiting).entries).toEqual([]);
    expect(performance.now() - begin).toBeLessThan(2000);
  });

  test('is for a hundred at once, and those who go away make room', async () => {
    const { url: own } = await useSignet();
    const wait = () => get(`${own}/_signet/journal?wait_seconds=60`).on('error', () => undefined);
    const waiters = Array.from({ length: 100 }, wait);
    const ask = () => send(own, 'get', '/_signet/journal?wait_seconds=0.01');
    const until = async (isSo: (answer: Answer) => boolean): Promise<Answer> => {
      const answer = await ask();
      return isSo(answer) ? answer : until(isSo);
    };
    const refused = await until(({ status }) => status !== 200);
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ error: { error_code: 'Signet.TooManyWaiters' } });
    waiters.forEach((waiter) => waiter.destroy());
    await until(({ status }) => status === 200);
  });
});

describe('GET /_signet/journal/{request_id}', () => {
  test('does not know what there was not', async () => {
    const answer = await send(url, 'get', `/_signet/journal/${'0'.repeat(32)}`);
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ error: { error_code: 'Signet.NoSuchRequest' } });
  });
});

describe('with the token of a project', () => {
  test('there is nothing but its own', async () => {
    const [one, other] = [await signet.createProject(), await signet.createProject()];
    const ofOne = await withProject(one).post('list-keys', {});
    const withoutProject = await iamProjects(one.token);
    const ofOther = await withProject(other).post('list-keys', {});
    // It asks for what is the other's: that is in the other's journal.
    const trespass = await kmsClient(url, { projectId: other.project.id, token: one.token }).post('list-keys', {});
    const seenBy = async (who: TestProject, query = '') => idsOf((await journal.page(query, scoped(who))).entries);
    expect(await seenBy(one)).toEqual([withoutProject, ofOne].map(idOf));
    expect(await seenBy(other)).toEqual([trespass, ofOther].map(idOf));
    expect(await seenBy(one, `project_id=${other.project.id}`)).toEqual([]);
    const show = (answer: Answer) => send(url, 'get', `/_signet/journal/${idOf(answer)}`, { headers: scoped(one) });
    expect((await show(ofOne)).status).toBe(200);
    expect((await show(ofOther)).body).toMatchObject({ error: { error_code: 'Signet.NoSuchRequest' } });
    const wait = await journal.page('wait_seconds=0.1&at_least=3', scoped(one));
    expect(wait.entries).toHaveLength(2);
  });

  test('nobody sees who a stranger is that came to its path', async () => {
    const [one, other] = [await signet.createProject(), await signet.createProject()];
    const trespass = await kmsClient(url, { projectId: other.project.id, token: one.token }).post('list-keys', {});
    expect(trespass.body).toMatchObject({ error: { error_code: 'KMS.0321' } });
    const path = `/_signet/journal/${idOf(trespass)}`;
    const seen = await send(url, 'get', path, { headers: scoped(other) });
    expect(seen.status).toBe(200);
    expect(seen.body).not.toHaveProperty('caller');
    for (const what of [one.user.id, one.user.name, one.domain.id, one.domain.name])
      expect(seen.text).not.toContain(what);
    const { caller } = (await send(url, 'get', path)).body as Entry;
    expect(caller).toMatchObject({ user: one.user.name, user_id: one.user.id, domain: one.domain.name });
    const { entries } = await journal.page('', scoped(other));
    expect(idsOf(entries)).toEqual([idOf(trespass)]);
    expect(entries[0]).not.toHaveProperty('caller');
    expect((await journal.page(`user_id=${one.user.id}`, scoped(other))).entries).toEqual([]);
    await withProject(other).post('list-keys', {});
    expect((await journal.page('limit=1', scoped(other))).entries[0]?.caller?.user).toBe(other.user.name);
  });

  test('from another machine as well', async () => {
    const one = await signet.createProject();
    const headers = { ...scoped(one), 'X-Forwarded-For': '10.0.0.1' };
    expect((await journal.page('', headers)).entries).toEqual([]);
    const answer = await send(url, 'get', '/_signet/journal', { headers: { 'X-Forwarded-For': '10.0.0.1' } });
    expect(answer.body).toMatchObject({ error: { error_code: 'Signet.AdminTokenMissing' } });
  });

  test.each(['x', 'a token for a domain'])('that is %s, there is nothing', async (secret) => {
    const issued = await iamClient(url).issue({ domain: { id: domain.id } });
    const headers = { 'X-Auth-Token': secret === 'x' ? secret : issued.secret };
    for (const [method, path] of [
      ['get', '/_signet/journal'],
      ['delete', '/_signet/journal'],
      ['get', `/_signet/journal/${'0'.repeat(32)}`],
    ] as const) {
      const answer = await send(url, method, path, { headers });
      expect(answer.status).toBe(401);
      expect(answer.body).toMatchObject({ error: { error_code: 'Signet.InvalidToken' } });
    }
  });

  test('clears nothing but its own', async () => {
    const [one, other] = [await signet.createProject(), await signet.createProject()];
    for (const who of [one, other]) await withProject(who).post('list-keys', {});
    const { last } = await journal.page('limit=1');
    expect((await send(url, 'delete', '/_signet/journal', { headers: scoped(one) })).status).toBe(204);
    expect((await journal.page('', scoped(one))).entries).toEqual([]);
    expect((await journal.page('', scoped(other))).entries).toHaveLength(1);
    await withProject(one).post('list-keys', {});
    expect((await journal.page('', scoped(one))).entries.map(({ sequence }) => sequence)).toEqual([last + 1]);
  });

  const iamProjects = (secret: string) => send(url, 'get', '/v3/projects', { headers: { 'X-Auth-Token': secret } });
});

describe('the journal', () => {
  test('can be cleared, and counts on', async () => {
    const { url: own } = await useSignet();
    const client = journalClient(own);
    for (let index = 0; index < 3; index++) await send(own, 'get', '/v1.0');
    expect((await send(own, 'delete', '/_signet/journal')).status).toBe(204);
    expect(await client.page()).toEqual({ entries: [], last: 3 });
    await send(own, 'get', '/v1.0');
    expect((await client.page()).entries.map(({ sequence }) => sequence)).toEqual([4]);
  });

  test('keeps as many as it is told, and forgets the oldest', async () => {
    const { url: own } = await useSignet({ journalSize: 3 });
    const client = journalClient(own);
    const answers: Answer[] = [];
    for (let index = 0; index < 10; index++) answers.push(await send(own, 'get', '/v1.0'));
    expect((await client.page()).entries.map(({ sequence }) => sequence)).toEqual([10, 9, 8]);
    const forgotten = await send(own, 'get', `/_signet/journal/${idOf(answers[6]!)}`);
    expect(forgotten.body).toMatchObject({ error: { error_code: 'Signet.NoSuchRequest' } });
  });

  test('holds on to 64 MiB at most: of long requests it keeps fewer', async () => {
    const { url: own } = await useSignet({ journalSize: 2000 });
    const body = 'x'.repeat(60 * 1024);
    for (let count = 0; count < 1200; count += 20)
      await Promise.all(Array.from({ length: 20 }, () => send(own, 'post', '/nowhere', { body })));
    const { entries, last } = await journalClient(own).page('limit=1000');
    expect(last).toBe(1200);
    expect(entries.length).toBeGreaterThan(950);
    expect(entries.length).toBeLessThan(1093);
    expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => 1200 - index));
  });

  test('of size 0 keeps nothing, and who waits for it waits for the whole time', async () => {
    const { url: own } = await useSignet({ journalSize: 0 });
    await send(own, 'get', '/v1.0');
    const begin = performance.now();
    expect(await journalClient(own).page('wait_seconds=0.2')).toEqual({ entries: [], last: 0 });
    expect(performance.now() - begin).toBeGreaterThan(190);
  });
});
