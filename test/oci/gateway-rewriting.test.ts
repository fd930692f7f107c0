import { describe, expect, test } from 'vitest';
import { at, useOciGateway, type TestRoute } from '../support/oci-gateway.ts';
import { expectOciRefusal } from '../support/oci-refusals.ts';
import type { OciAsking } from '../support/oci-signer.ts';

const gateway = await useOciGateway();
const { oci, host, signers } = gateway;
const { bob } = signers;

/** The deployment that changes nothing: path and Host stay, and what the gateway adds is not signed. */
const prefix = '/_oci/plain';
const sameUrl = `http://api.test${prefix}/\${request.path[rest]}`;
const headerChanges = (headerTransformations: object) => ({ headerTransformations });
const keptHost = { name: 'Host', values: ['${request.headers[Host]}'] };
const set = (...items: readonly object[]) => ({ setHeaders: { items: [keptHost, ...items] } });
const same: Required<Pick<TestRoute, 'requestPolicies'>> = { requestPolicies: headerChanges(set()) };

const call = (asking: Partial<OciAsking> = {}) => oci.send(bob, { target: `${prefix}/20231130/models`, ...asking });
const post = { method: 'POST', body: '{"message":"hello"}' } as const;
const filtered = (type: string, ...names: readonly string[]) =>
  headerChanges({ ...set(), filterHeaders: { type, items: names.map((name) => ({ name })) } });
const ofQuery = (queryParameterTransformations: object) => ({ ...headerChanges(set()), queryParameterTransformations });

test('a route that changes nothing that is signed lets the client’s signature through', async () => {
  await gateway.deploy('/plain', { path: '/{rest*}', backend: at(sameUrl), ...same });
  for (const asking of [{}, post, { target: `${prefix}/a%2Fb/c?x=%7C&y` }]) {
    const answer = await call(asking);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json).toMatchObject({
      method: 'method' in asking ? 'POST' : 'GET',
      caller: { user: { name: 'bob' } },
    });
  }
  expect(await gateway.last()).toMatchObject({ status: 200, explanation: 'The signature is right.' });
});

test('the gateway tells the back end who called, and keeps what is between neighbours', async () => {
  await gateway.deploy('/plain', { path: '/{rest*}', backend: at(sameUrl), ...same });
  const answer = await call({
    headers: [
      ['X-Forwarded-For', '192.0.2.1'],
      ['Forwarded', 'for=192.0.2.1;proto=https'],
      ['X-Real-IP', '192.0.2.1'],
      ['User-Agent', 'of the client'],
      ['TE', 'trailers'],
      ['Proxy-Authorization', 'Basic x'],
      ['Keep-Alive', 'timeout=5'],
      ['X-Other', 'stays'],
    ],
  });
  const { headers } = answer.json as { headers: [string, string][] };
  expect(headers.filter(([name]) => name !== 'Authorization')).toEqual([
    ['Host', host],
    ['x-date', expect.any(String)],
    ['X-Other', 'stays'],
    ['X-Real-IP', '127.0.0.1'],
    ['X-Forwarded-For', '192.0.2.1, 127.0.0.1'],
    ['Forwarded', 'for=192.0.2.1;proto=https, for=127.0.0.1'],
    ['User-Agent', 'Oracle API Gateway'],
  ]);
});

interface Row {
  readonly what: string;
  readonly route: Partial<TestRoute>;
  readonly asking?: Partial<OciAsking>;
  /** Names of all causes that are proved. */
  readonly causes: readonly string[];
  /** Questions of the checklist that are not answered with ok, by what they are about. */
  readonly differing: readonly string[];
}

