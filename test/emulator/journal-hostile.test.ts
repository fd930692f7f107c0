/** Requests that want to spoil the journal for those who read it, or to fill the memory. */
import { describe, expect, test } from 'vitest';
import { keep } from '../../src/emulator/journal/kept.ts';
import { makeClock } from '../support/clock.ts';
import { heavyRequests, nested, observed } from '../support/heavy-requests.ts';
import { send } from '../support/http.ts';
import { token } from '../support/identity.ts';
import { kmsClient, kmsPath } from '../support/kms.ts';
import { useSignet } from '../support/signet.ts';
import { journalClient } from './journal.ts';

const { url } = await useSignet({ now: makeClock().now });
const journal = journalClient(url);
const kms = kmsClient(url);

describe('a body', () => {
  test.each([
    ['lists', nested(30_000)],
    ['objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
  ])('of %s within each other is shown as far as the contract describes it', async (_, value) => {
    for (const [name, headers] of [
      ['a', {}],
      ['a', { 'X-Auth-Token': token }],
      ['message', { 'X-Auth-Token': token }],
    ] as const) {
      const body = `{"key_id":"x","${name}":${value}}`;
      const answer = await send(url, 'post', kmsPath('sign'), { headers, body });
      const { request } = await journal.of(answer);
      expect(request.body).toEqual({ key_id: 'x', [name]: '***' });
      expect((await journal.page('limit=1')).entries[0]?.request.body).toEqual(request.body);
      const explanation = await send(url, 'get', `/_signet/journal/${answer.headers['x-request-id']!}/explanation`);
      expect(explanation.status, explanation.text).toBe(200);
    }
  });

  test('has names that are shown where they look like names', async () => {
    const odd = ['two words', 'x'.repeat(41), 'key="AKIA"', 'schlüssel', ''];
    const body = { key_id: 'x', 'my-field_1.a': 1, ...Object.fromEntries(odd.map((name) => [name, 1])) };
    const entry = await journal.of(await kms.post('sign', body));
    expect(entry.request.body).toEqual({ key_id: 'x', 'my-field_1.a': '***', '***': '***' });
  });

  test('has no key where what it names cannot be one', async () => {
    const answer = await kms.post('sign', { key_id: 'x'.repeat(500_000) });
    const entry = await journal.of(answer);
    expect(entry).not.toHaveProperty('key_id');
    expect(entry.request.body).toBe('500013 bytes');
  });

  test('of many small parts is not shown in many times the room', async () => {
    const body = `{"action":"filter","tags":[${'{},'.repeat(20_000)}{}]}`;
    const entry = await journal.of(
      await send(url, 'post', kmsPath('resource_instances/action'), {
        headers: { 'X-Auth-Token': token },
        body,
      }),
    );
    expect(entry.request.body).toEqual({ action: 'filter', tags: '***' });
  });
});

describe('a target', () => {
  test('is shown up to 4 KiB', async () => {
    const answer = await send(url, 'get', `/v1.0?${'ab=c&'.repeat(4000)}`);
    const { target } = (await journal.of(answer)).request;
    expect(target).toHaveLength(4097);
    expect(target).toMatch(/^\/v1\.0\?ab=\*\*\*&ab=\*\*\*&.*…$/);
  });

  test('has names that are shown where they look like names', async () => {
    const answer = await send(url, 'get', `/v1.0?limit=1&ab=2&a%20b=3&${'x'.repeat(41)}=4`);
    expect((await journal.of(answer)).request.target).toBe('/v1.0?limit=***&ab=***&***=***&***=***');
  });

  const piece = (index: number) => `%20${index.toString(36).padStart(5, '!')}`;
  // Looked for one by one in three hundred answers, thousands of pieces would keep the reader waiting.
  test.each([
    ['no piece', 'shown', '/x?', () => '&'.repeat(12_000), { error_code: 'APIGW.0101' }],
    [
      'other pieces',
      'left out',
      '/v1.0?',
      () => Array.from({ length: 3000 }, (_, at) => piece(at)).join('&'),
      { version: { id: '***', status: '***' } },
    ],
    ['the same piece', 'shown', '/v1.0?', () => 'a=bcdefgh&'.repeat(3000), { version: { id: 'v1.0' } }],
  ])('of thousands of times %s has the texts of its answer %s', async (_, _shown, path, query, body) => {
    const { url: own } = await useSignet();
    const target = path + query();
    for (let count = 0; count < 300; count += 20)
      await Promise.all(Array.from({ length: 20 }, () => send(own, 'get', target)));
    const { entries } = await journalClient(own).page('limit=1000');
    expect(entries).toHaveLength(300);
    for (const { answer } of entries) expect(answer).toMatchObject({ body });
  });

  test('with more hidden pieces than are looked for leaves the texts out', async () => {
    const query = Array.from({ length: 300 }, (_, at) => `secret${at}=hidden-${at}`).join('&');
    const { headers } = await send(url, 'get', `/v3/projects?${query}`, { headers: { 'X-Auth-Token': token } });
    const { text } = await send(url, 'get', `/_signet/journal/${headers['x-request-id']!}`);
    expect(text).not.toContain('hidden-');
  });
});

describe('what is kept', () => {
  // Whether it weighs what it holds on to is measured by `npm run bench`.
  test.each(heavyRequests)('of $name weighs little more than what was sent', (request) => {
    const { body, answer } = request;
    const { weight } = keep(observed(request));
    expect(weight).toBeGreaterThan(Math.min(body.length, 64 * 1024) + answer.length);
    expect(weight).toBeLessThan(body.length + 5 * answer.length + 6000);
  });

  test.each([
    ['lists in lists', false],
    ['many lists', false],
    ['many fields', false],
    ['a long id', false],
    ['a usual body', true],
    ['a usual answer', true],
  ])('of %s: the body as an object too: %s', (name, whole) => {
    const request = heavyRequests.find((one) => one.name === name)!;
    const { parsed, answer, body } = keep(observed(request)).observation;
    expect(parsed).toEqual(whole ? JSON.parse(request.body) : undefined);
    expect(answer).toEqual(request.answer === '' ? undefined : JSON.parse(request.answer));
    expect(body.buffer.byteLength).toBeLessThanOrEqual(64 * 1024);
  });
});
