/** A service behind the middleware, over real HTTP, and what it answers. */
import { buffer } from 'node:stream/consumers';
import type { Request, RequestHandler } from 'express';
import { expect } from 'vitest';
import type { OciRequest } from '../../src/crypto/oci/signed-request.ts';
import {
  verifyOci,
  type OciCaller,
  type VerifiedRequest,
  type VerifyOciOptions,
} from '../../src/verify-oci/verify-oci.ts';
import { signedAt, testKey } from '../crypto/oci/vectors.ts';
import { listen, application, type Answer } from '../verify-gateway/backend.ts';

export const keys: Readonly<Record<string, string>> = { [testKey.keyId]: testKey.publicKeyPem };

export const verifyWith = (options: Partial<VerifyOciOptions>): RequestHandler =>
  verifyOci({ keys, now: () => signedAt, ...options });
export const verify = verifyWith({});

/** What a service of these tests answers: who signed, and what is left of the body. */
interface Seen {
  readonly caller: OciCaller;
  /** Base64. */
  readonly rawBody?: string;
  readonly body?: unknown;
  /** Base64: what was read of the request's stream behind the middleware. */
  readonly read?: string;
}

/** Tells what it sees, without reading the body. */
export const tell: RequestHandler = (req, res) => {
  const { ociCaller, rawBody } = req as Request & Partial<VerifiedRequest>;
  res.json({ caller: ociCaller, rawBody: rawBody?.toString('base64'), body: req.body as unknown });
};

/** Tells what it reads from the stream. */
export const read: RequestHandler = async (req, res) => {
  const { ociCaller } = req as Request & Partial<VerifiedRequest>;
  res.json({ caller: ociCaller, read: (await buffer(req)).toString('base64') });
};

export type Send = (request: OciRequest) => Promise<Answer>;

/** An Express application with these parts, for the time of one test. */
export const serve = (...parts: readonly RequestHandler[]): Promise<Send> => sending(application(...parts));

/** Sends requests whose headers have each name once. */
export async function sending(listener: Parameters<typeof listen>[0]): Promise<Send> {
  const send = await listen(listener);
  return ({ headers, ...request }) => send({ ...request, headers: Object.fromEntries(headers) });
}

/** What a service saw of a request that it took. */
export async function seen(send: Send, request: OciRequest): Promise<Seen> {
  const { status, text } = await send(request);
  expect(status, text).toBe(200);
  return JSON.parse(text) as Seen;
}

/** Of a refusal: its status, and code and message, of which it consists. */
export async function refusalBy(send: Send, request: OciRequest): Promise<readonly unknown[]> {
  const { status, text, headers } = await send(request);
  expect(headers['content-type']).toBe('application/json');
  const { code, message, ...more } = JSON.parse(text) as Record<string, unknown>;
  expect(more).toEqual({});
  return [status, code, message];
}
