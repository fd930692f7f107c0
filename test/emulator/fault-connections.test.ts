/** Answers that come late, half, or not at all, as real clients see them. */
import { request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { afterEach, describe, expect, test } from 'vitest';
import { startSignet } from '../../src/index.ts';
import { faultClient } from '../support/faults.ts';
import { seededKeys, token } from '../support/identity.ts';
import { base64, kmsClient, kmsPath } from '../support/kms.ts';
import { useSignet } from '../support/signet.ts';

const { url, tlsUrl, caCertificate: ca } = await useSignet({ tls: 'auto', tlsPort: 0 });
const faults = faultClient(url);
const kms = kmsClient(url);
afterEach(() => faults.clear());

const signing = JSON.stringify({
  ...{ key_id: seededKeys.EC_P256, signing_algorithm: 'ECDSA_SHA_256' },
  ...{ message_type: 'RAW', message: base64('hello') },
});
const headers = { 'X-Auth-Token': token, 'Content-Type': 'application/json' };
const fetchSign = (init: RequestInit = {}) =>
  fetch(`${url}${kmsPath('sign')}`, { method: 'POST', headers, body: signing, ...init });

interface Heard {
  readonly status: number | undefined;
  readonly length: string | undefined;
  readonly text: string;
  readonly isWhole: boolean;
  /** The code of the error that the client met. */
  readonly code: string | undefined;
}

/** What node:http or node:https hears, to the last byte that comes. */
function hear(method: string, path: string, body = '', base = url): Promise<Heard> {
  return new Promise((resolve) => {
    const ask = base === url ? request : secureRequest;
    const nothing = { status: undefined, length: undefined, text: '', isWhole: false };
    const asking = ask(`${base}${path}`, { method, headers, agent: false, ca }, (response) => {
      let text = '';
      const { statusCode: status } = response;
      const end = (code?: string) =>
        resolve({ status, length: response.headers['content-length'], text, isWhole: response.complete, code });
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => end()).on('error', ({ code }: NodeJS.ErrnoException) => end(code));
    });
    asking.on('error', ({ code }: NodeJS.ErrnoException) => resolve({ ...nothing, code })).end(body);
  });
}

describe('reset', () => {
  test('fetch meets a broken connection', async () => {
    await faults.add({ operation: 'kms.sign', connection: 'reset' });
    const error = await fetchSign().catch((reason: unknown) => reason as Error);
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).cause).toMatchObject({ code: 'ECONNRESET' });
  });

  test('node:http meets a broken connection', async () => {
    await faults.add({ operation: 'kms.sign', connection: 'reset' });
    expect(await hear('POST', kmsPath('sign'), signing)).toMatchObject({ status: undefined, code: 'ECONNRESET' });
  });

  test('the next call on a new connection is answered', async () => {
    await faults.add({ operation: 'kms.sign', connection: 'reset', times: 1 });
    await expect(fetchSign()).rejects.toThrow();
    expect((await fetchSign()).status).toBe(200);
  });
});

