/** The HTTP server alone, with limits of the test's own, and answers that it holds in its hand. */
import { expect, onTestFinished } from 'vitest';
import { contract } from '../../src/contract/document.ts';
import type { MountedReply, MountedRequest } from '../../src/contract/mounted.ts';
import type { Observation } from '../../src/contract/observation.ts';
import type { TrafficCounts } from '../../src/contract/traffic.ts';
import { ociDialect } from '../../src/oci/errors.ts';
import { makeServer, type HttpServer, type ServerOptions } from '../../src/http/server.ts';

/** A request that has come so far that something works on it. */
export interface Held {
  readonly call: MountedRequest;
  readonly answer: (reply: Partial<MountedReply>) => void;
}

export interface TestServer {
  readonly url: string;
  readonly server: HttpServer;
  readonly observations: readonly Observation[];
  /** The next request below /held, once it is worked on. */
  readonly held: () => Promise<Held>;
  /** Waits until what is under way is like this. */
  readonly isUnderWay: (counts: Partial<TrafficCounts>) => Promise<void>;
}

/** What is under way where nothing is; without what was. */
export const nothing = {
  places: { working: 0, waiting: 0, forwarding: 0, reserved: 0 },
  ...{ arriving: 0, bodyBytes: 0, unreadBytes: 0, connections: 0 },
} as const;

export const places = (some: Partial<TrafficCounts['places']>) => ({ places: { ...nothing.places, ...some } });

let made = 0;

/** Stopped when the test is finished, by when nothing may be under way any more. */
export async function startServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const observations: Observation[] = [];
  const logged: unknown[][] = [];
  const waiting: ((held: Held) => void)[] = [];
  const ready: Held[] = [];
  const server = makeServer({
    binding: { document: { ...contract, paths: {} }, services: {}, externalUrl: '', validateResponses: false },
    console: { folder: new URL('../../console/', import.meta.url), guard: () => undefined },
    newRequestId: () => (++made).toString(16).padStart(32, '0'),
    ...{ trustedProxies: [], log: (...fault) => logged.push(fault), now: Date.now, bodyLimitOf: () => undefined },
    observe: (observation) => observations.push(observation),
    mounts: [
      {
        takes: (path) => path.startsWith('/oci'),
        dialect: ociDialect,
        traceOf: () => ({ 'opc-request-id': 'of the mount' }),
        answer: async () => ({ status: 200, body: {} }),
      },
      {
        takes: (path) => path.startsWith('/held'),
        dialect: { ...ociDialect, catalogue: {} },
        traceOf: () => ({}),
        answer: (call) =>
          new Promise((resolve) => {
            const held: Held = { call, answer: (reply) => resolve({ status: 200, body: {}, ...reply }) };
            const next = waiting.shift();
            if (next === undefined) ready.push(held);
            else next(held);
          }),
      },
      {
        takes: (path) => path.startsWith('/echo') || path === '/health',
        dialect: { ...ociDialect, catalogue: {} },
        traceOf: () => ({}),
        answer: async ({ body }) => ({ status: 200, body: { length: body.length } }),
      },
    ],
    reserved: new Set(['/health']),
    ...options,
  });
  const url = await server.listen(0, '127.0.0.1');
  const isUnderWay = async (counts: Partial<TrafficCounts>): Promise<void> => {
    await expect.poll(() => server.traffic(), { timeout: 10_000, interval: 5 }).toMatchObject(counts);
  };
  onTestFinished(async () => {
    await server.drain();
    await isUnderWay(nothing);
    expect(logged, 'faults of Signet itself').toEqual([]);
  });
  return {
    ...{ url, server, observations, isUnderWay },
    held: async () => ready.shift() ?? new Promise((resolve) => waiting.push(resolve)),
  };
}
