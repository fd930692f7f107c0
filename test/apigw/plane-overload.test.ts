/** Too many calls of APIs at once, and what of them is kept. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { useBackend } from '../support/gateway-backend.ts';
import { ask, headOf, openRequest, readGiven } from '../support/gateway-client.ts';
import { basicKey, hmacKey, prefix, useGateway } from '../support/gateway-plane.ts';

const backend = await useBackend();
const MiB = 1024 * 1024;
const gateway = await useGateway({}, { requests: 1, bodyBytes: 2 * MiB });
const { url, server } = gateway;
const refusal = { error_code: 'APIG.0308', error_msg: 'The throttling threshold has been reached.' };
const api = { definition: { backend_api: { url_domain: backend.host } } };
const isIdle = () =>
  expect
    .poll(() => server.traffic())
    .toMatchObject({ places: { forwarding: 0, working: 0 }, bodyBytes: 0, arriving: 0 });

/** A call that is at its backend until what is returned is called. */
async function occupy(): Promise<() => Promise<number>> {
  const there = new Promise<() => void>((resolve) =>
    backend.takeHeads((_req, res) => resolve(() => void res.end('{}'))),
  );
  const asked = ask(url, { target: prefix });
  const answer = await there;
  backend.takeHeads(undefined);
  onTestFinished(answer);
  return async () => {
    answer();
    return (await asked).status;
  };
}

describe('one call more than have a place', () => {
  test('is refused at once in the words of API Gateway; what else Signet does goes on', async () => {
    gateway.publish(api);
    const leave = await occupy();
    const given = await ask(url, { target: `${prefix}/x`, method: 'POST', body: 'abc' });
    expect([given.status, JSON.parse(given.text)]).toMatchObject([429, refusal]);
    expect(gateway.observations.at(-1)).toMatchObject({
      status: 429,
      refusal: { code: 'APIG.0308' },
      checks: ['http'],
    });
    expect((await ask(url, { target: '/nowhere' })).status).toBe(404);
    expect(await leave()).toBe(200);
    await isIdle();
    expect((await ask(url, { target: prefix })).status).toBe(200);
  });

  test('has the place of one whose client does not send what it said', async () => {
    gateway.publish({ ...api, key: basicKey });
    const heads = new Promise<void>((resolve) => backend.takeHeads(() => resolve()));
    const slow = openRequest(url, { target: prefix, method: 'POST', headers: ['Content-Length', '9'] });
    const ended = new Promise<void>((resolve) => slow.on('error', () => resolve()).on('close', resolve));
    slow.write('abc');
    await heads;
    backend.takeHeads(undefined);
    expect((await ask(url, { target: prefix })).status).toBe(200);
    await ended;
    await isIdle();
  });
});

test('a body that is signed counts among those that are kept, and one that only passes does not', async () => {
  const body = Buffer.alloc(MiB + MiB / 2, 'x');
  const kept: number[] = [];
  backend.answerWith((_req, res) => {
    kept.push(server.traffic().bodyBytes);
    res.end('{}');
  });
  for (const key of [hmacKey, basicKey]) {
    gateway.publish({ ...api, key });
    expect((await ask(url, { target: prefix, method: 'POST', body })).status).toBe(200);
  }
  backend.answerWith((_req, res) => res.end('{}'));
  expect(kept).toEqual([body.length, 0]);
  await isIdle();
});

test('a body for which there is no room beside others is refused, and not sent', async () => {
  gateway.publish({ ...api, key: hmacKey });
  const held = openRequest(url, { target: '/nowhere', method: 'POST', headers: ['Content-Length', String(2 * MiB)] });
  held.on('error', () => undefined);
  onTestFinished(() => void held.destroy());
  held.write(Buffer.alloc(MiB + MiB / 2));
  await expect.poll(() => server.traffic().bodyBytes).toBe(MiB + MiB / 2);
  const request = openRequest(url, { target: prefix, method: 'POST', headers: ['Transfer-Encoding', 'chunked'] });
  request.on('error', () => undefined);
  request.write(Buffer.alloc(MiB));
  const given = await readGiven(await headOf(request));
  request.destroy();
  expect([given.status, JSON.parse(given.text)]).toMatchObject([429, refusal]);
  expect(given.headers.connection).toBe('close');
  expect(gateway.records.at(-1)).toMatchObject({
    refusal: { code: 'APIG.0308' },
    explanation: 'Refused at once, since too much is under way: bodies.',
  });
  expect(gateway.records.at(-1)).not.toHaveProperty('sent');
  held.destroy();
  await isIdle();
});
