import { describe, expect, onTestFinished, test } from 'vitest';
import { contract } from '../../../src/contract/document.ts';
import type { ForwardedRequest } from '../../../src/contract/forwarded.ts';
import type { Observation } from '../../../src/contract/observation.ts';
import { ForwardedRequests } from '../../../src/emulator/gateway/forwarded-requests.ts';
import { Journal, type Wanted } from '../../../src/emulator/journal/journal.ts';
import { ForwardedOciRequests, type ForwardedOci } from '../../../src/emulator/oci/forwarded-oci-requests.ts';
import { noPeers, type Peers } from '../../../src/emulator/peers/peers.ts';
import { together, type SharedMemory } from '../../../src/emulator/peers/together.ts';
import { Metrics } from '../../../src/emulator/status/metrics.ts';
import { readExposition } from '../exposition.ts';
import { makePostOffice } from '../../workers/post-office.ts';

const projectId = 'f0e1d2c3b4a5968778695a4b3c2d1e0f';

const observationOf = (requestId: string, more: Partial<Observation> = {}): Observation => ({
  ...{ requestId, at: 0, milliseconds: 1, method: 'POST', target: `/v1.0/${projectId}/kms/sign`, host: 'signet' },
  ...{ rawHeaders: [], body: Buffer.from('{}'), bodyLength: 2, operation: 'kms.sign', path: { project_id: projectId } },
  ...{ parsed: undefined, caller: undefined, checks: ['route'], refusal: undefined, complaints: undefined },
  ...{ fault: undefined, outcome: 'answered', status: 200, answer: {}, answerHeaders: {} },
  ...more,
});
const forwardedOf = (requestId: string, signature: string): ForwardedRequest => ({
  ...{ requestId, at: 0, projectId, gatewayId: '', groupId: '', publishId: '', explanation: '' },
  ...{ api: { id: '', name: '' }, environment: { id: '', name: '' }, received: { method: 'GET', target: '/' } },
  signature: { signedHeaders: '', canonicalRequest: '', stringToSign: '', signature },
});
const forwardedOciOf = (requestId: string): ForwardedOci => ({
  ...{ requestId, at: 0, deployment: { id: '', name: '', pathPrefix: '/' }, path: '/', backEnd: 'HTTP_BACKEND' },
  ...{ sent: { method: 'GET', target: '/', headers: [], bodyLength: 0 }, received: undefined, signedBy: undefined },
  ...{ status: 200, refusal: undefined, explanation: '', checklist: [], diagnosis: undefined },
});

const traffic = {
  ...{ places: { working: 2, waiting: 0, forwarding: 0, reserved: 0 }, arriving: 0, bodyBytes: 10, unreadBytes: 0 },
  ...{ connections: 4, cutOff: 1, refused: new Map([['working', 5]]) },
};

interface One extends SharedMemory {
  readonly sees: (requestId: string, more?: Partial<Observation>) => void;
  readonly forwards: (requestId: string, signature?: string) => void;
  readonly forwardsOci: (requestId: string) => void;
}

function processWith(peers: Peers, size = 100): One {
  const { numbering } = peers;
  const journal = new Journal({ document: contract, size, numbering });
  const forwarded = new ForwardedRequests(size, numbering);
  const forwardedOci = new ForwardedOciRequests(size, numbering);
  const metrics = new Metrics({ queue: () => 1, traffic: () => traffic });
  return {
    ...together({ journal, forwarded, forwardedOci, metrics }, peers),
    sees: (requestId, more) => {
      const observation = observationOf(requestId, more);
      metrics.observe(observation);
      journal.observe(observation);
    },
    forwards: (requestId, signature = '') => forwarded.record(forwardedOf(requestId, signature)),
    forwardsOci: (requestId) => forwardedOci.record(forwardedOciOf(requestId)),
  };
}

/** Three that know each other. */
function three() {
  const office = makePostOffice();
  const [one, two, three] = [1, 2, 3].map((serial) => processWith(office.add(serial).peers));
  return { office, one: one!, two: two!, three: three!, all: [one!, two!, three!] };
}

const all: Wanted = { filter: {}, scope: undefined, after: 0, limit: 100 };
const idsOf = async (memory: One, wanted: Partial<Wanted> = {}): Promise<readonly string[]> =>
  (await memory.journal.list({ ...all, ...wanted })).entries.map((entry) => entry.request_id);

/** What is no wait of this test any more ends with it. */
function patience(atLeast: number) {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  return { atLeast, milliseconds: 60_000, signal: controller.signal };
}

