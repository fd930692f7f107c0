/** The balancer's settings as they stand, in front of two Signets over one Postgres: what is signed arrives, and a dead Signet is not asked. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { builtProgram, startProgram } from '../support/built-program.ts';
import { freePort } from '../support/free-port.ts';
import { project, seededKeys } from '../support/identity.ts';
import { sign } from '../support/sdk-signer.ts';
import { client, type Answer, type Client } from './client.ts';
import { openDatabase } from './databases.ts';
import { rounds } from './rounds.ts';

const settings = readFileSync(new URL('../../compose.replicas.haproxy.cfg', import.meta.url), 'utf8');
const body = JSON.stringify({
  ...{ key_id: seededKeys.EC_P256, message: 'aGVsbG8g' },
  ...{ signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW' },
});
const target = `/v1.0/${project.id}/kms/sign`;

/** As an SDK signs it: the header Host with it, and a query that nobody must put into another order. */
function signed({ url, send }: Client, more: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const query = '?b=2&a=1';
  const headers = { Host: new URL(url).host, 'Content-Type': 'application/json', 'X-Project-Id': project.id };
  const all = sign({ method: 'POST', target: target + query, body, at: Date.now(), headers });
  return send('POST', target + query, body, { ...all, ...more, 'X-Auth-Token': '' });
}

/** HAProxy with these settings, at addresses of this machine. */
async function startBalancer(urls: readonly string[]): Promise<string> {
  const { error } = spawnSync('haproxy', ['-v']);
  if (error) throw new Error('The proof of the balancer needs HAProxy (Debian: apt-get install haproxy)');
  const folder = mkdtempSync(join(tmpdir(), 'signet-balancer-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const address = `127.0.0.1:${await freePort()}`;
  const places = [[' :5670', ` ${address}`], ...urls.map((url, at) => [`signet-${at + 1}:5670`, new URL(url).host])];
  const here = places.reduce((text, [there = '', own = '']) => {
    expect(text.split(there), there).toHaveLength(2);
    return text.replace(there, own);
  }, settings);
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(file, here);
  // In the foreground, as in its container.
  const balancer = spawn('haproxy', ['-db', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  balancer.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(balancer, 'exit');
  onTestFinished(async () => {
    balancer.kill('SIGKILL');
    await ended;
  });
  const url = `http://${address}`;
  const asking = client(url);
  await vi.waitFor(
    async () => {
      expect(balancer.exitCode, said).toBeNull();
      expect((await asking.send('GET', '/_signet/health')).status).toBe(200);
    },
    { timeout: 20_000, interval: 50 },
  );
  asking.close();
  return url;
}

test('signed requests arrive as they were signed, and go on when a Signet is killed', async () => {
  const database = await openDatabase.postgres();
  onTestFinished(database.close);
  const start = (port = '0') =>
    startProgram(builtProgram(), {
      settings: {
        ...database.settings,
        SIGNET_PORT: port,
        SIGNET_TRUSTED_PROXIES: '127.0.0.1',
        SIGNET_ADMIN_TOKEN: 'of-the-proof',
      },
      complain: () => undefined,
    });
  const programs = [await start(), await start()];
  onTestFinished(async () => {
    await Promise.all(programs.map((program) => program.kill()));
  });
  const url = await startBalancer(programs.map((program) => program.url));
  const one = client(url, new Agent({ keepAlive: true, maxSockets: 4 }));
  onTestFinished(one.close);
  const countOf = async (at: number): Promise<number> => {
    const direct = client(programs[at]!.url);
    const { text } = await direct.send('GET', '/_signet/journal?limit=1000');
    direct.close();
    return text.split(`"kms.sign"`).length - 1;
  };

  const count = rounds(200);
  const many = (): Promise<readonly Answer[]> => Promise.all(Array.from({ length: count }, () => signed(one)));
  expect((await many()).map(({ status }) => status)).toEqual(Array(count).fill(200));
  expect(await Promise.all([countOf(0), countOf(1)]), 'both have work').not.toContain(0);
  // The longest headers that Signet takes, but for a little.
  expect((await signed(one, { 'X-Long': 'x'.repeat(60_000) })).status).toBe(200);
  // One that is told to stop answers what it has begun, and another one in its place gets work again.
  const meanwhile = many();
  await programs[0]!.stop();
  expect((await meanwhile).filter(({ status }) => status !== 200)).toEqual([]);
  programs[0] = await start(new URL(programs[0]!.url).port);
  await vi.waitFor(
    async () => {
      expect((await signed(one)).status).toBe(200);
      expect(await countOf(0)).toBeGreaterThan(0);
    },
    { timeout: 20_000, interval: 100 },
  );
  await programs[0].kill();
  // From now on the balancer finds nobody there, and asks the other: no request fails, before its health check as well as after it.
  const afterwards = [...(await many()), ...(await many())];
  const failed = afterwards.filter(({ status }) => status !== 200);
  expect(failed).toEqual([]);
  console.log(
    `through the balancer: ${count} signed requests to two Signets, ${afterwards.length} with one of them killed, 0 failed`,
  );

  // The database away, both Signets say that they are not ready, and the balancer that there is none.
  await database.postgres!.stop();
  await vi.waitFor(async () => expect((await one.send('GET', '/_signet/health')).status).toBe(503), {
    ...{ timeout: 20_000, interval: 100 },
  });
  await database.postgres!.start();
  await vi.waitFor(async () => expect((await signed(one)).status).toBe(200), { timeout: 20_000, interval: 100 });
});
