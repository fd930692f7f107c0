import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { project, seededKeys } from '../support/identity.ts';
import { runSignet } from '../support/process.ts';
import { useFolder } from '../support/signet.ts';
import { connectTo, environment, isAlive, load, moreAnswers, oneAtEach, requestIdOf, runCrew } from './crews.ts';
import { workerOf, type Client, type Got } from './crews.ts';

const slow = { timeout: 120_000 };
const read = ({ status, text }: Got): unknown => {
  expect(status, text).toBe(200);
  return JSON.parse(text);
};
interface Page {
  readonly entries: readonly { readonly request_id: string }[];
  readonly last: number;
}

test(
  'two workers behind one port answer as one: journal, explanations, waiting, numbers, forwarded requests',
  slow,
  async () => {
    const { url, child, ended, stdout, stderr, firstLine } = await runCrew();
    const [here, there] = await oneAtEach(url);
    const both: readonly (readonly [Client, Client])[] = [
      [here, there],
      [there, here],
    ];
    const idsAt = async (client: Client, query = ''): Promise<readonly string[]> =>
      (read(await client.send('GET', `/_signet/journal?${query}`)) as Page).entries.map((entry) => entry.request_id);

    for (const [asked, doer] of both) {
      const { last } = read(await asked.send('GET', '/_signet/journal?limit=1')) as Page;
      const waiting = asked.send('GET', `/_signet/journal?after=${last}&wait_seconds=60&at_least=2&code=KMS.0207`);
      const refused = [];
      for (let count = 0; count < 2; count++) {
        refused.push(
          await doer.send('POST', `/v1.0/${project.id}/kms/describe-key`, {
            key_id: '00000000-0000-4000-8000-000000000000',
          }),
        );
      }
      const ids = refused.map(requestIdOf).toReversed();
      expect((read(await waiting) as Page).entries.map((entry) => entry.request_id)).toEqual(ids);
      expect((await idsAt(asked)).slice(0, 2)).toEqual(ids);
      const explained = await asked.send('GET', `/_signet/journal/${ids[0]!}/explanation`);
      expect((read(explained) as { refusal: object }).refusal).toMatchObject({ code: 'KMS.0207' });
      expect(await workerOf(asked, requestIdOf(refused[0]!))).toBe(await workerOf(doer, requestIdOf(refused[1]!)));
    }
    expect(await idsAt(here, 'limit=1000')).toEqual(await idsAt(there, 'limit=1000'));

    const countAt = async (client: Client): Promise<number> => {
      const { text } = await client.send('GET', '/_signet/metrics');
      return Number(/operation="kms\.describeKey",outcome="refused",.*\} (\d+)$/m.exec(text)?.[1]);
    };
    expect([await countAt(here), await countAt(there)]).toEqual([4, 4]);

    // Nothing listens at the back end of the demo, and what was to be sent is on record.
    for (const [asked, doer] of both) {
      const forwarded = requestIdOf(await doer.send('GET', '/_apig/de300000000000000000000000000001/orders'));
      const answer = read(await asked.send('GET', '/_signet/apigw/requests'));
      const { requests } = answer as { requests: { request_id: string }[] };
      expect(requests[0]!.request_id).toBe(forwarded);
    }

    expect((await here.send('DELETE', '/_signet/journal')).status).toBe(204);
    expect(await idsAt(there)).toEqual([]);

    const line = await firstLine;
    child.kill('SIGINT');
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(stdout()).toBe(`${line}\n`);
    expect(stderr()).toBe('');
  },
);

test(
  'under load: a worker that is killed is replaced, all are renewed without a failed request, and the end comes by itself',
  slow,
  async () => {
    const { url, child, ended, workers, stderr } = await runCrew();
    const clients = await load(url);
    await moreAnswers(clients);

    const [victim, survivor] = workers() as [number, number];
    process.kill(victim, 'SIGKILL');
    await expect.poll(() => workers().filter((pid) => pid !== victim).length, slow).toBe(2);
    // On the new one, too.
    await oneAtEach(url);
    await moreAnswers(clients);
    expect(clients.failed.filter((line) => !line.startsWith('broken: '))).toEqual([]);
    expect(workers()).toContain(survivor);
    expect(stderr()).toBe(`worker ${victim} ended (SIGKILL); another one begins\n`);

    // What the death of a worker broke off has been counted by now.
    const broken = clients.failed.length;
    const former = workers();
    child.kill('SIGHUP');
    await expect.poll(() => former.some(isAlive), slow).toBe(false);
    await moreAnswers(clients);
    expect(clients.failed.slice(broken)).toEqual([]);
    expect(workers()).toHaveLength(2);
    await clients.end();

    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, signal: null });
  },
);

/** Of a request whose last byte is missing. */
async function halfSent(url: string): Promise<{ readonly socket: Socket; readonly heard: () => string }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  let heard = '';
  socket.setEncoding('utf8').on('data', (part: string) => (heard += part));
  // With its answer, a worker is known to have the connection.
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await expect.poll(() => heard, slow).toContain('"versions"');
  socket.write(`POST /v1.0/${project.id}/kms/describe-key HTTP/1.1\r\nHost: x\r\nX-Auth-Token: signet-token\r\n`);
  socket.write(`Content-Length: 49\r\n\r\n{"key_id":"${seededKeys.EC_P256}"`);
  return { socket, heard: () => heard };
}

