import { describe, expect, test } from 'vitest';
import { send } from '../support/http.ts';
import { seededKeys } from '../support/identity.ts';
import { base64, kmsClient } from '../support/kms.ts';
import { useSignet } from '../support/signet.ts';
import { readExposition, type Family } from './exposition.ts';

const { url } = await useSignet();
const kms = kmsClient(url);
const signBody = {
  key_id: seededKeys.EC_P256,
  message: base64('hello'),
  message_type: 'RAW',
  signing_algorithm: 'ECDSA_SHA_256',
};

async function scrape(of = url): Promise<ReadonlyMap<string, Family>> {
  const answer = await send(of, 'get', '/_signet/metrics');
  expect(answer.status, answer.text).toBe(200);
  expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  return readExposition(answer.text);
}

/** The value of the one sample with this name and these labels; 0 where there is none. */
async function valueOf(name: string, labels: Readonly<Record<string, string>>, of = url): Promise<number> {
  const family = (await scrape(of)).get(name.replace(/_(?:bucket|sum|count)$/, ''))!;
  const found = family.samples.filter(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  );
  expect(found.length).toBeLessThan(2);
  return found[0]?.value ?? 0;
}

describe('the reader of these tests', () => {
  test.each([
    ['a line without end', '# HELP a b\n# TYPE a counter\na 1'],
    ['no type', '# HELP a b\n# TYPE a number\na 1\n'],
    ['another name', '# HELP a b\n# TYPE a counter\nb 1\n'],
    ['the same twice', '# HELP a b\n# TYPE a counter\na{x="1"} 1\na{x="1"} 2\n'],
    ['a quotation mark', '# HELP a b\n# TYPE a counter\na{x="""} 1\n'],
    ['no number', '# HELP a b\n# TYPE a counter\na one\n'],
    [
      'buckets that shrink',
      '# HELP a b\n# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n',
    ],
    ['no last bucket', '# HELP a b\n# TYPE a histogram\na_bucket{le="1"} 2\na_sum 1\na_count 2\n'],
  ])('complains of %s', (_, text) => {
    expect(() => readExposition(text)).toThrow();
  });
});

describe('GET /_signet/metrics', () => {
  test('counts requests by operation and end', async () => {
    const signed = { service: 'kms', operation: 'kms.sign', outcome: 'answered', status: '200', code: '' };
    const refused = { ...signed, outcome: 'refused', status: '404', code: 'KMS.0207' };
    const before = [await valueOf('signet_requests_total', signed), await valueOf('signet_requests_total', refused)];
    for (let index = 0; index < 5; index++) await kms.post('sign', signBody);
    await kms.post('sign', { ...signBody, key_id: '00000000-0000-4000-8000-000000000000' });
    expect(await valueOf('signet_requests_total', signed)).toBe(before[0]! + 5);
    expect(await valueOf('signet_requests_total', refused)).toBe(before[1]! + 1);
  });

  test("counts what comes before the first scrape, and Signet's own operations", async () => {
    const own = await useSignet();
    for (let index = 0; index < 3; index++) await kmsClient(own.url).post('sign', signBody);
    await send(own.url, 'get', '/_signet/health');
    expect(await valueOf('signet_requests_total', { operation: 'kms.sign' }, own.url)).toBe(3);
    expect(await valueOf('signet_request_duration_seconds_count', { operation: 'kms.sign' }, own.url)).toBe(3);
    expect(await valueOf('signet_requests_total', { operation: 'emulator.showHealth' }, own.url)).toBe(1);
  });

  test('has one name for all paths that there are not', async () => {
    const own = await useSignet();
    for (const path of ['/a', '/b', '/c?d=e', '/v1.0/x/kms/y']) await send(own.url, 'get', path);
    const unknown = { service: '', operation: '', outcome: 'refused', status: '404', code: 'APIGW.0101' };
    expect(await valueOf('signet_requests_total', unknown, own.url)).toBe(4);
    const labels = (await scrape(own.url)).get('signet_requests_total')!.samples.map((sample) => sample.labels);
    expect(labels.filter(({ operation }) => operation === '')).toHaveLength(1);
  });

  test('says of an answer that was broken off that it was, and no status that nobody got', async () => {
    const rule = { operation: 'kms.verify', times: 1, connection: 'reset' };
    await send(url, 'post', '/_signet/faults', { body: rule });
    await kms.post('verify', {}).catch(() => undefined);
    await kms.post('verify', { ...signBody, signature: 'AAAA' }).catch(() => undefined);
    expect(await valueOf('signet_requests_total', { operation: 'kms.verify', outcome: 'broken', status: '' })).toBe(1);
  });

  test('has the duration of each operation, in seconds', async () => {
    const begin = performance.now();
    await kms.post('list-keys', {});
    const most = (performance.now() - begin) / 1000;
    const ofLists = { operation: 'kms.listKeys' };
    expect(await valueOf('signet_request_duration_seconds_count', ofLists)).toBe(1);
    const sum = await valueOf('signet_request_duration_seconds_sum', ofLists);
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThan(most);
    expect(await valueOf('signet_request_duration_seconds_bucket', { ...ofLists, le: '10' })).toBe(1);
  });

  test('counts as many durations as requests', async () => {
    const families = await scrape();
    const total = (name: string, sampled = name): number =>
      families
        .get(name)!
        .samples.filter((sample) => sample.name === sampled)
        .reduce((sum, { value }) => sum + value, 0);
    const name = 'signet_request_duration_seconds';
    expect(total(name, `${name}_count`)).toBe(total('signet_requests_total'));
  });

  test('shows the queue of the signing threads while it is full', async () => {
    const own = await useSignet({ signingThreads: 1 });
    expect(await valueOf('signet_signing_queue', {}, own.url)).toBe(0);
    const digest = { key_id: seededKeys.EC_P384, message: base64(Buffer.alloc(48, 1)), message_type: 'DIGEST' };
    const body = { ...digest, signing_algorithm: 'ECDSA_SHA_384' };
    const signing = Promise.all(Array.from({ length: 200 }, () => kmsClient(own.url).ask('sign', body)));
    const seen: number[] = [];
    for (let index = 0; index < 20; index++) seen.push(await valueOf('signet_signing_queue', {}, own.url));
    await signing;
    expect(Math.max(...seen)).toBeGreaterThan(0);
    expect(await valueOf('signet_signing_queue', {}, own.url)).toBe(0);
  });

  test("has the event loop's delay and what Node uses", async () => {
    const families = await scrape();
    for (const name of [
      'nodejs_eventloop_lag_p99_seconds',
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
    ])
      expect(families.get(name)?.samples.length, name).toBeGreaterThan(0);
  });

  test('counts for each Signet of a process by itself', async () => {
    const [one, other] = [await useSignet(), await useSignet()];
    await send(one.url, 'get', '/v1.0');
    expect(await valueOf('signet_requests_total', { operation: 'kms.showVersion' }, one.url)).toBe(1);
    expect(await valueOf('signet_requests_total', { operation: 'kms.showVersion' }, other.url)).toBe(0);
  });
});