const names = ['x-date', '(request-target)', 'host'];
const target = 'final path and query';
const rows: readonly Row[] = [
  { what: 'Host', route: { requestPolicies: {} }, causes: ['host-changed'], differing: ['host'] },
  {
    what: 'the path prefix',
    route: { backend: at('https://api.test/${request.path[rest]}') },
    ...{ causes: ['request-target-changed'], differing: [target] },
  },
  {
    what: 'Host and the path prefix',
    route: { backend: at('https://api.test/${request.path[rest]}'), requestPolicies: {} },
    ...{ causes: ['request-target-changed', 'host-changed'], differing: [target, 'host'] },
  },
  {
    what: 'Host and the path prefix of a request with a body',
    route: { backend: at('https://api.test:8443/${request.path[rest]}'), requestPolicies: {} },
    asking: post,
    ...{ causes: ['request-target-changed', 'host-changed'], differing: [target, 'host'] },
  },
  {
    what: 'the date, by a filter',
    route: { requestPolicies: filtered('BLOCK', 'X-Date') },
    ...{ causes: ['x-date-changed'], differing: ['x-date'] },
  },
  {
    what: 'the date, by a filter that lets others through',
    route: { requestPolicies: filtered('ALLOW', 'authorization', 'accept', 'Host') },
    ...{ causes: ['x-date-changed'], differing: ['x-date'] },
  },
  {
    what: 'the date, by another name',
    route: {
      requestPolicies: headerChanges({ ...set(), renameHeaders: { items: [{ from: 'x-date', to: 'x-old' }] } }),
    },
    ...{ causes: ['x-date-changed'], differing: ['x-date'] },
  },
  {
    what: 'the digest of the body, by a filter',
    route: { requestPolicies: filtered('BLOCK', 'x-content-sha256') },
    asking: post,
    ...{ causes: ['x-content-sha256-changed'], differing: ['x-content-sha256'] },
  },
  {
    what: 'content-type, which gets a charset',
    route: {
      requestPolicies: headerChanges(set({ name: 'content-type', values: ['application/json; charset=utf-8'] })),
    },
    asking: post,
    ...{ causes: ['content-type-changed'], differing: ['content-type'] },
  },
  {
    what: 'content-type, which gets a second value',
    route: {
      requestPolicies: headerChanges(set({ name: 'content-type', values: ['text/plain'], ifExists: 'APPEND' })),
    },
    asking: post,
    ...{ causes: ['content-type-changed'], differing: ['content-type'] },
  },
  {
    what: 'a query to which something is added',
    route: { requestPolicies: ofQuery({ setQueryParameters: { items: [{ name: 'api-version', values: ['1'] }] } }) },
    asking: { target: `${prefix}/x?a=1` },
    ...{ causes: ['request-target-changed'], differing: [target] },
  },
  {
    what: 'a query from which something is taken',
    route: { requestPolicies: ofQuery({ filterQueryParameters: { type: 'BLOCK', items: [{ name: 'a' }] } }) },
    asking: { target: `${prefix}/x?a=1&b=2` },
    ...{ causes: ['request-target-changed'], differing: [target] },
  },
  {
    what: 'the name of a parameter',
    route: { requestPolicies: ofQuery({ renameQueryParameters: { items: [{ from: 'a', to: 'b' }] } }) },
    asking: { target: `${prefix}/x?a=1` },
    ...{ causes: ['request-target-changed'], differing: [target] },
  },
  {
    what: 'a path, behind which the back end has a query of its own',
    route: { backend: at(`${sameUrl}?key=k`) },
    ...{ causes: ['request-target-changed'], differing: [target] },
  },
  {
    what: 'User-Agent, which the client signed',
    route: {},
    asking: { headers: [['User-Agent', 'mine']], names: [...names, 'user-agent'] },
    ...{ causes: ['user-agent-changed'], differing: [] },
  },
  {
    what: 'X-Forwarded-For, which the client signed',
    route: {},
    asking: { headers: [['X-Forwarded-For', '192.0.2.1']], names: [...names, 'x-forwarded-for'] },
    ...{ causes: ['x-forwarded-for-changed'], differing: [] },
  },
  {
    what: 'a header that is for its neighbour alone, and signed',
    route: {},
    asking: { headers: [['TE', 'trailers']], names: [...names, 'te'] },
    ...{ causes: ['te-changed'], differing: [] },
  },
  {
    what: 'three things at once',
    route: {
      backend: at('https://api.test/${request.path[rest]}'),
      requestPolicies: headerChanges({ setHeaders: { items: [{ name: 'content-type', values: ['text/json'] }] } }),
    },
    asking: post,
    ...{
      causes: ['request-target-changed', 'host-changed', 'content-type-changed'],
      differing: [target, 'host', 'content-type'],
    },
  },
];