/** Half-sent requests, some at each of two workers. */
async function someAtEach(url: string) {
  const client = connectTo(url);
  const begun = [];
  const workers = new Set<number>();
  for (let attempt = 0; attempt < 100 && (begun.length < 6 || workers.size < 2); attempt++) {
    const one = await halfSent(url);
    begun.push(one);
    const [, requestId = ''] = /^X-Request-Id: (\w+)\r$/m.exec(one.heard()) ?? [];
    workers.add(await workerOf(client, requestId));
  }
  expect(workers.size).toBe(2);
  return begun;
}

/** Until the workers have read the heads of so many requests: of what nobody has read, nothing has begun. */
async function areRead(url: string, count: number): Promise<void> {
  const client = connectTo(url);
  const arriving = async (): Promise<string | undefined> => {
    const { text } = await client.send('GET', '/_signet/metrics');
    return /^signet_requests_in_flight\{activity="arriving"\} (\d+)$/m.exec(text)?.[1];
  };
  await expect.poll(arriving, slow).toBe(String(count));
  client.close();
}

const isDeaf = (url: string): Promise<boolean> =>
  connectTo(url, false)
    .send('GET', '/')
    .then(
      () => false,
      () => true,
    );

test(
  'SIGTERM under load: what was begun is answered by every worker, nothing else is taken, and the end is 0',
  slow,
  async () => {
    const { url, child, ended, workers } = await runCrew();
    const begun = await someAtEach(url);
    await areRead(url, begun.length);
    const clients = await load(url);
    await moreAnswers(clients);
    const before = workers();
    child.kill('SIGTERM');
    await expect.poll(() => isDeaf(url), slow).toBe(true);
    expect(before.every(isAlive)).toBe(true);
    for (const { socket } of begun) socket.write('}');
    await Promise.all(begun.map(({ socket }) => once(socket, 'close')));
    for (const { heard } of begun) {
      expect(heard()).toMatch(/HTTP\/1\.1 200 .*HTTP\/1\.1 200 .*"key_state":"2"/s);
      expect(heard()).toMatch(/^Connection: close\r$/m);
    }
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(before.some(isAlive)).toBe(false);
    await clients.end();
    expect(clients.failed.filter((line) => line.startsWith('wrong'))).toEqual([]);
  },
);

test('a first process that is killed takes its workers with it; they answer before', slow, async () => {
  const { url, child, workers } = await runCrew();
  const begun = await halfSent(url);
  await areRead(url, 1);
  await oneAtEach(url);
  const before = workers();
  expect(before).toHaveLength(2);
  child.kill('SIGKILL');
  await expect.poll(() => isDeaf(url), slow).toBe(true);
  begun.socket.write('}');
  await once(begun.socket, 'close');
  expect(begun.heard()).toMatch(/"key_state":"2"/);
  await expect.poll(() => before.some(isAlive), slow).toBe(false);
});

test('all workers killed at once: a free port that was picked stays the same', slow, async () => {
  const { url, workers, ended, child } = await runCrew({ SIGNET_TLS: 'auto', SIGNET_TLS_PORT: '0' });
  const former = workers();
  for (const pid of former) process.kill(pid, 'SIGKILL');
  await expect.poll(() => isDeaf(url), { timeout: 30_000 }).toBe(false);
  await oneAtEach(url);
  expect(workers().filter((pid) => former.includes(pid))).toEqual([]);
  child.kill('SIGTERM');
  expect(await ended).toEqual({ code: 0, signal: null });
});

describe('what cannot begin says so once, and ends', () => {
  const rows = {
    'a state in memory': [{ SIGNET_DATABASE_URL: 'sqlite::memory:' }, 2, /^SIGNET_WORKERS: .*SIGNET_DATABASE_URL.*\n$/],
    'a seed that does not exist': [{ SIGNET_SEED: 'missing.yaml' }, 1, /^missing\.yaml.*\n$/],
    'a file in a folder that does not exist': [
      { SIGNET_DATABASE_URL: `sqlite:${join('no', 'such', 'folder')}` },
      1,
      /^[^\n]*its folder does not exist\n$/,
    ],
  } as const;
  test.each(Object.entries(rows))('%s', slow, async (_name, [settings, code, message]) => {
    const signet = runSignet([], environment(settings));
    expect(await signet.ended).toEqual({ code, signal: null });
    expect(signet.stderr()).toMatch(message);
    expect(signet.stdout()).toBe('');
  });

  test('a port that is taken', slow, async () => {
    const server = createServer();
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const signet = runSignet([], environment({ SIGNET_PORT: String(port) }));
    expect((await signet.ended).code).toBe(1);
    expect(signet.stderr()).toMatch(new RegExp(`^[^\\n]*EADDRINUSE[^\\n]*:${port}; --port 0 picks a free one\\n$`));
  });
});

test('as many as are wanted, over one file: a seed is planted once', slow, async () => {
  const folder = useFolder();
  const file = { SIGNET_DATABASE_URL: `sqlite:${join(folder, 'state.sqlite')}` };
  const { url, workers, child, ended } = await runCrew({ ...file, SIGNET_WORKERS: '4' });
  expect(workers()).toHaveLength(4);
  const { text } = await connectTo(url).send('POST', `/v1.0/${project.id}/kms/list-keys`, {});
  const { total } = JSON.parse(text) as { total: number };
  child.kill('SIGTERM');
  await ended;
  const again = await runCrew({ ...file, SIGNET_WORKERS: '1' });
  const { text: later } = await connectTo(again.url).send('POST', `/v1.0/${project.id}/kms/list-keys`, {});
  expect(total).toBeGreaterThan(5);
  expect(JSON.parse(later)).toMatchObject({ total });
});
