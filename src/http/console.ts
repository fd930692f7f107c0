import { fileURLToPath } from 'node:url';
import express, { Router, type RequestHandler } from 'express';
import type { Visit } from '../contract/visit.ts';
import { exchangeOf, onEnd } from './exchange.ts';
import { visitOf } from './visit.ts';

export interface ConsoleOptions {
  /** The folder of the pages. */
  readonly folder: URL;
  /** Looks at who asks; throws ServiceError. */
  readonly guard: (visit: Visit) => void;
}

/** The pages at /console: files that hold nothing secret, and headers that keep everything of others out of them. */
export function serveConsole({ folder, guard }: ConsoleOptions): RequestHandler {
  let files: Promise<RequestHandler> | undefined;
  const admit: RequestHandler = (req, _res, next) => {
    guard(visitOf(req));
    next();
  };
  const serve: RequestHandler = async (req, res, next) => {
    const answer = await (files ??= openFiles(folder));
    // Nobody is told of these files; what the request took up is given back all the same.
    onEnd(res, () => exchangeOf(req).stay?.end());
    answer(req, res, next);
  };
  return Router({ caseSensitive: true }).use('/console', admit, serve);
}

async function openFiles(folder: URL): Promise<RequestHandler> {
  // Not at the start of every Signet: few of them are looked at.
  const { default: helmet } = await import('helmet');
  return Router().use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'"],
          imgSrc: ["'self'", 'data:'],
          connectSrc: ["'self'"],
          formAction: ["'none'"],
          frameAncestors: ["'none'"],
          baseUri: ["'none'"],
          requireTrustedTypesFor: ["'script'"],
          trustedTypes: ["'none'"],
        },
      },
      // Signet may speak plain HTTP under the same name tomorrow, and browsers complain of these two where it does today.
      strictTransportSecurity: false,
      originAgentCluster: false,
      crossOriginOpenerPolicy: false,
      xFrameOptions: { action: 'deny' },
    }),
    // Each answer has an ETag; `no-cache` has the browser ask whether it still holds.
    express.static(fileURLToPath(folder), {
      acceptRanges: false,
      cacheControl: false,
      setHeaders: (res) => res.setHeader('Cache-Control', 'no-cache'),
    }),
  );
}