describe('the journal', () => {
  test('is the same whichever process is asked: newest first, as many as are wanted, and numbered through', async () => {
    const { all: processes } = three();
    const ids = Array.from({ length: 30 }, (_, index) => `request ${index}`);
    for (const [index, id] of ids.entries()) {
      processes[(index % 7) % 3]!.sees(id);
      // As a client does, whose next request follows an answer: not in the same tick of the clock that numbers.
      const answered = process.hrtime.bigint();
      do await new Promise(setImmediate);
      while (process.hrtime.bigint() - answered < 20_000n);
    }
    for (const memory of processes) {
      expect(await idsOf(memory)).toEqual(ids.toReversed());
      expect(await idsOf(memory, { limit: 4 })).toEqual(ids.slice(-4).toReversed());
    }
    const { entries } = await processes[0]!.journal.list(all);
    const numbers = entries.map(({ sequence }) => sequence);
    expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => other - one));
  });

  test('goes on behind `last`: nothing is left out, nothing comes twice', async () => {
    const { one, two, three: last } = three();
    const seen: string[] = [];
    let after = 0;
    for (let round = 0; round < 20; round++) {
      two.sees(`two ${round}`);
      const page = one.journal.list({ ...all, after });
      // In the middle of the question: before or behind it, but not neither.
      last.sees(`last ${round}`);
      setImmediate(() => two.sees(`between ${round}`));
      const { entries, last: newest } = await page;
      seen.push(...entries.toReversed().map((entry) => entry.request_id));
      expect(newest).toBeGreaterThan(after);
      after = newest;
    }
    await new Promise(setImmediate);
    seen.push(...(await one.journal.list({ ...all, after })).entries.map((entry) => entry.request_id));
    const expected = ['two', 'last', 'between'].flatMap((name) => Array.from({ length: 20 }, (_, n) => `${name} ${n}`));
    expect(seen.toSorted()).toEqual(expected.sort());
  });

  test('has a request that another process answered, as it may be shown and as it was', async () => {
    const { one, two } = three();
    const body = Buffer.from([0, 255, 10]);
    two.sees('abc', { body, bodyLength: 3 });
    expect(await one.journal.show('abc', undefined)).toMatchObject({ request_id: 'abc', request: { body: '3 bytes' } });
    const found = await one.journal.find('abc', projectId);
    expect(Buffer.from(found!.body)).toEqual(body);
    expect({ ...found, body }).toEqual(observationOf('abc', { body, bodyLength: 3 }));
    expect(await one.journal.find('abc', 'another')).toBeUndefined();
    expect(await one.journal.show('none', undefined)).toBeUndefined();
  });

  test('shows a project nothing but its own, also of other processes', async () => {
    const { one, two } = three();
    two.sees('own');
    two.sees('strange', { path: { project_id: 'another' } });
    const scope = { id: projectId, domain: { id: 'any' } };
    expect(await idsOf(one, { scope })).toEqual(['own']);
    await one.journal.clear(scope);
    expect(await idsOf(two)).toEqual(['strange']);
    await one.journal.clear(undefined);
    expect(await idsOf(two)).toEqual([]);
  });

  test('who waits hears of what another process answers', async () => {
    const { office, one, two, three: last } = three();
    const waiting = one.journal.wait({ ...all, filter: { operation: 'kms.sign' } }, patience(1));
    const asked = () =>
      office.mail.filter(({ letter }) => letter.kind === 'question' && letter.name === 'awaitJournal');
    await expect.poll(asked).toHaveLength(1);
    last.sees('other', { operation: 'kms.verify' });
    two.sees('wanted');
    await waiting;
    expect(await idsOf(one, { filter: { operation: 'kms.sign' } })).toEqual(['wanted']);
  });

  test.each([1, 2, 5, 12])('who waits for %i waits for those of all together, and no longer', async (atLeast) => {
    const { one, all: processes } = three();
    let hasEnded = false;
    const waiting = one.journal.wait(all, patience(atLeast)).then(() => (hasEnded = true));
    for (let index = 0; index < atLeast; index++) {
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
      expect(hasEnded).toBe(false);
      processes[index % 3]!.sees(`request ${index}`);
    }
    await waiting;
    expect(await idsOf(one)).toHaveLength(atLeast);
  });

  test('who waits goes on when a process dies, and hears of one that comes', async () => {
    const { office, one } = three();
    const waiting = one.journal.wait(all, patience(1));
    office.remove(2);
    office.remove(3);
    const fresh = processWith(office.add(4).peers);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    fresh.sees('late');
    await waiting;
    expect(await idsOf(one)).toEqual(['late']);
  });

  test('who has waited is told of nobody any more', async () => {
    const office = makePostOffice();
    const { peers } = office.add(1);
    let listeners = 0;
    const counted: Peers = {
      ...peers,
      onJoined: (listener) => {
        listeners++;
        const forget = peers.onJoined(listener);
        return () => {
          listeners--;
          forget();
        };
      },
    };
    const one = processWith(counted);
    const waiting = one.journal.wait(all, patience(1));
    expect(listeners).toBe(1);
    one.sees('wanted');
    await waiting;
    expect(listeners).toBe(0);
  });

  test('a hundred may wait in all processes together, and make room for others', async () => {
    const { one, two } = three();
    const controller = new AbortController();
    onTestFinished(() => controller.abort());
    const waiting = Array.from({ length: 100 }, () =>
      one.journal.wait(all, { ...patience(1), signal: controller.signal }),
    );
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    const tooMany = { refusal: { code: 'Signet.TooManyWaiters' } };
    await expect(one.journal.wait(all, patience(1))).rejects.toMatchObject(tooMany);
    await expect(two.journal.wait(all, patience(1))).rejects.toMatchObject(tooMany);
    controller.abort();
    await Promise.all(waiting);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    const room = two.journal.wait(all, patience(1));
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    one.sees('after all');
    await room;
  });

  test('of a process that is alone is numbered from 1, without gaps', async () => {
    const alone = processWith(noPeers);
    expect(await alone.journal.list(all)).toEqual({ entries: [], last: 0 });
    alone.sees('first');
    alone.sees('second');
    const { entries, last } = await alone.journal.list(all);
    expect(entries.map(({ sequence }) => sequence)).toEqual([2, 1]);
    expect(last).toBe(2);
  });
});

