/** A Signet that has one place only: who has it, who needs none, and what is told of those who got none. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { keyPlaces } from '../../src/crypto/places.ts';
import { startSignet, type SignetOptions } from '../../src/index.ts';
import { dial } from '../http/socket.ts';
import { faultClient } from '../support/faults.ts';
import { send, type Answer } from '../support/http.ts';
import { seededKeys, token } from '../support/identity.ts';
import { base64, kmsClient, kmsPath } from '../support/kms.ts';
import { expectGatewayRefusal } from '../support/refusals.ts';
import { readExposition, type Sample } from './exposition.ts';

async function start(options: SignetOptions) {
  const logged: unknown[][] = [];
  const signet = await startSignet({
    port: 0,
    validateResponses: true,
    log: (...fault) => logged.push(fault),
    ...options,
  });
  onTestFinished(async () => {
    await signet.stop();
    expect(logged, 'faults of Signet itself').toEqual([]);
  });
  const { url } = signet;
  const samples = async (): Promise<readonly Sample[]> => {
    const answer = await send(url, 'get', '/_signet/metrics');
    expect(answer.status, answer.text).toBe(200);
    return [...readExposition(answer.text).values()].flatMap((family) => family.samples);
  };
  const valueOf = async (name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> => {
    const isWanted = (one: Sample): boolean =>
      one.name === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value);
    return (await samples()).find(isWanted)?.value ?? 0;
  };
  return { ...signet, kms: kmsClient(url), faults: faultClient(url), valueOf };
}

const signing = {
  key_id: seededKeys.EC_P256,
  ...{ message: base64('hello'), message_type: 'RAW', signing_algorithm: 'ECDSA_SHA_256' },
};
const inFlight = (activity: string) => ['signet_requests_in_flight', { activity }] as const;

describe('what waits takes no place from what signs', () => {
  const waits: Readonly<Record<string, (signet: Awaited<ReturnType<typeof start>>) => Promise<Answer>>> = {
    'for the journal': ({ url }) =>
      send(url, 'get', '/_signet/journal?wait_seconds=60&operation=kms.verify&status=200'),
    'because a fault rule has it wait': async ({ faults, kms }) => {
      await faults.add({ operation: 'kms.listKeys', latency: { fixed: 60_000 }, times: 1 });
      return kms.post('list-keys', {});
    },
  };
  test.each(Object.entries(waits))('%s', async (_why, wait) => {
    const signet = await start({ maxRequests: 1 });
    const waiting = wait(signet);
    await expect.poll(() => signet.valueOf(...inFlight('waiting'))).toBe(1);
    for (let count = 0; count < 3; count++) expect((await signet.kms.post('sign', signing)).status).toBe(200);
    expect(await signet.valueOf(...inFlight('waiting'))).toBe(1);
    await signet.stop();
    expect((await waiting).status).toBe(200);
  });

  test('and waits no longer than its client, also behind another request of the same connection', async () => {
    const { url, valueOf } = await start({});
    const line = await dial(url);
    await line.write(
      'GET /_signet/journal?wait_seconds=60&operation=kms.verify HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'.repeat(5),
    );
    await expect.poll(() => valueOf(...inFlight('waiting'))).toBe(5);
    line.socket.destroy();
    await expect.poll(() => valueOf(...inFlight('waiting'))).toBe(0);
  });

  test('and is refused where too much waits already', async () => {
    const signet = await start({ maxRequests: 1 });
    const first = send(signet.url, 'get', '/_signet/journal?wait_seconds=60');
    await expect.poll(() => signet.valueOf(...inFlight('waiting'))).toBe(1);
    expectGatewayRefusal(await send(signet.url, 'get', '/_signet/journal?wait_seconds=60'), 'throttled');
    expect(await signet.valueOf('signet_overload_refusals_total', { what: 'waiting' })).toBe(1);
    await signet.kms.post('sign', signing);
    expect((await first).status).toBe(200);
  });
});

test('a refusal is in the journal with its reason, in the metrics, and health and metrics are answered all the while', async () => {
  const { url, kms, valueOf } = await start({ maxRequests: 1 });
  const slow = {
    ...signing,
    key_id: seededKeys.RSA_4096,
    signing_algorithm: 'RSASSA_PSS_SHA_512',
    message_type: 'DIGEST',
  };
  const body = { ...slow, message: base64(Buffer.alloc(64, 1)) };
  const signed = Promise.all(Array.from({ length: 40 }, () => kms.post('sign', body)));
  const health = await Promise.all(Array.from({ length: 10 }, () => send(url, 'get', '/_signet/health')));
  const answers = await signed;
  expect(new Set(health.map(({ status }) => status))).toEqual(new Set([200]));
  const refused = answers.filter(({ status }) => status === 429);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
  for (const answer of refused) expectGatewayRefusal(answer, 'throttled');
  expect(await valueOf('signet_overload_refusals_total', { what: 'working' })).toBe(refused.length);
  const code = { operation: '', outcome: 'refused', status: '429', code: 'APIGW.0308' };
  expect(await valueOf('signet_requests_total', code)).toBe(refused.length);
  const id = refused[0]!.headers['x-request-id']!;
  expect((await send(url, 'get', `/_signet/journal/${id}`)).body).toMatchObject({
    ...{ request_id: id, outcome: 'refused', request: { method: 'POST', target: kmsPath('sign') } },
    ...{ answer: { status: 429 }, refusal: { code: 'APIGW.0308' } },
  });
  expect((await send(url, 'get', `/_signet/journal/${id}`)).text).toContain('too much is under way: working');
});

test('new RSA keys for which there is no time are refused, and whoever asks again later gets one', async () => {
  const { kms, valueOf } = await start({});
  const create = () => kms.post('create-key', { key_alias: crypto.randomUUID(), key_spec: 'RSA_2048' });
  const leave = keyPlaces.take(10_000);
  onTestFinished(leave);
  expectGatewayRefusal(await create(), 'throttled');
  expect(await valueOf('signet_overload_refusals_total', { what: 'new RSA keys' })).toBe(1);
  leave();
  expect((await create()).status).toBe(200);
});

test('a connection more than there may be, and a request that takes too long', async () => {
  const { url, valueOf } = await start({ maxConnections: 2, requestTimeout: 1 });
  const [first] = [await dial(url), await dial(url)];
  expect(await valueOf('signet_connections')).toBeLessThanOrEqual(2);
  await first.closed;
  expect(await valueOf('signet_connections_cut_off_total')).toBeGreaterThan(0);
  const late = await dial(url);
  await late.write(
    `POST ${kmsPath('sign')} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${token}\r\nContent-Length: 9\r\n\r\n{`,
  );
  expect(await late.closed).toMatch(/^HTTP\/1\.1 408 [^]*APIGW\.0201/);
});
