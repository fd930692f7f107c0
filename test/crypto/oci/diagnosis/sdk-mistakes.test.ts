/** What Oracle's SDKs themselves sign otherwise than they send it: the recorded requests, and the same of other shapes. */
import { describe, expect, test } from 'vitest';
import type { OciSurroundings } from '../../../../src/crypto/oci/diagnosis/question.ts';
import { sdkKey, sdkRequests } from '../sdk-requests.ts';
import { bodyHeaders, date, host, signed, type Header } from '../oci-signer.ts';
import { causesOf, diagnosisOf, readable, rewritten } from './diagnosed.ts';

/** By what is strange in the request; the hosts that were signed stand nowhere in the last two. */
const causes: readonly (readonly [title: RegExp, cause: string, known?: Partial<OciSurroundings>])[] = [
  [/not ASCII/, 'beyond-ascii-not-encoded'],
  [/^(?:POST, )?(?:\||\{\}|\^|`|\\) in the/, 'unwise-characters-encoded'],
  [/^\/a\/\.\.?\/b$/, 'dot-segments'],
  [/two slashes/, 'path-slashes'],
  [/only \?/, 'query-empty'],
  [/default port/, 'host-port'],
  [/a Host/, 'host-of-service', { hosts: ['another.example', 'other.example', 'gateway.example'] }],
];

const wrong = sdkRequests.filter(({ signedWrongly }) => signedWrongly !== undefined);

test('the recorded ones are those of the specification, and more', () => {
  const titles = wrong.map(({ title }) => title);
  for (const [title] of causes) expect(titles.some((one) => title.test(one))).toBe(true);
  expect(wrong.length).toBeGreaterThan(12);
});

describe('recorded and wrong', () => {
  test.each(wrong.map((one) => [one.name, one] as const))('%s', (_name, { title, request, signingString }) => {
    const [, cause, known] = causes.find(([pattern]) => pattern.test(title))!;
    const signedHost = /^host: (.*)$/m.exec(signingString)?.[1] ?? '';
    const diagnosis = diagnosisOf(request, known && { hosts: [...known.hosts!, signedHost] }, sdkKey.publicKey);
    expect(causesOf(diagnosis)).toEqual([cause]);
    expect(diagnosis.signed).toBe(readable(signingString));
  });
});

test.each(
  sdkRequests.filter(({ signedWrongly }) => signedWrongly === undefined).map((one) => [one.name, one] as const),
)('recorded and right: %s', (_name, { request, signingString }) => {
  const diagnosis = diagnosisOf(request, {}, sdkKey.publicKey);
  expect(diagnosis).toMatchObject({ proved: true, causes: [], signed: readable(signingString), tried: [] });
  expect(diagnosis.summary).toBe('The signature is right: the key made it over what was received.');
});

describe('as the TypeScript SDK signs', () => {
  const bytes = (text: string): string => Buffer.from(text).toString('latin1');

  /** What it signs, what it sends, and what that is called. */
  const targets: readonly (readonly [signed: string, sent: string, cause: readonly string[]])[] = [
    ['/20160918/users?name=é', '/20160918/users?name=%C3%A9', ['beyond-ascii-not-encoded']],
    ['/b/日本/o?prefix=ü', '/b/%E6%97%A5%E6%9C%AC/o?prefix=%C3%BC', ['beyond-ascii-not-encoded']],
    // What the caller encoded stays so: only the query is not.
    ['/b/%C3%A9/o?prefix=ü', '/b/%C3%A9/o?prefix=%C3%BC', ['beyond-ascii-not-encoded']],
    ['/a?b=%7C', '/a?b=|', ['unwise-characters-encoded']],
    ['/a%7Cb?c=%7B%22%22%7D', '/a|b?c={%22%22}', ['unwise-characters-encoded']],
    ['/a?b=%5E%60', '/a?b=^`', ['unwise-characters-encoded']],
    ['/a?b=é%7C', '/a?b=%C3%A9|', ['beyond-ascii-not-encoded', 'unwise-characters-encoded']],
    ['/a/../b', '/b', ['dot-segments']],
    ['/oci/x/../b', '/oci/b', ['dot-segments']],
    ['/20160918/users/../groups?limit=1', '/20160918/groups?limit=1', ['dot-segments']],
    ['/a/./b', '/a/b', ['dot-segments']],
    ['/../b', '/b', ['dot-segments']],
    ['/a?', '/a', ['query-empty']],
  ];

  test.each(targets)('%s is signed, %s sent', (signedTarget, sentTarget, cause) => {
    const request = { ...signed({ target: bytes(signedTarget) }), target: sentTarget };
    const diagnosis = diagnosisOf(request);
    expect(causesOf(diagnosis)).toEqual(cause);
    expect(diagnosis.signed).toBe(`date: ${date}\n(request-target): get ${signedTarget}\nhost: ${host}`);
    expect(diagnosis.difference).toMatchObject({ line: 2, what: '(request-target)' });
  });

  const hosts: readonly (readonly [signed: string, sent: string])[] = [
    ['oci.example:80', 'oci.example'],
    ['oci.example:443', 'oci.example'],
    ['[::1]:80', '[::1]'],
  ];

  test.each(hosts)('%s is signed, %s sent', (signedHost, sentHost) => {
    const headers: Header[] = [['Date', date], ['Host', signedHost], ...bodyHeaders('{}')];
    const request = signed({ headers, body: Buffer.from('{}') });
    const diagnosis = diagnosisOf(rewritten(request, { host: sentHost }));
    expect(causesOf(diagnosis)).toEqual(['host-port']);
    expect(diagnosis.difference).toEqual({
      ...{ line: 3, what: 'host', column: 7 + sentHost.length },
      ...{ expected: `host: ${sentHost}`, received: `host: ${signedHost}` },
    });
  });

  test('and a gateway in between: both are told', () => {
    const request = { ...signed({ target: bytes('/gateway/users?name=é') }), target: '/users?name=%C3%A9' };
    const diagnosis = diagnosisOf(rewritten(request, { host: 'backend' }), { hosts: [host], prefixes: ['/gateway'] });
    expect(causesOf(diagnosis)).toEqual(['host-of-service', 'prefix-removed', 'beyond-ascii-not-encoded']);
  });
});
