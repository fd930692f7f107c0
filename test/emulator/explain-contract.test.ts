import { describe, expect, test } from 'vitest';
import type { components } from '../../src/contract/openapi.ts';
import { send, type Answer } from '../support/http.ts';
import { seededKeys, token } from '../support/identity.ts';
import { kmsPath } from '../support/kms.ts';
import { useSignet } from '../support/signet.ts';

type Explanation = components['schemas']['Explanation'];
type Entry = components['schemas']['JournalEntry'];

const { url } = await useSignet();
const headers = { 'X-Auth-Token': token };
const sign = { key_id: seededKeys.RSA_2048, message: 'aGVsbG8g', signing_algorithm: 'RSASSA_PSS_SHA_256' };

interface Row {
  readonly why: string;
  readonly method?: 'get' | 'post';
  readonly path: string;
  readonly body: string;
  readonly complaint: string;
}

const rows: readonly Row[] = [
  {
    why: 'an unknown algorithm',
    path: 'sign',
    body: JSON.stringify({ ...sign, signing_algorithm: 'RSASSA_PSS_SHA_257' }),
    complaint: 'signing_algorithm in the body must be equal to one of the allowed values: RSASSA_PSS_SHA_256, ',
  },
  {
    why: 'a misspelt field',
    path: 'sign',
    body: JSON.stringify(sign).replace('message', 'mesage'),
    complaint: 'message in the body is missing.',
  },
  {
    why: 'a value of another kind',
    path: 'sign',
    body: JSON.stringify({ ...sign, message: { secret: 'value' } }),
    complaint: 'message in the body must be string.',
  },
  {
    why: 'a query that is out of bounds',
    method: 'get',
    path: 'aliases?limit=1000000',
    body: '',
    complaint: 'limit in the query ',
  },
  { why: 'JSON that ends early', path: 'sign', body: '{"key_id": "secret', complaint: 'The body is not JSON' },
  { why: 'a comma too many', path: 'sign', body: '{"key_id": "secret",}', complaint: 'at character 21.' },
  { why: 'a list', path: 'sign', body: '[]', complaint: 'The body is JSON, but no object.' },
  { why: 'no body', path: 'sign', body: '', complaint: 'There is no body; a JSON object is wanted.' },
];

const ask = ({ method = 'post', path, body }: Row): Promise<Answer> =>
  send(url, method, kmsPath(path), { headers, body: body === '' ? undefined : body });
const textOf = ({ method = 'post', path, body }: Row): string =>
  `${method.toUpperCase()} ${kmsPath(path)} HTTP/1.1\nX-Auth-Token: ${token}\n\n${body}`;
const explain = async (request: string): Promise<Explanation> =>
  (await send(url, 'post', '/_signet/explain', { body: { request } })).body as Explanation;

describe('what is not as the contract describes it', () => {
  test.each(rows)('is named by the journal and by its explanation: $why', async (row) => {
    const answer = await ask(row);
    expect(answer.status).toBe(400);
    const path = `/_signet/journal/${answer.headers['x-request-id'] ?? ''}`;
    const entry = (await send(url, 'get', path)).body as Entry;
    expect(entry.complaints?.join(' ')).toContain(row.complaint);
    const { summary, checks } = (await send(url, 'get', `${path}/explanation`)).body as Explanation;
    expect(summary).toContain(row.complaint);
    expect(checks.at(-1)).toMatchObject({ check: 'contract', verdict: 'refused' });
    expect(JSON.stringify(entry.complaints)).not.toContain('secret');
  });

  test.each(rows)('is found without sending it, with the refusal that the service gives: $why', async (row) => {
    const { body } = await ask(row);
    const explanation = await explain(textOf(row));
    const { error } = body as { error: { error_code: string; error_msg: string } };
    expect(explanation.refusal).toEqual({ code: error.error_code, text: error.error_msg });
    expect(explanation.accepted).toBe(true);
    expect(explanation.summary).toContain(row.complaint);
    expect(explanation.checks.at(-1)).toMatchObject({ check: 'contract', verdict: 'refused' });
  });
});

test('trying a request does nothing: a key that is explained is not made', async () => {
  const key = JSON.stringify({ key_alias: 'never-made', key_spec: 'EC_P256', key_usage: 'SIGN_VERIFY' });
  const { summary, refusal } = await explain(textOf({ why: '', path: 'create-key', body: key, complaint: '' }));
  expect(refusal).toBeUndefined();
  expect(summary).toContain('What the operation itself would say was not tried.');
  const { text } = await send(url, 'post', kmsPath('list-keys'), { headers, body: { limit: '100' } });
  expect(text).not.toContain('never-made');
  expect(text).toContain('signet/rsa-2048');
});
