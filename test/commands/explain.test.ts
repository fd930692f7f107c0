import { describe, expect, test } from 'vitest';
import { createClient } from '../../src/client/client.ts';
import { explanationText } from '../../src/commands/explanation-text.ts';
import { sideBySide } from '../../src/commands/side-by-side.ts';
import { project, seededKeys, token } from '../support/identity.ts';
import { sign } from '../support/sdk-signer.ts';
import { useSignet } from '../support/signet.ts';
import { run } from './run.ts';

const { url } = await useSignet();
const environment = { SIGNET_URL: url };
const target = `/v1.0/${project.id}/kms/list-keys`;

/** A request as it goes over the wire, signed with the default access key. */
function signedRequest(sent: { readonly target?: string } = {}): string {
  const headers = { Host: new URL(url).host, 'Content-Type': 'application/json' };
  const signed = sign({ method: 'POST', target, headers, body: '{}', at: Date.now() });
  const lines = Object.entries({ ...headers, ...signed, 'Content-Length': '2' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return [`POST ${sent.target ?? target} HTTP/1.1`, ...lines, '', '{}'].join('\r\n');
}

describe('signet explain', () => {
  test('a request that is accepted: 0, and every check', async () => {
    const { code, stdout, stderr } = await run(['explain', '-'], { environment, stdin: signedRequest() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ {2}passed {3}signature/m);
    // No terminal, no colours.
    expect(stdout).not.toContain('\u001b');
  });

  test('one whose path was changed after it was signed: 1, and both canonical requests', async () => {
    const stdin = signedRequest({ target: `${target}?limit=5` });
    const { code, stdout } = await run(['explain', '-'], { environment, stdin });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {2}refused {2}signature/m);
    expect(stdout).toContain('limit=5');
    expect(stdout).toContain('APIGW.0301');
  });

  test('a curl command, with a token', async () => {
    const curl = (given: string) => `curl -s '${url}${target}' -H 'X-Auth-Token: ${given}' -d '{}'`;
    expect((await run(['explain', '-'], { environment, stdin: curl(token) })).code).toBe(0);
    const { code, stdout } = await run(['explain', '-', '--json'], { environment, stdin: curl('of-nobody') });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ accepted: false, token: { verdict: 'unknown' } });
  });

  test('a request out of the journal', async () => {
    const signet = createClient({ url, token, projectId: project.id });
    const request = { key_id: seededKeys.EC_P256, message: 'aGk=', signing_algorithm: 'ECDSA_SHA_256' } as const;
    const { signature } = await signet.kms.sign({ ...request, message_type: 'RAW' });
    await signet.kms.verify({ ...request, signature, message_type: 'RAW' });
    const { entries } = await createClient({ url }).emulator.listJournal({ operation: 'kms.verify' });
    const { code, stdout } = await run(['explain', '--request-id', entries[0]!.request_id], { environment });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}algorithm +ECDSA_SHA_256$/m);
    expect(stdout).toMatch(/^ {2}verdict +valid$/m);
  });

  describe('exits 0 only where nothing refuses', () => {
    const { EC_P256: key_id } = seededKeys;
    const ecdsa = { key_id, signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW', message: 'aGk=' };
    const rows: readonly (readonly [what: string, action: string, body: object, code: number])[] = [
      ['a signature to make', 'sign', ecdsa, 0],
      ['an algorithm of another key', 'sign', { ...ecdsa, signing_algorithm: 'SM2DSA_SM3' }, 1],
      ['a key that is not there', 'sign', { ...ecdsa, key_id: key_id.replace('5', '6') }, 1],
      ['a body that the contract does not have', 'sign', { ...ecdsa, message: 7 }, 1],
      ['an invalid signature: the answer says so', 'verify', { ...ecdsa, signature: 'MAYCAQECAQE=' }, 0],
    ];
    test.each(rows)('%s: %s', async (_what, action, body, code) => {
      const path = `/v1.0/${project.id}/kms/${action}`;
      const headers = { 'X-Auth-Token': token, 'Content-Type': 'application/json' };
      const text = JSON.stringify(body);
      const { headers: answered } = await fetch(url + path, { method: 'POST', headers, body: text });
      const curl = `curl '${url}${path}' -H 'X-Auth-Token: ${token}' -H 'Content-Type: application/json' -d '${text}'`;
      const sent = ['explain', '--request-id', answered.get('X-Request-Id') ?? ''];
      const ran = [await run(sent, { environment }), await run(['explain', '-'], { environment, stdin: curl })];
      expect(ran.map((one) => one.code)).toEqual([code, code]);
    });
  });

  test.each([
    ['nothing', [], /^explain what\?/],
    ['both', ['-', '--request-id', 'a'.repeat(32)], /^explain what\?/],
    ['what is no request', ['-'], /Signet\.UnreadableRequest/],
  ])('%s: the reason, and 1', async (_what, args, message) => {
    const { code, stdout, stderr } = await run(['explain', ...args], { environment, stdin: 'no request' });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

describe('how it looks', () => {
  const look = { width: 40, mark: (text: string) => `[${text}]`, head: (text: string) => text };
  const sides = (left: readonly string[], right: readonly string[]): string[] =>
    sideBySide({ title: 'came', text: left.join('\n') }, { title: 'signed', text: right.join('\n') }, look).split('\n');

  test.each<[what: string, left: readonly string[], right: readonly string[], expected: readonly string[]]>([
    ['the same', ['GET', '/'], ['GET', '/'], ['  GET  | GET', '  /    | /']],
    ['another line', ['GET', '/a'], ['GET', '/b'], ['  GET  | GET', '[! /a   | /b]']],
    ['a line more', ['a', 'b', 'c'], ['a', 'c'], ['  a    | a', '[! b    |]', '  c    | c']],
    ['a line less', ['a', 'c'], ['a', 'b', 'c'], ['  a    | a', '[!      | b]', '  c    | c']],
    ['a long line', ['x'.repeat(25)], ['y'], [`[! ${'x'.repeat(20)} | y]`, `[! xxxxx${' '.repeat(15)} |]`]],
  ])('%s', (_what, left, right, expected) => {
    expect(sides(left, right).slice(1)).toEqual(expected);
  });

  test('a proved cause: its name, the remedy, where the first difference is, and both requests beside each other', () => {
    const text = explanationText({
      summary: 'The signature was made for another path.',
      accepted: false,
      checks: [
        { check: 'access key', verdict: 'passed' },
        { check: 'signature', verdict: 'refused', detail: 'trailing-slash' },
      ],
      refusal: { code: 'APIGW.0301', text: 'Incorrect IAM authentication information' },
      signature: {
        ...{ algorithm: 'SDK-HMAC-SHA256', access: 'AK', verdict: 'proved', tried: ['trailing-slash'] },
        cause: { name: 'trailing-slash', explanation: 'The path ended without a slash.', remedy: 'Add one.' },
        expected: 'GET\n/v3/\n',
        received: 'GET\n/v3\n',
        difference: { line: 2, what: 'path', column: 4, expected: '/', received: '' },
      },
    });
    expect(text).toContain('trailing-slash: The path ended without a slash.\n  Add one.');
    expect(text).toContain('First difference: line 2 (path), byte 4');
    expect(text).toMatch(/^! \/v3\/ +\| \/v3$/m);
    expect(text).toMatch(/^ {2}GET +\| GET$/m);
  });
});
