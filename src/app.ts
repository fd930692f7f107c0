import { isOneOf } from './apigw/plane/own-listeners.ts';
import { makeGatewayPlane } from './apigw/plane/plane.ts';
import { SettingsError, type Settings } from './config.ts';
import { backendNetworks, networkList, shareOfCores } from './config-values.ts';
import { contract } from './contract/document.ts';
import { randomHex } from './crypto/random-hex.ts';
import { parseMasterKey } from './crypto/sealing.ts';
import { createSigningThreads } from './crypto/signing-threads.ts';
import { realTime } from './emulator/clock/clock.ts';
import { MOST_RULES } from './emulator/faults/faults.ts';
import { createProject, type IsolatedProject } from './emulator/isolated-projects.ts';
import { packaged } from './emulator/packaged.ts';
import type { Peers } from './emulator/peers/peers.ts';
import { loadFaults } from './emulator/seeds/seed-faults.ts';
import { hasPublicIdentity, plant, signingExample } from './emulator/seeds/seed.ts';
import { signCommand } from './emulator/seeds/sign-command.ts';
import { Beginnings } from './emulator/states/beginning.ts';
import { Surroundings } from './emulator/states/surroundings.ts';
import { makeCertificates } from './emulator/tls/certificates.ts';
import { makeDoor, makeOwnNames } from './emulator/visitors.ts';
import { makeServer, type HttpServer } from './http/server.ts';
import { hashToken } from './iam/tokens.ts';
import { ociRoute } from './oci/paths.ts';
import { assertSandbox, makeObjections, type ObjectionTo } from './sandbox.ts';
import { seedChecks } from './seed-checks.ts';
import { spoilable } from './spoilable.ts';
import { openStore } from './store/sql.ts';
import type { Contents, Store } from './store/store.ts';
import { vendorServices } from './vendors.ts';
import { makeWorkbench } from './workbench.ts';

export type { IsolatedProject } from './emulator/isolated-projects.ts';

export interface AppOptions {
  readonly settings: Settings;
  /** The real time, in milliseconds since 1970: /_signet/clock moves away from it. */
  readonly now: () => number;
  /** A UUID, new every time. */
  readonly newId: () => string;
  readonly log: (message: string, cause?: unknown) => void;
  /** The other processes of this Signet. */
  readonly peers: Peers;
}

export interface App {
  readonly server: Omit<HttpServer, 'drain'> & {
    /** As the server has it; health goes on being good where this process is relieved by another. */
    readonly drain: (linger?: number, isRelieved?: boolean) => Promise<void>;
  };
  /** A curl command that signs; undefined when no token or no key for it is known. */
  readonly signCommand: (url: string) => string | undefined;
  /** PEM: the authority of the certificate for HTTPS; undefined without TLS. */
  readonly caCertificate: string | undefined;
  /** Whether credentials that everybody knows open this state. */
  readonly isPublic: boolean;
  readonly createProject: (name?: string) => Promise<IsolatedProject>;
  /** True when there was one to remove. */
  readonly removeProject: (id: string) => Promise<boolean>;
  /** Closes everything but the server. */
  readonly close: () => Promise<void>;
}

/**
 * The composition root: opens the state, plants the seed, and says who answers what and with whose help.
 * @throws StoreUnusable, SeedError, or SettingsError for a sandbox that would be none
 */