describe('a signature for the gateway breaks, and it is proved what did that, where the route changes', () => {
  test.each(rows)('$what', async ({ route, asking, causes, differing }) => {
    await gateway.deploy('/plain', { path: '/{rest*}', backend: at(sameUrl), ...same, ...route });
    const answer = await call(asking);
    expectOciRefusal(answer, 401, 'NotAuthenticated', /^Failed to verify the HTTP\(S\) Signature$/);
    const record = await gateway.last();
    expect(record.diagnosis).toMatchObject({ proved: true });
    const { causes: found, signed, summary } = record.diagnosis!;
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining([...causes]));
    expect(found).toHaveLength(causes.length);
    const isAbout = (question: string): boolean =>
      differing.some((part) => question.includes(` ${part} `) || question.includes(` ${part}?`));
    const { checklist = [] } = record;
    expect(checklist.filter((entry) => isAbout(entry.question)).map((entry) => entry.answer)).not.toContain('ok');
    const notOk = checklist.filter((entry) => entry.answer !== 'ok' && !entry.question.includes('opc-request-id'));
    expect(notOk.map((entry) => entry.question)).toHaveLength(differing.length);
    // What was signed is what the client made, in its lines.
    expect(signed?.split('\n')[0]).toBe(`x-date: ${new Date(gateway.clock.now()).toUTCString()}`);
    expect(signed).toContain(`host: ${host}`);
    expect(record.explanation).toContain(summary);
    const entry = await gateway.entryOf(answer);
    expect(entry).toMatchObject({ outcome: 'refused', refusal: { code: 'NotAuthenticated' } });
  });

  test('the method, which no route does, and so nothing is said of it', async () => {
    await gateway.deploy('/plain', { path: '/{rest*}', backend: at('https://api.test/'), ...same });
    await call({ method: 'DELETE' });
    const { checklist = [] } = await gateway.last();
    expect(checklist.find(({ question }) => question.includes('final method'))).toMatchObject({ answer: 'ok' });
  });
});

test('an Authorization that does not get through is missed, and the checklist says so', async () => {
  await gateway.deploy('/plain', {
    path: '/{rest*}',
    backend: at(sameUrl),
    requestPolicies: filtered('BLOCK', 'Authorization'),
  });
  const answer = await call();
  expectOciRefusal(answer, 401, 'NotAuthenticated');
  const { checklist = [], diagnosis, explanation } = await gateway.last();
  expect(diagnosis).toBeUndefined();
  expect(explanation).toBe('There is no Authorization header.');
  expect(checklist[0]).toEqual({
    question: 'Does Authorization begin with Signature?',
    ...{ answer: 'missing', sent: 'Signature' },
    explanation: 'The back end received no Authorization: the gateway dropped it.',
  });
});

