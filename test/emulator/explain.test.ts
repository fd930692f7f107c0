/** Explanations of what is refused before a signature counts, of tokens, and of requests that were sent; who sees them, and what they leave behind. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { components } from '../../src/contract/openapi.ts';
import { issueKey } from '../iam/credentials.ts';
import {
  annex,
  domainToken,
  expiredToken,
  home,
  houses,
  keyId,
  spare,
  strangersProject,
  strangersToken,
} from '../iam/houses.ts';
import { makeClock, second } from '../support/clock.ts';
import { send, type Answer } from '../support/http.ts';
import { accessKey, project, token, user } from '../support/identity.ts';
import { kmsPath } from '../support/kms.ts';
import { sign } from '../support/sdk-signer.ts';
import { signedClient, type Signed } from '../support/signed.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { explain, type Explanation } from './signed-vectors.ts';

const clock = makeClock(Date.parse('2026-01-15T10:30:00Z'));
const { url } = await useSignet({ seed: useSeed(houses), now: clock.now, accessKeyLock: true });
const { host } = new URL(url);
const ask = signedClient(url, clock.now);

const body = JSON.stringify({
  ...{ key_id: keyId, message: 'AAAA' },
  ...{ signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW' },
});
const call: Signed = { target: kmsPath('sign'), body };

/** A request as text, signed with the default key now, unless said otherwise. */
function text(request: Partial<Signed> = {}, headers: Readonly<Record<string, string>> = {}): string {
  const all = { method: 'POST', target: kmsPath('sign'), at: clock.now(), body, ...request };
  const signed = sign({ ...all, headers: { Host: host, 'Content-Type': 'application/json', ...request.headers } });
  return raw(all.method, all.target, { ...signed, ...headers }, String(all.body));
}

const raw = (method: string, target: string, headers: Readonly<Record<string, string>>, content = ''): string =>
  [`${method} ${target} HTTP/1.1`, ...Object.entries(headers).map((line) => line.join(': ')), '', content].join('\n');

const withToken = (secret: string, target = kmsPath('sign')): string =>
  raw('POST', target, { Host: host, 'X-Auth-Token': secret, 'Content-Type': 'application/json' }, body);

const last = ({ checks }: Explanation) => checks.at(-1);

async function explainedOf({ headers }: Answer, asker: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return send(url, 'get', `/_signet/journal/${headers['x-request-id']!}/explanation`, { headers: asker });
}
const explanationIn = ({ status, text: told, body: found }: Answer): Explanation => {
  expect(status, told).toBe(200);
  return found as Explanation;
};

