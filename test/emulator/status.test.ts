import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { Status } from '../../src/emulator/status/status.ts';
import { contract } from '../../src/contract/document.ts';
import { startSignet } from '../../src/index.ts';
import { openStore } from '../../src/store/sql.ts';
import { readAnswer } from '../http/socket.ts';
import { send } from '../support/http.ts';
import { kmsClient } from '../support/kms.ts';
import { useSignet } from '../support/signet.ts';

const file = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const { url } = await useSignet();

describe('/_signet/health', () => {
  test('says that requests are taken', async () => {
    const answer = await send(url, 'get', '/_signet/health');
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ status: 'ok', live: true, ready: true });
    expect((await send(url, 'head', '/_signet/health')).status).toBe(200);
  });

  test('says 503 while Signet stops, to whoever has a connection still', async () => {
    const own = await startSignet({ port: 0 });
    const { hostname, port, host } = new URL(own.url);
    const socket = connect(Number(port), hostname);
    let heard = '';
    socket.setEncoding('utf8').on('data', (part: string) => (heard += part));
    const ended = new Promise((resolve) => socket.on('close', resolve));
    // Connections are accepted one after the other: when this is answered, the one above stands.
    await send(own.url, 'get', '/_signet/version');
    const stopping = own.stop();
    socket.write(`GET /_signet/health HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    await Promise.all([ended, stopping]);
    const { status, body } = readAnswer(heard);
    expect(status).toBe(503);
    expect(body).toEqual({
      error: { error_code: 'Signet.NotReady', error_msg: 'This Signet takes no requests: it is stopping.' },
    });
  });
});

describe('readiness', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const statusOf = async (region: () => Promise<string | undefined>, isDraining = false): Promise<Status> => {
    const store = await openStore({ url: 'sqlite::memory:' });
    return new Status({
      ...{ store: { ...store, region }, document: contract },
      ...{ isDraining: () => isDraining, caCertificate: undefined },
    });
  };
  const rows = [
    ['a state that fails', () => Promise.reject(new Error('disk I/O error at /secret/path')), false, 'does not answer'],
    ['a state that never answers', () => new Promise<string>(() => undefined), false, 'does not answer'],
    ['a Signet that stops', () => Promise.resolve('eu-de'), true, 'stopping'],
  ] as const;
  test.each(rows)('is refused for %s, and the words tell nothing of it', async (_, region, isDraining, text) => {
    const ready = (await statusOf(region, isDraining)).assertReady().catch((thrown: unknown) => thrown);
    await vi.advanceTimersByTimeAsync(10_000);
    const error = await ready;
    expect(error).toMatchObject({ refusal: { status: 503, code: 'Signet.NotReady' } });
    expect(String(error)).toContain(text);
    expect(String(error)).not.toContain('secret');
  });

  test('is given where the state is busy for two seconds', async () => {
    const busy = () => new Promise<string>((resolve) => setTimeout(() => resolve('eu-de'), 2000));
    const ready = (await statusOf(busy)).assertReady();
    const settled = expect(ready).resolves.toBeUndefined();
    await vi.advanceTimersByTimeAsync(2000);
    await settled;
  });

  test.each([
    ['fails', () => Promise.reject(new Error('disk I/O error')), true],
    ['takes too long', () => new Promise<string>(() => undefined), false],
  ] as const)('a state that %s: what the log is told of it', async (_, region, isLogged) => {
    const ready = (await statusOf(region)).assertReady().catch((thrown: unknown) => thrown);
    await vi.advanceTimersByTimeAsync(10_000);
    const { cause } = (await ready) as Error;
    expect(cause instanceof Error).toBe(isLogged);
  });

  test('is given where the state answers, even without a region', async () => {
    await expect((await statusOf(() => Promise.resolve(undefined))).assertReady()).resolves.toBeUndefined();
  });
});

describe('/_signet/version', () => {
  test('says the version of the package, and what it runs on', async () => {
    const { version } = JSON.parse(file('package.json')) as { version: string };
    expect((await send(url, 'get', '/_signet/version')).body).toEqual({
      ...{ name: 'signet', version, node: process.versions.node, openssl: process.versions.openssl },
    });
  });

  test('is that of the contract and of the package alike', () => {
    const { version } = JSON.parse(file('package.json')) as { version: string };
    expect((parse(file('openapi.yaml')) as { info: { version: string } }).info.version).toBe(version);
  });
});

describe('/_signet/openapi.json', () => {
  test('is openapi.yaml', async () => {
    const answer = await send(url, 'get', '/_signet/openapi.json');
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.body).toEqual(parse(file('openapi.yaml')));
  });
});

test('/_signet/ca.pem is not there without TLS', async () => {
  const answer = await send(url, 'get', '/_signet/ca.pem');
  expect(answer.status).toBe(404);
  expect(answer.body).toMatchObject({ error: { error_code: 'Signet.NoTls' } });
});

test('what is open needs no token, from another machine either', async () => {
  for (const path of ['health', 'version', 'openapi.json']) {
    const answer = await send(url, 'get', `/_signet/${path}`, {
      headers: { 'X-Forwarded-For': '10.0.0.1', Host: 'x' },
    });
    expect(answer.status, path).toBe(200);
  }
});

test('a Signet that is asked for its health keeps answering the rest', async () => {
  await send(url, 'get', '/_signet/health');
  expect((await kmsClient(url).ask('list-keys', {})).total).toBeGreaterThan(0);
});
