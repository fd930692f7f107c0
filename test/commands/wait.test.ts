import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startSignet } from '../../src/index.ts';
import { freePort } from '../support/free-port.ts';
import { run } from './run.ts';

test('0 as soon as Signet takes requests, although it starts later', async () => {
  const port = await freePort();
  const waiting = run(['wait', '--timeout', '15', '--url', `http://127.0.0.1:${port}`]);
  const signet = await startSignet({ port, seed: 'none' });
  onTestFinished(() => signet.stop());
  expect(await waiting).toMatchObject({ code: 0, stdout: '', stderr: '' });
});

test('1 after the time, with the reason', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const { code, stderr } = await run(['wait', '--timeout=0.3'], { environment: { SIGNET_URL: url } });
  expect(code).toBe(1);
  expect(stderr).toMatch(/is not ready after 0\.3 s: .*ECONNREFUSED/);
});

test('1 where something hangs: each attempt has an end', { timeout: 15_000 }, async () => {
  const server = createServer(() => undefined);
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect((await run(['wait', '--timeout=0.5', '--url', url])).code).toBe(1);
});