export async function makeApp(options: AppOptions): Promise<App> {
  const { settings, newId, log } = options;
  const { databaseUrl, masterKey, signingThreads, trustedProxies, externalUrl, validateResponses } = settings;
  assertSandbox(settings);
  const objectionTo = makeObjections(settings, { newId, hashToken });
  const store = await openStore({ url: databaseUrl, log, ...(masterKey && { masterKey: parseMasterKey(masterKey) }) });
  const threads = createSigningThreads(signingThreads || shareOfCores(settings.workers));
  const close = async (): Promise<void> => {
    await threads.close();
    await store.close();
  };
  try {
    const region = (await store.region()) ?? '';
    const surroundings = new Surroundings({ ...spoilable(settings), store, real: options.now, region, newId });
    const { tokens, beginning } = await begin(options, store, surroundings, objectionTo);
    const { now } = surroundings.clock;
    const seeding = { store, now, hashToken };
    const example = await signingExample(seeding, tokens);
    const projects = { ...seeding, newId, region: surroundings.region };

    const certificates =
      settings.tls === 'auto' ? await makeCertificates({ store, hosts: settings.tlsHosts, at: Date.now() }) : undefined;
    const caCertificate = certificates?.caCertificate;
    const vendors = vendorServices({ ...projects, settings, threads, lasting: surroundings.lasting });
    let isDraining = false;
    const guard = makeDoor(settings);
    const { services, observe, bodyLimitOf, onForwarded, onForwardedOci } = makeWorkbench({
      ...{ settings, vendors, projects, surroundings, beginning, guard, caCertificate },
      objectionTo,
      peers: options.peers,
      queue: threads.waiting,
      traffic: () => server.traffic(),
      isDraining: () => isDraining,
    });
    const { gatewayDomain: domain, signedHeaders, signatureHeader } = settings;
    const gateway = makeGatewayPlane({
      routes: async (groupId) => {
        await store.catchUp();
        return store.gateways.routes(groupId);
      },
      ...{ now, domain, signedHeaders, signatureHeader, onForwarded, takesDefects: !settings.sandbox },
      isOwnName: makeOwnNames(settings),
      isBackendAllowed: networkList(backendNetworks(settings.gatewayBackends, settings.host)),
      isOwn: (address, port) => isOneOf(server.listeners, address, port),
    });
    const server: HttpServer = makeServer({
      binding: { document: contract, services, externalUrl, validateResponses },
      console: { folder: packaged('console/'), guard: (visit) => guard(visit, 'page') },
      newRequestId: () => randomHex(newId, 32),
      ...{ trustedProxies, log, now, catchUp: store.catchUp, tls: certificates?.server, observe, bodyLimitOf, gateway },
      ...{ mounts: vendors.mounts(onForwardedOci), routedAs: ociRoute, reserved, limits: limitsOf(settings) },
    });
    return {
      server: {
        ...server,
        drain: (linger, isRelieved = false) => {
          // Where another process goes on, Signet does not stop.
          isDraining = !isRelieved;
          return server.drain(linger);
        },
      },
      // Where a sandbox is started, others may read along.
      signCommand: (url) => (example && !settings.sandbox ? signCommand(url, example) : undefined),
      caCertificate,
      isPublic: await hasPublicIdentity(seeding),
      createProject: async (name) => {
        await store.catchUp();
        return createProject(projects, name);
      },
      removeProject: (id) => store.identity.removeProject(id),
      close: async () => {
        gateway.close();
        await vendors.kms.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Who asks how Signet is gets an answer also when too much is under way. */
const reserved: ReadonlySet<string> = new Set(['/_signet/health', '/_signet/metrics']);

const limitsOf = ({ maxRequests, maxConnections, requestTimeout }: Settings) => ({
  ...{ requests: maxRequests, connections: maxConnections, requestMilliseconds: requestTimeout * 1000 },
});

/** The seed, which only an empty store takes (another process may be faster), and what a reset goes back to: a seed is read for that at last. */
async function begin(
  { settings, newId, now }: AppOptions,
  store: Store,
  surroundings: Surroundings,
  objectionTo: ObjectionTo,
) {
  const { faults } = surroundings;
  const checkFault = faults.check.bind(faults);
  const { read: beginning } = new Beginnings({
    ...{ store, seed: settings.seed, newId, now, hashToken, mostFaults: MOST_RULES },
    faults: await loadFaults(settings.faults, checkFault),
    checks: { ...seedChecks, fault: checkFault },
    settleFault: faults.settle.bind(faults),
  });
  let tokens: readonly string[] = [];
  if (await store.isEmpty()) {
    const { contents, ...rest } = await beginning();
    await assertUnobjectionable(contents, 'SIGNET_SEED', objectionTo);
    const { region } = contents;
    await surroundings.replace({ ...rest, region, clock: realTime }, (inner) => plant(inner, contents));
    ({ tokens } = rest);
  }
  await surroundings.take();
  store.onChange(() => surroundings.take());
  // Also what was planted before this was a sandbox, or by another process.
  if (settings.sandbox)
    await assertUnobjectionable(await store.contents.read(), 'the state in SIGNET_DATABASE_URL', objectionTo);
  return { tokens: tokens.length === 0 ? undefined : tokens, beginning };
}

/** @throws SettingsError */
async function assertUnobjectionable(contents: Contents, what: string, objectionTo: ObjectionTo): Promise<void> {
  const objection = await objectionTo(contents);
  if (objection !== undefined) throw new SettingsError(`SIGNET_SANDBOX: ${what} will not do: ${objection}`);
}
