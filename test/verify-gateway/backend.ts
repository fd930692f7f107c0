/** A backend over real HTTP, and requests as they are on the wire. */
import {
  createServer,
  request as ask,
  type Agent,
  type IncomingMessage,
  type RequestListener,
  type RequestOptions,
} from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import express, { type Express, type Request, type RequestHandler } from 'express';
import { expect, onTestFinished } from 'vitest';
import { verifyGateway, type VerifiedRequest } from '../../src/verify-gateway/verify-gateway.ts';
import { pair, plain, signedAt, type Signed, type ToSign } from './gateway-signer.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly headers: IncomingMessage['headers'];
}

/** Sends a request to the backend of this test; in pieces of unknown number where it says so. */
export type Send = (request: Signed, chunked?: boolean) => Promise<Answer>;

/** What a backend of these tests answers: who signed, and what is left of the body. */
export interface Seen {
  readonly key: string;
  /** Base64. */
  readonly rawBody?: string;
  readonly body?: unknown;
  /** Base64: what was read of the request's stream behind the middleware. */
  readonly read?: string;
}

export const keys: Readonly<Record<string, string>> = { [pair.key]: pair.secret, user1: 'Passw0rd!', emptyempty: '' };
export const verify: RequestHandler = verifyGateway({ keys, now: () => signedAt });

/** Tells what it sees, without reading the body. */
export const tell: RequestHandler = (req, res) => {
  const { gatewayKey, rawBody } = req as Request & Partial<VerifiedRequest>;
  res.json({ key: gatewayKey, rawBody: rawBody?.toString('base64'), body: req.body as unknown });
};

/** Tells what it reads from the stream. */
export const read: RequestHandler = async (req, res) => {
  const { gatewayKey } = req as Request & Partial<VerifiedRequest>;
  res.json({ key: gatewayKey, read: (await buffer(req)).toString('base64') });
};

export const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64');

export const post = (body: Uint8Array | string, more: Partial<ToSign> = {}): Signed =>
  plain({ method: 'POST', body: Buffer.from(body), ...more });
/** What a backend saw of a request that it took. */
export async function seen(send: Send, request: Signed, chunked?: boolean): Promise<Seen> {
  const { status, text } = await send(request, chunked);
  expect(text.startsWith('{') ? status : `${status} ${text}`).toBe(200);
  return JSON.parse(text) as Seen;
}

/** An Express application with these parts, for the time of one test. */
export const serve = (...parts: readonly RequestHandler[]): Promise<Send> => listen(application(...parts));

export function application(...parts: readonly RequestHandler[]): Express {
  const app = express();
  for (const part of parts) app.use(part);
  return app;
}

export async function listen(listener: RequestListener, agent?: Agent): Promise<Send> {
  const port = await portOf(listener);
  return (request, chunked = false) => sendTo({ host: '127.0.0.1', port, agent }, request, chunked);
}

/** Of a server with this listener, for the time of one test. */
export async function portOf(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function sendTo(where: RequestOptions, request: Signed, chunked: boolean): Promise<Answer> {
  const { method, target: path, headers, body } = request;
  const outgoing = ask({ ...where, method, path, headers });
  if (chunked) {
    outgoing.setHeader('Transfer-Encoding', 'chunked');
    for (const byte of body.subarray(0, 3)) outgoing.write(Uint8Array.of(byte));
    outgoing.end(body.subarray(3));
  } else {
    if (body.length > 0) outgoing.setHeader('Content-Length', body.length);
    outgoing.end(body);
  }
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve).once('error', reject);
  });
  const bytes = await buffer(incoming);
  return { status: incoming.statusCode!, text: bytes.toString(), bytes, headers: incoming.headers };
}

/** What comes back, as UTF-8, for the lines of a head without a body, a byte in each character. */
export async function exchange(listener: RequestListener, head: readonly string[]): Promise<string> {
  const socket = connect(await portOf(listener), '127.0.0.1');
  socket.write(Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'));
  return (await buffer(socket)).toString();
}