describe('truncated', () => {
  test('fetch gets the head, and fails on the body', async () => {
    await faults.add({ operation: 'kms.sign', connection: 'truncated' });
    const response = await fetchSign();
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  test('node:http gets the first half, of which the head promised the whole', async () => {
    const whole = await hear('POST', kmsPath('describe-key'), signing);
    await faults.add({ operation: 'kms.describeKey', connection: 'truncated' });
    const half = await hear('POST', kmsPath('describe-key'), signing);
    expect(half).toEqual({
      ...{ status: 200, length: whole.length, isWhole: false, code: 'ECONNRESET' },
      text: whole.text.slice(0, whole.text.length / 2),
    });
    expect(whole).toMatchObject({ length: String(whole.text.length), isWhole: true });
  });

  test('a refusal of the operation itself breaks off, too', async () => {
    await faults.add({ operation: 'kms.describeKey', connection: 'truncated' });
    const half = await hear('POST', kmsPath('describe-key'), JSON.stringify({ key_id: 'alias/none' }));
    const text = '{"error":{"error_code":"KMS.0207","error_msg":"The key does not exist."}}';
    expect(half).toMatchObject({ status: 404, isWhole: false, text: text.slice(0, text.length / 2) });
  });

  test.each([
    ['a body that there is not', 'DELETE', kmsPath(`${seededKeys.AES_256}/tags/a`), 'kms.deleteKeyTag'],
    ['HEAD', 'HEAD', '/', 'kms.listVersions'],
  ])('of %s, nothing comes', async (_what, method, path, operation) => {
    await kms.ask('{key_id}/tags', { key_id: seededKeys.AES_256, tag: { key: 'a', value: 'b' } });
    const { id } = await faults.add({ operation, connection: 'truncated' });
    expect(await hear(method, path)).toMatchObject({ status: undefined, code: 'ECONNRESET' });
    expect(await faults.show(id)).toMatchObject({ acted: 1 });
  });
});

test.each([
  ['reset', { status: undefined, code: 'ECONNRESET' }],
  ['truncated', { status: 200, isWhole: false, code: 'ECONNRESET' }],
] as const)('%s over TLS', async (connection, heard) => {
  await faults.add({ operation: 'kms.sign', connection, times: 1 });
  expect(await hear('POST', kmsPath('sign'), signing, tlsUrl)).toMatchObject(heard);
  expect(await hear('POST', kmsPath('sign'), signing, tlsUrl)).toMatchObject({ status: 200, isWhole: true });
});

describe('latency', () => {
  /** Real milliseconds until the answer. */
  async function lateness(): Promise<number> {
    const begin = performance.now();
    expect((await fetchSign()).status).toBe(200);
    return performance.now() - begin;
  }

  test.each([
    ['fixed', { fixed: 80 }, 80],
    ['between min and max', { min: 60, max: 90 }, 60],
  ])('%s: the answer comes that late, and not much later', async (_what, latency, least) => {
    await lateness();
    await faults.add({ operation: 'kms.sign', latency });
    const took = await lateness();
    // Timers may fire a millisecond early.
    expect(took).toBeGreaterThan(least - 2);
    expect(took).toBeLessThan(least + 1000);
  });

  test('goes with an error and with a broken connection', async () => {
    await faults.add({
      operation: 'kms.sign',
      sequence: [
        { error: 'badGateway', latency: { fixed: 40 } },
        { connection: 'reset', latency: { fixed: 40 } },
      ],
    });
    for (const expected of [502, 'ECONNRESET']) {
      const begin = performance.now();
      const { status, code } = await hear('POST', kmsPath('sign'), signing);
      expect(status ?? code).toBe(expected);
      expect(performance.now() - begin).toBeGreaterThan(38);
    }
  });

  test('holds nobody else up', async () => {
    await faults.add({ operation: 'kms.sign', latency: { fixed: 300_000 }, times: 1 });
    const leaving = new AbortController();
    const late = fetchSign({ signal: leaving.signal });
    expect((await kms.post('list-keys', {})).status).toBe(200);
    leaving.abort();
    await expect(late).rejects.toThrow('aborted');
  });

  const names = { before: 'left-before', after: 'left-after' } as const;
  test.each([
    ['before', 0],
    ['after', 1],
  ] as const)('%s: a client that did not wait for it has made %i keys', async (phase, made) => {
    await faults.add({ operation: 'kms.createKey', phase, latency: { fixed: 150 } });
    // As long again, so that nothing can come later.
    await faults.add({ operation: 'kms.listKeys', latency: { fixed: 300 } });
    const body = JSON.stringify({ key_alias: names[phase] });
    const impatient = fetch(`${url}${kmsPath('create-key')}`, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(50),
    });
    await expect(impatient).rejects.toThrow('timeout');
    const { key_details } = await kms.ask('list-keys', {});
    expect(key_details.filter(({ key_alias }) => key_alias === names[phase])).toHaveLength(made);
  });

  test('ends when Signet stops: the answer comes, and the stop does not wait', async () => {
    const signet = await startSignet({ port: 0, seed: 'none' });
    const client = faultClient(signet.url);
    const { id } = await client.add({ operation: 'kms.listKeys', latency: { fixed: 300_000 } });
    const late = kmsClient(signet.url).post('list-keys', {});
    await expect.poll(async () => (await client.show(id)).acted).toBe(1);
    const begin = performance.now();
    const [answer] = await Promise.all([late, signet.stop()]);
    expect(answer.status).toBe(200);
    expect(performance.now() - begin).toBeLessThan(5000);
  });
});
