import type { Server } from 'node:http';
import type { Router } from 'express';
import type { Settings } from './config.ts';
import { createSigner } from './crypto/signer.ts';
import type { SigningThreads } from './crypto/signing-threads.ts';
import { RequestFault } from './errors.ts';
import { bindContract, type Authenticators } from './http/contract.ts';
import { loadContract } from './http/document.ts';
import { makeServer } from './http/server.ts';
import { iamDialect } from './iam/errors.ts';
import { iamHandlers, iamVersion } from './iam/handlers.ts';
import { Tokens } from './iam/tokens.ts';
import type { CatalogService } from './iam/wire.ts';
import { kmsDialect } from './kms/errors.ts';
import { admitToProject, kmsHandlers, kmsVersion } from './kms/handlers.ts';
import { KeyRing } from './kms/key-ring.ts';
import { Signatures } from './kms/signatures.ts';
import type { Store } from './store/store.ts';

export interface AppOptions {
  readonly settings: Settings;
  readonly store: Store;
  readonly threads: SigningThreads;
  /** The region that keys and the catalogue name. */
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A UUID, new every time. */
  readonly newId: () => string;
  readonly log: (message: string, cause: unknown) => void;
}

/**
 * What a token's catalogue lists. Clients differ: some take `kms` and append the project, some take `kmsv1` as it is.
 */
const catalog: readonly CatalogService[] = [
  { type: 'identity', name: 'keystone', path: '/v3' },
  { type: 'kms', name: 'key-management', path: '/v1.0' },
  { type: 'kmsv1', name: 'kmsv1', path: '/v1.0/{project_id}' },
];

/** The composition root: who answers what, and with whose help. */
export function makeApp(options: AppOptions): Server {
  const { settings, newId, log } = options;
  const newRequestId = (): string => newId().replaceAll('-', '');
  return makeServer({ router: makeRouter(options), newRequestId, trustedProxies: settings.trustedProxies, log });
}

function makeRouter({ settings, store, threads, region, now, newId }: AppOptions): Router {
  const tokens = new Tokens({ store, now, newId, lifetime: settings.tokenLifetime });
  const authenticators: Authenticators = {
    token: (req) => {
      const secret = req.get('X-Auth-Token');
      if (!secret) throw new RequestFault('tokenMissing');
      return tokens.check(secret);
    },
  };
  const services = {
    kms: {
      handlers: kmsHandlers({
        keyRing: new KeyRing({ store, now, newId, quota: settings.keyQuota }),
        signatures: new Signatures({ store, signer: createSigner(threads), sm2Raw: settings.sm2Raw === 'default-id' }),
        region,
        lineEnd: settings.publicKeyLineEnds === 'crlf' ? '\r\n' : '\n',
        versions: [kmsVersion, iamVersion],
      }),
      dialect: kmsDialect(settings.authErrors),
      admit: admitToProject,
    },
    iam: { handlers: iamHandlers({ store, tokens, region, catalog }), dialect: iamDialect },
  };
  return bindContract({
    document: loadContract(),
    services,
    authenticators,
    baseUrl: (req) => settings.externalUrl || `${req.protocol}://${req.host}`,
    validateResponses: settings.validateResponses,
  });
}