describe('refused before the signature', () => {
  test.each([
    [
      'no Signature',
      (auth: string) => auth.replace(/, Signature=.*/, ''),
      /^Authorization cannot be read: Signature is missing/,
    ],
    [
      'another algorithm',
      (auth: string) => auth.replace('SDK-HMAC-SHA256', 'SDK-HMAC-SM3'),
      /SDK-HMAC-SM3 is not supported/,
    ],
    [
      'an unknown key',
      (auth: string) => auth.replace(accessKey.access, 'AKNOBODY'),
      /^There is no access key of this name/,
    ],
    [
      'small letters',
      (auth: string) => auth.replace(accessKey.access, accessKey.access.toLowerCase()),
      /There is one called SIGNETACCESSKEY00001/,
    ],
    [
      'a wrong character',
      (auth: string) => auth.replace(accessKey.access, 'SIGNETACCESSKEY0O001'),
      /There is one called SIGNETACCESSKEY00001/,
    ],
    [
      'the secret for the key',
      (auth: string) => auth.replace(accessKey.access, accessKey.secret),
      /the secret of the access key SIGNETACCESSKEY00001/,
    ],
  ])('%s', async (_what, spoil, detail) => {
    const request = text();
    const explanation = await explain(url, request.replace(/SDK-HMAC.*/, spoil));
    expect(last(explanation)).toMatchObject({
      check: 'access key',
      verdict: 'refused',
      detail: expect.stringMatching(detail) as string,
    });
    expect(explanation).toMatchObject({ accepted: false, refusal: { code: 'APIGW.0301' } });
    expect(explanation.summary).toMatch(detail);
    expect(JSON.stringify(explanation)).not.toContain(accessKey.secret);
  });

  test.each([
    [-1000, /16 min 40 s ago/],
    [901, /15 min 1 s ahead/],
  ])('signed %i seconds off', async (seconds, detail) => {
    const explanation = await explain(url, text({ at: clock.now() + seconds * second }));
    expect(last(explanation)).toMatchObject({ check: 'signing time', verdict: 'refused' });
    expect(explanation.summary).toMatch(detail);
    expect(explanation.signature).toMatchObject({ verdict: 'unchecked', tried: [] });
  });

  test('a body that is not the declared one is recognized by its digest', async () => {
    const digest = createHash('sha256').update(body).digest('hex');
    const request = text({ headers: { 'X-Sdk-Content-Sha256': digest } });
    const explanation = await explain(url, `${request}\n`);
    expect(last(explanation)).toMatchObject({ check: 'body digest', verdict: 'refused' });
    expect(explanation.summary).toBe('The body that the client signed ends without the newline that arrived.');
  });

  test('a temporary key without its security token, with a wrong one, and after its time', async () => {
    const { access, secret, securityToken } = await issueKey(url);
    const used = (headers: Readonly<Record<string, string>>) => explain(url, text({ access, secret, headers }));
    expect((await used({})).summary).toMatch(/X-Security-Token is missing/);
    expect(last(await used({ 'X-Security-Token': 'wrong' }))).toMatchObject({
      check: 'security token',
      verdict: 'refused',
    });
    const right = await used({ 'X-Security-Token': securityToken });
    expect(right).toMatchObject({ accepted: true, signature: { verdict: 'right' } });
    expect(right.signature!.expected).toContain('x-security-token:***');
    expect(JSON.stringify(right)).not.toContain(securityToken);
    const at = new Date(clock.now() + 901 * second).toISOString();
    const late = await send(url, 'post', '/_signet/explain', {
      body: { request: text({ access, secret, headers: { 'X-Security-Token': securityToken } }), at },
    });
    expect((late.body as Explanation).summary).toMatch(/^The key expired at .*, 1 s ago\.$/);
  });

  test('a path that nobody has, and one with another method', async () => {
    const nowhere = await explain(url, text({ target: '/v1.0/nowhere' }));
    expect(nowhere).toMatchObject({
      accepted: false,
      refusal: { code: 'APIGW.0101' },
      signature: { verdict: 'right' },
    });
    expect(last(nowhere)).toMatchObject({ check: 'route', verdict: 'refused' });
    const method = await explain(url, text({ method: 'PATCH' }));
    expect(last(method)).toMatchObject({ check: 'method', verdict: 'refused' });
    expect(nowhere.operation).toBeUndefined();
  });

  test.each([
    [{}, /neither a token in X-Auth-Token nor a signature/],
    [{ Authorization: 'Bearer abc' }, /takes it in X-Auth-Token/],
    [{ Authorization: 'AWS4-HMAC-SHA256 Credential=x' }, /is of AWS/],
  ])('no credential: %j', async (headers, summary) => {
    const explanation = await explain(url, raw('POST', kmsPath('sign'), { Host: host, ...headers }, body));
    expect(explanation).toMatchObject({ accepted: false });
    expect(explanation.summary).toMatch(summary);
    expect(explanation.signature).toBeUndefined();
  });

  test('operations that need no credential, or can do without', async () => {
    expect(await explain(url, raw('GET', '/v3', { Host: host }))).toMatchObject({
      accepted: true,
      operation: 'iam.showVersion',
    });
    expect(await explain(url, raw('POST', '/v3/auth/tokens', { Host: host }, '{}'))).toMatchObject({ accepted: true });
    expect((await explain(url, raw('GET', '/_signet/health', { Host: host }))).summary).toMatch(/Signet's own/);
  });
});

describe('tokens', () => {
  type Token = components['schemas']['TokenExplanation'];

  test.each<readonly [string, Partial<Token>, RegExp]>([
    [
      token,
      { verdict: 'accepted', user: user.name, project_id: project.id },
      /^The credential is accepted: signet calls kms.sign/,
    ],
    [
      expiredToken,
      { verdict: 'expired', expires_at: '2020-01-01T00:00:00.000Z' },
      /^The token expired at 2020-01-01T00:00:00.000Z/,
    ],
    [domainToken, { verdict: 'no-project' }, /./],
    [strangersToken, { verdict: 'other-project', project_id: strangersProject.id }, /./],
    ['gibberish', { verdict: 'unknown' }, /No token is known like this one/],
    [`Bearer ${token}`, { verdict: 'unknown' }, /There is a token like it, without `Bearer` in front/],
    [`"${token}"`, { verdict: 'unknown' }, /without quotes around it/],
    [`${token}\\n`, { verdict: 'unknown' }, /without a written-out newline/],
    [encodeURIComponent(token).replaceAll('-', '%2D'), { verdict: 'unknown' }, /without percent-encoding/],
    [accessKey.access, { verdict: 'unknown' }, /name of an access key/],
    ['eyJhbGciOiJIUzI1NiJ9.e30.abc', { verdict: 'unknown' }, /like a JWT/],
    ['0123456789abcdef0123456789', { verdict: 'unknown' }, /looks cut off/],
    ['$TOKEN', { verdict: 'unknown' }, /variable that was not filled in/],
  ])('%s', async (secret, told, summary) => {
    const explanation = await explain(url, withToken(secret));
    expect(explanation.token).toMatchObject(told);
    expect(explanation.accepted).toBe(told.verdict === 'accepted');
    expect(explanation.summary).toMatch(summary);
  });

  test('of another project of the account', async () => {
    const explanation = await explain(url, withToken(token, kmsPath('sign', annex.id)));
    expect(explanation).toMatchObject({
      accepted: false,
      token: { verdict: 'other-project' },
      refusal: { code: 'KMS.0321' },
    });
    expect(explanation.token!.explanation).toBe(
      `The token is for the project ${project.id} (${project.name}), and the path is of ${annex.id}.`,
    );
  });
});

describe('sent requests', () => {
  test('wrongly signed: by the id of the answer, at the time of the request', async () => {
    const answer = await ask({ ...call, sent: { body: `${body}\n` } });
    expect(answer.status).toBe(401);
    clock.advance(3_600_000);
    const explanation = explanationIn(await explainedOf(answer));
    expect(explanation).toMatchObject({
      accepted: false,
      operation: 'kms.sign',
      refusal: { code: 'APIGW.0301' },
      signature: { verdict: 'proved', cause: { name: 'body-newline' }, difference: { what: 'body hash', column: 1 } },
    });
    expect(explanation.checks.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual([
      ...[
        'http passed',
        'route passed',
        'credential passed',
        'access key passed',
        'signing time passed',
        'signature refused',
      ],
    ]);
  });

  test('rightly signed, and what was signed', async () => {
    const answer = await ask(call);
    expect(answer.status).toBe(200);
    const explanation = explanationIn(await explainedOf(answer));
    expect(explanation).toMatchObject({
      accepted: true,
      signature: { verdict: 'right' },
      kms: { verdict: 'signed', algorithm: 'ECDSA_SHA_256' },
    });
    expect(explanation.checks.at(-1)).toEqual({ check: 'operation', verdict: 'passed' });
  });

  test('through a proxy that is trusted: for the host that the client named', async () => {
    const { url: behind } = await useSignet({ seed: useSeed(houses), now: clock.now, trustedProxies: ['127.0.0.1'] });
    const headers = { Host: 'kms.example' };
    const passedOn = { headers: { Host: new URL(behind).host, 'X-Forwarded-Host': 'kms.example' } };
    const { status, headers: answered } = await signedClient(behind, clock.now)({ ...call, headers, sent: passedOn });
    expect(status).toBe(200);
    const path = `/_signet/journal/${answered['x-request-id']!}/explanation`;
    const explanation = explanationIn(
      await send(behind, 'get', path, { headers: { 'X-Signet-Token': 'of-the-tests' } }),
    );
    expect(explanation).toMatchObject({ accepted: true, signature: { verdict: 'right' } });
    expect(explanation.signature!.expected).toContain('host:kms.example');
  });

  test('refused by the operation itself', async () => {
    const answer = await ask({ ...call, body: body.replace(keyId, '00000000-0000-4000-8000-00000000ffff') });
    const explanation = explanationIn(await explainedOf(answer));
    expect(explanation).toMatchObject({ accepted: true, refusal: { code: 'KMS.0207' } });
    expect(explanation.summary).toMatch(/^The credential is accepted, and kms.sign refuses: KMS.0207/);
  });

  test('refused by a fault rule', async () => {
    await send(url, 'post', '/_signet/faults', { body: { operation: 'kms.sign', error: 'KMS.0206', times: 1 } });
    const { summary } = explanationIn(await explainedOf(await ask(call)));
    expect(summary).toMatch(/^The credential is accepted, and a fault rule refuses: KMS.0206/);
  });

  test('a signature beside the token of somebody else: nothing of one account is shown to another', async () => {
    const wrong = await ask({ ...call, sent: { body: '{}' } });
    expect((await explainedOf(wrong, { 'X-Auth-Token': strangersToken })).status).toBe(404);
    expect((await explainedOf(wrong, { 'X-Auth-Token': token })).status).toBe(200);
    expect((await explainedOf({ ...wrong, headers: { 'x-request-id': 'f'.repeat(32) } })).status).toBe(404);
    expect((await explainedOf(wrong, { 'X-Auth-Token': 'nobody' })).status).toBe(401);
  });
});

describe('with the token of a project', () => {
  const asStranger = (request: string) => explain(url, request, { 'X-Auth-Token': strangersToken });

  test('the keys of other accounts are neither used nor named', async () => {
    const foreign = await asStranger(text({ body: `${body} ` }).replace(/ $/, ''));
    expect(foreign).toMatchObject({ accepted: false, signature: { verdict: 'unchecked', tried: [] } });
    const right = await asStranger(text());
    expect(right).toMatchObject({ accepted: true, signature: { verdict: 'unchecked' } });
    const near = await asStranger(text().replace(accessKey.access, 'SIGNETACCESSKEY0000'));
    for (const explanation of [foreign, right, near]) {
      const told = JSON.stringify(explanation);
      for (const secret of [spare.access, accessKey.secret, user.id, home.id, `"${user.name}`])
        expect(told).not.toContain(secret);
    }
    expect(JSON.stringify(near)).not.toContain('There is one called');
    expect(foreign.kms).toBeUndefined();
    expect(right.kms).toBeUndefined();
  });

  test('what stands behind a token of another account is not told', async () => {
    const { token: told } = await asStranger(withToken(token, kmsPath('sign', strangersProject.id)));
    expect(told).toStrictEqual({
      verdict: 'other-project',
      explanation: `The token is for another project, and the path is of ${strangersProject.id}.`,
    });
  });

  test('those of its own account are', async () => {
    const explanation = await explain(url, text({ secret: spare.secret }), { 'X-Auth-Token': token });
    expect(explanation.signature?.cause).toMatchObject({
      name: 'other-key',
      explanation: expect.stringContaining(spare.access) as string,
    });
  });
});

test('nothing is counted: twenty explanations of wrong signatures lock no key', async () => {
  for (let time = 0; time < 20; time++) expect((await explain(url, text({ secret: 'wrong' }))).accepted).toBe(false);
  expect((await ask(call)).status).toBe(200);
});

test('a locked key is said to be one, and since an explanation clears nothing, stays one', async () => {
  for (let time = 0; time < 5; time++) expect((await ask({ ...call, ...spare, secret: 'wrong' })).status).toBe(401);
  const explanation = await explain(url, text(spare));
  expect(explanation.summary).toMatch(/^The access key is locked until /);
  expect((await ask({ ...call, ...spare })).status).toBe(401);
});
