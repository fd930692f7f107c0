/** The signature is right and the body is not: found by its digest, which is signed. */
import { describe, expect, test } from 'vitest';
import { explainBody } from '../../../../src/crypto/oci/diagnosis/body-explanation.ts';
import { rewritten } from './diagnosed.ts';
import { signed } from '../oci-signer.ts';

const python = Buffer.from('{"name": "caf\\u00e9", "url": "https://x/y", "size": 1}');
const request = signed({ body: python });
const withBody = (body: string | Uint8Array) => ({ ...request, body: Buffer.from(body) });

const value = JSON.parse(python.toString()) as object;

describe('what arrived in place of what was signed', () => {
  const rows: readonly (readonly [what: string, arrived: string | Uint8Array, cause: string])[] = [
    ['JSON serialised by JavaScript', JSON.stringify(value), 'body-json-rewritten'],
    ['JSON with line breaks', JSON.stringify(value, null, 2), 'body-json-rewritten'],
    ['a newline more', Buffer.concat([python, Buffer.from('\n')]), 'body-newline'],
    ['blanks before it', `  ${python.toString()}`, 'body-blanks'],
    ['a byte order mark before it', `\uFEFF${python.toString()}`, 'body-bom'],
    ['a JSON string of it', JSON.stringify(python.toString()), 'body-encoded-twice'],
  ];

  test.each(rows)('%s', (_what, arrived, cause) => {
    const found = explainBody(withBody(arrived));
    expect(found?.name).toBe(cause);
    expect(found?.explanation).toMatch(/x-content-sha256 is still that of the body that was signed\.$/);
    expect(found?.remedy).not.toBe('');
  });

  test('a member more', () => {
    const compact = signed({ body: Buffer.from('{"a":1}') });
    expect(explainBody({ ...compact, body: Buffer.from('{"trace":2,"a":1}') })?.name).toBe('body-json-member');
  });

  test('a body where none was signed, and none where one was', () => {
    const none = signed({ body: Buffer.alloc(0) });
    expect(explainBody({ ...none, body: Buffer.from('{}') })?.name).toBe('body-not-signed');
    expect(explainBody({ ...signed({ body: Buffer.from('{}') }), body: Buffer.alloc(0) })?.name).toBe('body-not-sent');
  });

  test.each([
    ['another value', python.toString().replace('1', '2')],
    ['nothing, where much was signed', ''],
    ['a body that is too long to be looked at', 'a'.repeat(1024 * 1024)],
  ])('%s: nothing is said', (_what, arrived) => {
    expect(explainBody(withBody(arrived))).toBeUndefined();
  });
});

test('a digest in hex is told, and a length of characters', () => {
  const text = Buffer.from('{"name":"é✓😀"}');
  const hex = 'x-content-sha256';
  const digest = Buffer.from(request.headers.find(([name]) => name === 'X-Content-SHA256')![1], 'base64').toString(
    'hex',
  );
  expect(explainBody(rewritten(request, { [hex]: digest }))?.name).toBe('content-sha256-form');
  for (const length of [text.toString().length, Array.from(text.toString()).length])
    expect(explainBody(rewritten(signed({ body: text }), { 'content-length': `${length}` }))?.name).toBe(
      'content-length-of-characters',
    );
  expect(explainBody(rewritten(signed({ body: text }), { 'content-length': '1' }))).toBeUndefined();
});

test('a body that is right needs no explanation', () => {
  expect(explainBody(request)).toBeUndefined();
});
