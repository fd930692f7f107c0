import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Request } from 'express';
import type { Observation, Observe } from '../contract/observation.ts';
import { bindContract, type Binding, type Service } from './contract.ts';
import { writeRefusal } from './errors.ts';
import { openExchange } from './exchange.ts';
import { makeExpress, refuseUnknown } from './express.ts';

/** A request that nobody has sent. */
export interface TriedRequest {
  readonly method: string;
  /** Path and query as they would stand in the request line. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

/** The same service for requests that are only tried: nobody is asked who it is, and nothing is done. */
const harmless = ({ dialect, handlers }: Service): Service => ({
  dialect,
  handlers: Object.fromEntries(Object.keys(handlers).map((name) => [name, async () => ({ body: undefined })])),
});

/** Tries requests against the contract, on the way that real ones take; made of a whole binding at the first of them. */
export function makeTrial(
  binding: Pick<Binding, 'document' | 'services'>,
): (request: TriedRequest) => Promise<Observation> {
  const waiting = new Map<string, Observe>();
  let trials = 0;
  const app = makeExpress({
    observe: (observation) => waiting.get(observation.requestId)?.(observation),
    stopping: new AbortController().signal,
    isDraining: false,
  });
  const services = Object.fromEntries(Object.entries(binding.services).map(([name, one]) => [name, harmless(one)]));
  const { document } = binding;
  app.use(
    bindContract({ document, services, externalUrl: '', validateResponses: false }),
    refuseUnknown,
    writeRefusal(() => undefined),
  );
  return ({ method, target, headers, body }) =>
    new Promise((resolve) => {
      const url = target.startsWith('/') ? target : `/${target}`;
      const req = Object.assign(new IncomingMessage(new Socket()), { method, url, httpVersion: '1.1' });
      req.rawHeaders = headers.flat();
      for (const [name, value] of headers) req.headers[name.toLowerCase()] = value;
      const id = `trial ${trials++}`;
      openExchange(req as Request, id, 0).body = Buffer.from(body);
      waiting.set(id, (observation) => {
        waiting.delete(id);
        resolve(observation);
      });
      app(req as Request, new ServerResponse(req) as never);
    });
}
