/** A database that cannot be reached while Signet runs: refused at once, and taken up again when it is back. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startSignet, type Signet } from '../../src/index.ts';
import { StoreUnreachable } from '../../src/store/store.ts';
import { send } from '../support/http.ts';
import { kmsClient } from '../support/kms.ts';
import { startPostgres, type PostgresServer } from '../support/postgres.ts';
import { opened } from './databases.ts';
import { newKey, project, settle } from './people.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres({ fsync: true });
  return () => server.close();
});

/** Also when the test fails, the next one finds the server at work. */
async function withoutServer(how: 'stop' | 'kill', work: () => Promise<void>): Promise<void> {
  await server[how]();
  try {
    await work();
  } finally {
    await server.start();
  }
}

test.each(['stop', 'kill'] as const)(
  'the store fails at once, and answers again after the server’s %s',
  async (how) => {
    const store = await opened(server.newDatabase());
    await settle(store);
    await store.keys.add(newKey('k'));
    await withoutServer(how, async () => {
      await expect(store.keys.findByName(project.id, 'name of k')).rejects.toThrow(StoreUnreachable);
      await expect(store.keys.update(project.id, 'k', [2], { state: 3 })).rejects.toThrow(StoreUnreachable);
      await expect(store.transaction((inner) => inner.setRegion('nowhere'))).rejects.toThrow(StoreUnreachable);
      await expect(Promise.resolve(store.catchUp())).rejects.toThrow(StoreUnreachable);
    });
    expect((await store.keys.findByName(project.id, 'name of k'))?.state).toBe(2);
    expect(await store.keys.update(project.id, 'k', [2], { state: 3 })).toBe(true);
    expect(await store.region()).toBe('eu-de');
  },
);

test('a transaction that is cut off is as if it had never been, and is not said to have been done', async () => {
  const store = await opened(server.newDatabase());
  await settle(store);
  const cut = store.transaction(async (inner) => {
    await inner.keys.add(newKey('k'));
    await server.kill();
  });
  try {
    await expect(cut).rejects.toThrow(StoreUnreachable);
  } finally {
    await server.start();
  }
  expect(await store.keys.find(project.id, 'k')).toBeUndefined();
  await store.keys.add(newKey('k'));
});

describe('over HTTP', () => {
  const told: string[] = [];
  let signet: Signet;
  let keyId: string;
  beforeAll(async () => {
    const masterKey = Buffer.alloc(32, 7).toString('base64');
    const log = (message: string, cause?: unknown): unknown =>
      told.push(cause === undefined ? message : `${message}: fault`);
    signet = await startSignet({
      port: 0,
      databaseUrl: await server.newDatabase(),
      masterKey,
      validateResponses: true,
      log,
    });
    keyId = await kmsClient(signet.url).create({ key_alias: 'one', key_spec: 'EC_P256', key_usage: 'SIGN_VERIFY' });
  });
  afterAll(() => signet.stop());

  const sign = () => {
    const message = Buffer.from('message').toString('base64');
    const body = { key_id: keyId, message, message_type: 'RAW', signing_algorithm: 'ECDSA_SHA_256' };
    return kmsClient(signet.url).post('sign', body);
  };
  const health = () => send(signet.url, 'get', '/_signet/health');

  test('requests are refused as by a gateway whose backend is gone, and health says so', async () => {
    expect((await sign()).status).toBe(200);
    expect((await health()).status).toBe(200);
    await withoutServer('stop', async () => {
      const unavailable = { error_code: 'APIGW.0202', error_msg: 'Backend unavailable' };
      expect(await sign()).toMatchObject({ status: 502, body: unavailable });
      const creating = kmsClient(signet.url).post('create-key', { key_alias: 'two' });
      expect(await creating).toMatchObject({ status: 502, body: unavailable });
      const tokens = {
        auth: {
          identity: {
            methods: ['password'],
            password: { user: { name: 'signet', password: 'signet', domain: { name: 'signet' } } },
          },
        },
      };
      const asking = send(signet.url, 'post', '/v3/auth/tokens', {
        body: tokens,
        headers: { 'Content-Type': 'application/json' },
      });
      expect(await asking).toMatchObject({ status: 502, body: unavailable });
      expect(await health()).toMatchObject({
        status: 503,
        text: expect.stringContaining('its state cannot be reached') as string,
      });
    });
    expect((await sign()).status).toBe(200);
    expect((await health()).status).toBe(200);
    expect(told).toEqual([
      expect.stringMatching(/^The database signet_\w+ at 127\.0\.0\.1:\d+ cannot be used: nobody listens there$/),
      expect.stringMatching(/^The database signet_\w+ at 127\.0\.0\.1:\d+ can be used again$/),
    ]);
  });
});

test('a server that is gone without a word holds nobody up for long', async () => {
  const url = new URL(await server.newDatabase());
  const ends = new Set<Socket>();
  const line = createServer((near) => {
    const far = connect(server.port, '127.0.0.1');
    for (const end of [near, far]) ends.add(end.on('error', () => undefined));
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    for (const end of ends) end.destroy();
    line.close();
  });
  await once(line, 'listening');
  url.port = String((line.address() as AddressInfo).port);
  const store = await opened(url.href);
  await store.catchUp();
  for (const end of ends) end.unpipe().pause();
  const begun = performance.now();
  await expect(Promise.resolve(store.catchUp())).rejects.toThrow(StoreUnreachable);
  expect(performance.now() - begun).toBeLessThan(10_000);
});

test('who starts without a server hears why', async () => {
  const url = await server.newDatabase();
  await withoutServer('stop', async () => {
    await expect(opened(url)).rejects.toThrow(
      /^The database signet_\w+ at 127\.0\.0\.1:\d+ cannot be used: nobody listens there$/,
    );
  });
});
