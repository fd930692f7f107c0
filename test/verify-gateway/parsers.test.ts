import { gzipSync } from 'node:zlib';
import express from 'express';
import { describe, expect, test } from 'vitest';
import { keepRawBody } from '../../src/verify-gateway/verify-gateway.ts';
import { base64, post, seen, serve, tell, verify } from './backend.ts';
import { pair, plain } from './gateway-signer.ts';

const failed = 'Verify authroization failed.';
const json = { 'Content-Type': 'application/json' };

describe('parsers', () => {
  const order = post('{"name":"Grüße"}', { headers: json });
  const parsed = { name: 'Grüße' };
  const form = post('a=1&b=%20', { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } });

  test('behind it read the body as if nobody had', async () => {
    const send = await serve(verify, express.json(), express.urlencoded(), express.text(), tell);
    expect(await seen(send, order)).toEqual({ key: pair.key, rawBody: base64(order.body), body: parsed });
    expect(await seen(send, order, true)).toMatchObject({ body: parsed });
    expect(await seen(send, form)).toMatchObject({ body: { a: '1', b: ' ' } });
    expect(await seen(send, post('hello', { headers: { 'Content-Type': 'text/plain' } }))).toMatchObject({
      body: 'hello',
    });
    expect(await seen(send, post('?'))).toEqual({ key: pair.key, rawBody: base64('?') });
    expect(await seen(send, plain({ method: 'POST', headers: json }), true)).toMatchObject({ body: {} });
    expect(await send(post('{', { headers: json }))).toMatchObject({ status: 400 });
  });

  test('behind it inflate what was signed deflated', async () => {
    const headers = { ...json, 'Content-Encoding': 'gzip' };
    const request = post(gzipSync('{"name":"Grüße"}'), { headers });
    expect(await seen(await serve(verify, express.json(), tell), request)).toMatchObject({ body: parsed });
    const before = await serve(express.json({ verify: keepRawBody }), verify, tell);
    expect(await before(request)).toMatchObject({ status: 401, text: failed });
  });

  test('behind it refuse what is longer than they take', async () => {
    const send = await serve(verify, express.json({ limit: 10 }), tell);
    expect(await send(order)).toMatchObject({ status: 413 });
    expect(await send(plain())).toMatchObject({ status: 200 });
  });

  test('before it keep the body', async () => {
    const send = await serve(express.json({ verify: keepRawBody }), verify, tell);
    expect(await seen(send, order)).toEqual({ key: pair.key, rawBody: base64(order.body), body: parsed });
    expect(await seen(send, form)).toMatchObject({ rawBody: base64(form.body) });
    expect(await send({ ...order, body: Buffer.from('{"name": "Grüße"}') })).toMatchObject({
      status: 401,
      text: failed,
    });
  });

  test('before it may be express.raw()', async () => {
    const send = await serve(express.raw({ type: '*/*' }), verify, tell);
    expect(await seen(send, order)).toMatchObject({ key: pair.key });
    expect(await send({ ...order, body: Buffer.from('{}') })).toMatchObject({ status: 401, text: failed });
  });

  test('before it that keep nothing are an error of the backend, and no refusal', async () => {
    const send = await serve(express.json(), verify, tell);
    const { status, text } = await send(order);
    expect([status, text]).toEqual([500, expect.stringContaining('verifyGateway comes too late')]);
    expect(await seen(send, plain())).toMatchObject({ key: pair.key });
    expect(await seen(send, form)).toMatchObject({ rawBody: base64(form.body) });
  });
});
