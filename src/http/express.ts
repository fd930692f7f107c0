import express, { type Express, type RequestHandler } from 'express';
import { ServiceError, gatewayRefusals } from '../errors.ts';

/** Express, set for an API: nothing but what the contract says. */
export function makeExpress(trustedProxies: readonly string[] = []): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing');
  return app.set('query parser', 'simple').set('trust proxy', trustedProxies);
}

export const refuseUnknown: RequestHandler = () => {
  throw new ServiceError(gatewayRefusals.noSuchApi);
};