describe('what the gateways forwarded', () => {
  test('is listed newest first, found by its id, and forgotten, whichever process did it', async () => {
    const { one, two, three: last } = three();
    for (const [memory, id] of [
      [two, 'a'],
      [last, 'b'],
      [one, 'c'],
      [two, 'd'],
    ] as const) {
      memory.forwards(id);
      memory.forwardsOci(id);
      await new Promise(setImmediate);
    }
    const kinds = [
      [await one.forwarded.list(projectId, 3), await one.forwarded.find('b', undefined)],
      [await one.forwardedOci.list(3), await one.forwardedOci.find('b')],
    ] as const;
    for (const [list, found] of kinds) {
      expect(list.map(({ requestId }) => requestId)).toEqual(['d', 'c', 'b']);
      expect(found?.requestId).toBe('b');
    }
    await one.forwarded.clear('another');
    expect(await two.forwarded.list(undefined, 9)).toHaveLength(4);
    await one.forwarded.clear(undefined);
    await one.forwardedOci.clear();
    expect(await two.forwarded.list(undefined, 9)).toEqual([]);
    expect(await two.forwardedOci.list(9)).toEqual([]);
    expect(await two.forwardedOci.find('b')).toBeUndefined();
  });

  test('of two with one signature, the last one counts', async () => {
    const { one, two, three: last } = three();
    two.forwards('earlier', 'abc');
    await new Promise(setImmediate);
    last.forwards('later', 'abc');
    for (const memory of [one, two, last])
      expect((await memory.forwarded.signedAs('abc', undefined))?.requestId).toBe('later');
    expect(await one.forwarded.signedAs('none', undefined)).toBeUndefined();
  });
});

test('numbers for Prometheus are those of all processes', async () => {
  const { one, two, three: last, all: processes } = three();
  one.sees('a', { milliseconds: 2 });
  two.sees('b', { milliseconds: 3 });
  last.sees('c', { milliseconds: 5000, status: 404, outcome: 'refused' });
  for (const memory of processes) {
    const families = readExposition(await memory.metrics.text());
    const valueOf = (name: string, labels: Readonly<Record<string, string>> = {}) =>
      families
        .get(name.replace(/_(?:bucket|sum|count)$/, ''))!
        .samples.filter((sample) => sample.name === name)
        .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
        .map(({ value }) => value);
    expect(valueOf('signet_requests_total', { status: '200' })).toEqual([2]);
    expect(valueOf('signet_requests_total', { status: '404' })).toEqual([1]);
    expect(valueOf('signet_request_duration_seconds_count')).toEqual([3]);
    expect(valueOf('signet_request_duration_seconds_sum')[0]).toBeCloseTo(5.005);
    expect(valueOf('signet_request_duration_seconds_bucket', { le: '0.0025' })).toEqual([1]);
    expect(valueOf('signet_request_duration_seconds_bucket', { le: '+Inf' })).toEqual([3]);
    expect(valueOf('signet_signing_queue')).toEqual([3]);
    expect(valueOf('signet_connections')).toEqual([12]);
    expect(valueOf('process_start_time_seconds')).toHaveLength(1);
  }
});
