import type { Settings } from './config.ts';
import { randomHex } from './crypto/random-hex.ts';
import { parseMasterKey } from './crypto/sealing.ts';
import { createSigner, type Signer } from './crypto/signer.ts';
import { createSigningThreads } from './crypto/signing-threads.ts';
import { emulatorDialect } from './emulator/errors.ts';
import { emulatorHandlers } from './emulator/handlers.ts';
import { createProject, type IsolatedProject, type ProjectsContext } from './emulator/isolated-projects.ts';
import { applySeed, hasPublicIdentity, loadSeed, signingExample, type SeedContext } from './emulator/seed.ts';
import { signCommand } from './emulator/sign-command.ts';
import { makeDoor } from './emulator/visitors.ts';
import type { Binding } from './http/contract.ts';
import { contract } from './http/document.ts';
import { makeServer, type HttpServer } from './http/server.ts';
import { AccessKeys } from './iam/access-keys.ts';
import { makeAuthenticator } from './iam/authenticator.ts';
import { credentialHandlers } from './iam/credential-handlers.ts';
import { credentialsDialect, iamDialect } from './iam/errors.ts';
import { iamHandlers, iamVersion } from './iam/handlers.ts';
import { hashToken, Tokens } from './iam/tokens.ts';
import type { CatalogService } from './iam/wire.ts';
import { admitToProject } from './kms/admission.ts';
import { kmsDialect } from './kms/errors.ts';
import { kmsVersion } from './kms/handlers/versions.ts';
import { kmsHandlers } from './kms/service.ts';
import { openStore } from './store/sql.ts';

export type { IsolatedProject } from './emulator/isolated-projects.ts';

export interface AppOptions {
  readonly settings: Settings;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A UUID, new every time. */
  readonly newId: () => string;
  readonly log: (message: string, cause?: unknown) => void;
}

export interface App {
  readonly server: HttpServer;
  /** A curl command that signs; undefined when no token or no key for it is known. */
  readonly signCommand: (url: string) => string | undefined;
  /** Whether credentials that everybody knows open this state. */
  readonly isPublic: boolean;
  readonly createProject: (name?: string) => Promise<IsolatedProject>;
  /** True when there was one to remove. */
  readonly removeProject: (id: string) => Promise<boolean>;
  /** Closes everything but the server. */
  readonly close: () => Promise<void>;
}

/** What a token's catalogue lists. Some clients take `kms` and append the project, some take `kmsv1` as it is. */
const catalog: readonly CatalogService[] = [
  { type: 'identity', name: 'keystone', path: '/v3' },
  { type: 'kms', name: 'key-management', path: '/v1.0' },
  { type: 'kmsv1', name: 'kmsv1', path: '/v1.0/{project_id}' },
];

/**
 * The composition root: opens the state, plants the seed, and says who answers what and with whose help.
 * @throws StoreUnusable or SeedError
 */
export async function makeApp(options: AppOptions): Promise<App> {
  const { settings, now, newId, log } = options;
  const { databaseUrl, masterKey, signingThreads, trustedProxies } = settings;
  const store = await openStore({ url: databaseUrl, ...(masterKey && { masterKey: parseMasterKey(masterKey) }) });
  const threads = createSigningThreads(signingThreads || undefined);
  const close = async (): Promise<void> => {
    await threads.close();
    await store.close();
  };
  try {
    const context = { store, now, hashToken };
    const seedTokens = await plantSeed(settings.seed, newId, context);
    const region = (await store.region()) ?? '';
    const example = await signingExample(context, seedTokens);
    const projects = { ...context, newId, region };
    const binding = bind(options, projects, createSigner(threads), (seedTokens ?? []).map(hashToken));
    const newRequestId = (): string => randomHex(newId, 32);
    return {
      server: makeServer({ binding, newRequestId, trustedProxies, log }),
      signCommand: (url) => example && signCommand(url, example),
      isPublic: await hasPublicIdentity(context),
      createProject: (name) => createProject(projects, name),
      removeProject: (id) => store.identity.removeProject(id),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The tokens of the seed, which only an empty store takes. */
async function plantSeed(
  setting: string,
  newId: () => string,
  context: SeedContext,
): Promise<readonly string[] | undefined> {
  if (!(await context.store.isEmpty())) return undefined;
  const seed = await loadSeed(setting, newId);
  await applySeed(seed, context);
  return seed.tokens.map(({ token }) => token);
}

function bind(
  { settings, now, newId }: AppOptions,
  projects: ProjectsContext,
  signer: Signer,
  lasting: readonly string[],
): Binding {
  const { store, region } = projects;
  const tokens = new Tokens({ store, now, newId, lifetime: settings.tokenLifetime, lasting });
  const accessKeys = new AccessKeys({ store, now, newId, lock: settings.accessKeyLock });
  const authenticate = makeAuthenticator(tokens, accessKeys);
  const traceHeader = 'X-IAM-Trace-Id';
  return {
    document: contract,
    services: {
      kms: {
        handlers: kmsHandlers({
          ...{ store, signer, now, newId, region },
          options: {
            keyQuota: settings.keyQuota,
            lineEnd: settings.publicKeyLineEnds === 'crlf' ? '\r\n' : '\n',
            sm2Raw: settings.sm2Raw === 'default-id',
            strictContext: settings.datakeyContext === 'strict',
          },
          versions: [kmsVersion, iamVersion],
        }),
        dialect: kmsDialect(settings.authErrors),
        authenticate,
        admit: admitToProject,
      },
      iam: {
        handlers: iamHandlers({ store, tokens, accessKeys, now, region, catalog }),
        dialect: iamDialect,
        authenticate,
        traceHeader,
      },
      credentials: {
        handlers: credentialHandlers({ store, tokens, accessKeys }),
        dialect: credentialsDialect,
        authenticate,
        traceHeader,
      },
      emulator: { handlers: emulatorHandlers(projects), dialect: emulatorDialect, guard: makeDoor(settings) },
    },
    externalUrl: settings.externalUrl,
    validateResponses: settings.validateResponses,
  };
}
