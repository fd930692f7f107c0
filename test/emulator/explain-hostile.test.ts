/** Requests of which parts are named as what JavaScript has, or are no dates, no JSON and no secrets: each is explained, and none shows a secret. */
import { describe, expect, test } from 'vitest';
import { houses } from '../iam/houses.ts';
import { makeClock } from '../support/clock.ts';
import { send } from '../support/http.ts';
import { accessKey } from '../support/identity.ts';
import { kmsPath } from '../support/kms.ts';
import { sign } from '../support/sdk-signer.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { explain } from './signed-vectors.ts';

const clock = makeClock(Date.parse('2026-01-15T10:30:00Z'));
const { url } = await useSignet({ seed: useSeed(houses), now: clock.now });
const { host } = new URL(url);
const plain = { Host: host, 'Content-Type': 'application/json' };

interface Sent {
  readonly target?: string;
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly change?: (line: string) => string;
}

/** As text: signed, and then changed line by line. */
function text({ target = kmsPath('sign'), method = 'POST', body = '{}', headers = {}, change = String }: Sent): string {
  const signed = sign({ method, target, at: clock.now(), body, headers: { ...plain, ...headers } });
  const lines = Object.entries(signed).map((line) => change(line.join(': ')));
  return [`${method} ${target} HTTP/1.1`, ...lines, '', body].join('\n');
}

const wrong = (line: string): string => line.replace(/Signature=..../, 'Signature=0000');
const dated = (date: string) => (line: string) => wrong(line).replace(/^(X-Sdk-Date): .*/i, `$1: ${date}`);
const deep = `["${']'.repeat(3500)}",${'['.repeat(2100)}${']'.repeat(2100)}]`;

describe('is explained', () => {
  const dates = ['yesterday', '', '20261340T000000Z', '+275760-09-13T00:00:00Z', '20260115T103000'];
  const bodies = [
    ['{"a":{"toString":1,"valueOf":1}}'],
    ['{"__proto__":{"a":1},"constructor":null}'],
    ['{"a":[{"toString":null}]}'],
    [deep],
  ];

  test.each(dates.map((date) => [date]))('no path, and the date %j', async (date) => {
    for (const sent of [{ target: '/v1.0/nowhere' }, { method: 'PATCH' }])
      expect(await explain(url, text({ ...sent, change: dated(date) }))).toMatchObject({ accepted: false });
  });

  test.each([['__proto__'], ['constructor'], ['toString'], ['hasOwnProperty']])('a header %s', async (name) => {
    const change = (line: string): string => wrong(line).replace(/SignedHeaders=/, `SignedHeaders=${name};`);
    for (const request of [text({ change }), text({ change, headers: { [name]: 'x' } })])
      expect((await explain(url, request)).signature?.verdict).toBe('unknown');
  });

  test.each(bodies)('the body %#', async (body) => {
    expect((await explain(url, text({ body, change: wrong }))).signature?.verdict).toBe('unknown');
  });

  test.each([['credential'], ['unchecked'], ['Authorization'], ['body-newline'], ['accepted-']])(
    'a secret %s, which is a word of explanations',
    async (word) => {
      for (const name of ['X-Auth-Token', 'X-Api-Key', 'Cookie']) {
        const { checks, signature } = await explain(url, text({ headers: { [name]: word }, change: wrong }));
        expect([...checks.map(({ check }) => check), signature?.verdict, ...(signature?.tried ?? [])]).not.toContain(
          '***',
        );
      }
    },
  );
});

test('a curl command with a target that is no path is refused', async () => {
  const answer = await send(url, 'post', '/_signet/explain', { body: { request: `curl --request-target ? ${url}` } });
  expect(answer).toMatchObject({ status: 400, body: { error: { error_code: 'Signet.UnreadableRequest' } } });
});

describe('secrets among the signed headers', () => {
  const names = ['X-Signet-Token', 'X-Subject-Token', 'X-Security-Token', 'X-Api-Key', 'Cookie', 'Proxy-Authorization'];

  test.each(names.map((name) => [name]))('%s is shown neither by an explanation nor by the refusal', async (name) => {
    const secret = `a-secret-of-${name.toLowerCase()}-5f3a`;
    const target = kmsPath('sign');
    const signed = sign({ method: 'POST', target, at: clock.now(), body: '{}', headers: { ...plain, [name]: secret } });
    const headers = Object.fromEntries(Object.entries(signed).map(([header, value]) => [header, wrong(value)]));
    const refused = await send(url, 'post', target, { headers, body: '{}' });
    expect(refused.status).toBe(401);
    expect(refused.text).toContain(`${name.toLowerCase()}:***`);
    const path = `/_signet/journal/${refused.headers['x-request-id'] ?? ''}/explanation`;
    const observed = await send(url, 'get', path);
    expect(observed.status).toBe(200);
    const tried = JSON.stringify(await explain(url, text({ headers: { [name]: secret }, change: wrong })));
    for (const told of [refused.text, observed.text, tried]) expect(told).not.toContain(secret);
  });
});

describe('a signature that is cut off', () => {
  const cut = (end: (digits: string) => string) => (line: string) =>
    line.replace(/Signature=(.*)/, (_, digits: string) => `Signature=${end(digits)}`);
  const other = (digit: string): string => (digit === '0' ? '1' : '0');

  test.each([32, 33, 62, 63])('after %i digits is proved by all of them', async (length) => {
    const right = await explain(url, text({ change: cut((digits) => digits.slice(0, length)) }));
    expect(right.signature).toMatchObject({ verdict: 'proved', cause: { name: 'signature-cut-off' } });
    const change = cut((digits) => digits.slice(0, length - 1) + other(digits.charAt(length - 1)));
    expect((await explain(url, text({ change }))).signature).toMatchObject({ verdict: 'unknown' });
  });
});

describe('an old entry, and keys that have changed since', () => {
  const explained = async (id: string | undefined) =>
    (await send(url, 'get', `/_signet/journal/${id}/explanation`)).text;
  const note = 'Keys or secrets have changed since.';

  test('says so, and not that a refused signature is right', async () => {
    const state = (await send(url, 'post', '/_signet/state/export', {})).text;
    const request = { target: kmsPath('list-keys'), method: 'POST', body: '{}', at: clock.now(), headers: plain };
    const ask = async (secret: string) =>
      (await send(url, 'post', request.target, { headers: sign({ ...request, secret }), body: '{}' })).headers[
        'x-request-id'
      ];
    const [accepted, refused] = [await ask(accessKey.secret), await ask('another-secret-than-it-was')];
    for (const id of [accepted, refused]) expect(await explained(id)).not.toContain(note);
    const body: unknown = JSON.parse(state.replaceAll(accessKey.secret, 'another-secret-than-it-was'));
    expect((await send(url, 'post', '/_signet/state/import', { body })).status).toBeLessThan(300);
    for (const id of [accepted, refused]) {
      const told = await explained(id);
      expect(told).toContain(note);
      expect(told).toMatch(/"verdict": "unchecked"/);
      expect(told).not.toContain('The signature is');
    }
  });
});
