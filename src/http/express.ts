import express, { type Express, type RequestHandler } from 'express';
import { ServiceError, gatewayRefusals } from '../errors.ts';
import type { Surroundings } from './exchange.ts';

/** Express, set for an API: nothing but what the contract says. */
export function makeExpress(surroundings: Surroundings, trustedProxies: readonly string[] = []): Express {
  const app = express();
  app.locals['surroundings'] = surroundings;
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing');
  return app.set('query parser', 'simple').set('trust proxy', trustedProxies);
}

export const refuseUnknown: RequestHandler = () => {
  throw new ServiceError(gatewayRefusals.noSuchApi);
};
