import { isOneOf } from './apigw/plane/own-listeners.ts';
import { makeGatewayPlane } from './apigw/plane/plane.ts';
import type { Settings } from './config.ts';
import { backendNetworks, networkList } from './config-values.ts';
import { contract } from './contract/document.ts';
import { randomHex } from './crypto/random-hex.ts';
import { parseMasterKey } from './crypto/sealing.ts';
import { createSigningThreads } from './crypto/signing-threads.ts';
import { Clock } from './emulator/clock/clock.ts';
import { Faults } from './emulator/faults/faults.ts';
import { createProject, type IsolatedProject } from './emulator/isolated-projects.ts';
import { packaged } from './emulator/packaged.ts';
import { loadFaults } from './emulator/seeds/seed-faults.ts';
import { hasPublicIdentity, plant, signingExample } from './emulator/seeds/seed.ts';
import { signCommand } from './emulator/seeds/sign-command.ts';
import { readBeginning, type Beginning } from './emulator/states/beginning.ts';
import { makeCertificates } from './emulator/tls/certificates.ts';
import { makeDoor, makeOwnNames } from './emulator/visitors.ts';
import { makeServer, type HttpServer } from './http/server.ts';
import { hashToken } from './iam/tokens.ts';
import { ociRoute } from './oci/paths.ts';
import { seedChecks } from './seed-checks.ts';
import { spoilable } from './spoilable.ts';
import { openStore } from './store/sql.ts';
import type { Store } from './store/store.ts';
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
}

export interface App {
  readonly server: HttpServer;
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
 * @throws StoreUnusable or SeedError
 */
export async function makeApp(options: AppOptions): Promise<App> {
  const { settings, newId, log } = options;
  const { databaseUrl, masterKey, signingThreads, trustedProxies, externalUrl, validateResponses } = settings;
  const clock = new Clock(options.now);
  const { now } = clock;
  const store = await openStore({ url: databaseUrl, ...(masterKey && { masterKey: parseMasterKey(masterKey) }) });
  const threads = createSigningThreads(signingThreads || undefined);
  const close = async (): Promise<void> => {
    await threads.close();
    await store.close();
  };
  try {
    const faults = new Faults({ ...spoilable(settings), newId });
    const { lasting, beginning } = await begin(options, store, faults);
    let region = (await store.region()) ?? '';
    const seeding = { store, now, hashToken };
    const example = await signingExample(seeding, lasting);
    const projects = { ...seeding, newId, region: () => region };

    const certificates =
      settings.tls === 'auto' ? await makeCertificates({ store, hosts: settings.tlsHosts, at: Date.now() }) : undefined;
    const caCertificate = certificates?.caCertificate;
    const vendors = vendorServices({ ...projects, settings, threads, lasting: lasting ?? [] });
    let isDraining = false;
    const guard = makeDoor(settings);
    const { services, observe, bodyLimitOf, onForwarded, onForwardedOci } = makeWorkbench({
      ...{ settings, vendors, projects, clock, faults, beginning, guard, caCertificate },
      onRegion: (name) => (region = name),
      queue: threads.waiting,
      isDraining: () => isDraining,
    });
    const { gatewayDomain: domain, signedHeaders, signatureHeader } = settings;
    const gateway = makeGatewayPlane({
      routes: (groupId) => store.gateways.routes(groupId),
      ...{ now, domain, signedHeaders, signatureHeader, onForwarded },
      isOwnName: makeOwnNames(settings),
      isBackendAllowed: networkList(backendNetworks(settings.gatewayBackends, settings.host)),
      isOwn: (address, port) => isOneOf(server.listeners, address, port),
    });
    const server: HttpServer = makeServer({
      binding: { document: contract, services, externalUrl, validateResponses },
      console: { folder: packaged('console/'), guard: (visit) => guard(visit, 'page') },
      newRequestId: () => randomHex(newId, 32),
      ...{ trustedProxies, log, now, tls: certificates?.server, observe, bodyLimitOf, gateway },
      ...{ mounts: vendors.mounts(onForwardedOci), routedAs: ociRoute },
    });
    return {
      server: {
        ...server,
        drain: () => {
          isDraining = true;
          return server.drain();
        },
      },
      signCommand: (url) => example && signCommand(url, example),
      caCertificate,
      isPublic: await hasPublicIdentity(seeding),
      createProject: (name) => createProject(projects, name),
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

/** The seed, which only an empty store takes (another process may be faster), and what a reset goes back to: a seed is read for that at last. */
async function begin({ settings, newId, now }: AppOptions, store: Store, faults: Faults) {
  const checkFault = faults.check.bind(faults);
  const settleFault = faults.settle.bind(faults);
  faults.keep(await loadFaults(settings.faults, checkFault));
  const { room: mostFaults } = faults;
  const checks = { ...seedChecks, fault: checkFault };
  const read = () => readBeginning({ seed: settings.seed, newId, now, hashToken, checks, mostFaults, settleFault });
  let seeded: Beginning | undefined;
  if (await store.isEmpty()) {
    seeded = await read();
    await plant(store, seeded.contents);
  }
  faults.begin(seeded?.faults ?? []);
  const beginning = async (): Promise<Beginning> => (seeded ??= await read());
  return { lasting: seeded?.tokens, beginning };
}