test('the whole checklist of a call that fails behind the gateway', async () => {
  await gateway.deploy('/plain', { path: '/{rest*}', backend: at('https://inference.test/${request.path[rest]}') });
  const { headers } = await call({ ...post, headers: [['opc-request-id', 'MINE']] });
  const { checklist = [], sent, received, request_id: id, ...record } = await gateway.last();
  expect(headers['opc-request-id']).toMatch(RegExp(`^MINE/${id.toUpperCase()}/`));
  expect(record).toMatchObject({
    route: '/{rest*}',
    backend: 'HTTP_BACKEND',
    status: 401,
    deployment: { path_prefix: '/plain' },
  });
  expect([sent.target, received?.url]).toEqual([`${prefix}/20231130/models`, 'https://inference.test/20231130/models']);
  const length = String(post.body.length);
  const digest = 'my1Dr/v0mjZwKN8uFBT4TA4JmsmMPVSoqAFX/XdxryU=';
  const date = new Date(gateway.clock.now()).toUTCString();
  const authorization = expect.stringMatching(/^Signature version="1",.*signature="\*\*\*"$/) as string;
  const all = (value: string) => ({ signed: value, sent: value, received: value });
  const ok = { answer: 'ok', explanation: 'It is the same.' };
  const was = (one: string, other: string) => ({
    answer: 'differs',
    signed: one,
    sent: one,
    received: other,
    explanation: `The back end received "${other}", and "${one}" was signed.`,
  });
  expect(checklist).toEqual([
    {
      question: 'Does Authorization begin with Signature?',
      answer: 'ok',
      sent: 'Signature',
      received: 'Signature',
      explanation: 'It does.',
    },
    {
      ...{ question: 'Which headers are signed?', answer: 'ok' },
      signed: 'x-date (request-target) host content-length content-type x-content-sha256',
      explanation: 'All that must be: x-date, (request-target), host, content-length, content-type, x-content-sha256.',
    },
    {
      question: 'Was it signed for the final path and query?',
      ...was(`${prefix}/20231130/models`, '/20231130/models'),
    },
    { question: 'Was it signed for the final method?', ...all('post'), ...ok },
    {
      question: 'Was it signed for the final body?',
      ...all(digest),
      answer: 'ok',
      explanation: 'x-content-sha256 is the digest of the body.',
    },
    {
      question: 'Did authorization reach the back end as it was signed?',
      sent: authorization,
      received: authorization,
      ...ok,
    },
    { question: 'Did x-date reach the back end as it was signed?', ...all(date), ...ok },
    { question: 'Did host reach the back end as it was signed?', ...was(host, 'inference.test') },
    { question: 'Did x-content-sha256 reach the back end as it was signed?', ...all(digest), ...ok },
    { question: 'Did content-type reach the back end as it was signed?', ...all('application/json'), ...ok },
    { question: 'Did content-length reach the back end as it was signed?', ...all(length), ...ok },
    {
      ...{ question: 'Which opc-request-id has it?', answer: 'ok', sent: 'MINE', received: 'MINE' },
      explanation: 'It is the first part of the one in the answer, which leads to this request.',
    },
  ]);
});

test('no signature is shown, whether it is right or wrong', async () => {
  await gateway.deploy('/plain', { path: '/{rest*}', backend: at(sameUrl), ...same });
  for (const asking of [
    {},
    { signedAs: { host: 'api.test' } },
    { authorization: 'Bearer a-secret-token' },
    { authorization: 'a-secret-token' },
    { authorization: 'a-secret-token a-secret-token' },
    { authorization: `a-secret-token${'x'.repeat(60)}` },
    { authorization: 'Signature keyId="a-secret-token",signature="a-secret-token"' },
  ]) {
    await call(asking);
    const text = JSON.stringify(await gateway.last());
    expect(text).not.toMatch(/signature=\\"(?!\*\*\*)|a-secret-token/);
  }
});

test('no secret of a header is shown where a route writes it into its URL', async () => {
  const setting = { name: 'a', values: ['${request.headers[x-copy]}'] };
  await gateway.deploy('/plain', {
    path: '/{rest*}',
    backend: at(sameUrl),
    requestPolicies: { queryParameterTransformations: { setQueryParameters: { items: [setting] } } },
  });
  const secret = 'a+secret/of=those';
  await call({
    headers: [
      ['x-copy', secret],
      ['Cookie', secret],
    ],
  });
  const { received } = await gateway.last();
  expect(received?.url).toMatch(/\?a=\*\*\*$/);
});

test('no session token is shown, in no part of it, where a route sets another Authorization', async () => {
  const setting = { name: 'Authorization', values: ['Signature version="1"'] };
  await gateway.deploy('/plain', {
    path: '/{rest*}',
    backend: at(sameUrl),
    requestPolicies: { headerTransformations: { setHeaders: { items: [setting] } } },
  });
  const token = 'a-secret-token'.repeat(60);
  for (const parameters of [{ keyId: `ST$${token}` }, { token }, { algorithm: token }]) {
    await call({ parameters });
    const { checklist = [], ...record } = await gateway.last();
    expect(checklist).toContainEqual(
      expect.objectContaining({ question: expect.stringMatching(/^Did auth/) as string, answer: 'differs' }),
    );
    expect(JSON.stringify([checklist, record])).not.toContain('a-secret-token');
  }
});
