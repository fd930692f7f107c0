/** Signet's own operations, and how they reach into the services: faults, the gate of resets, what is told of each request. */
import type { Settings } from './config.ts';
import { contract } from './contract/document.ts';
import type { ForwardedRequest } from './contract/forwarded.ts';
import type { Observe } from './contract/observation.ts';
import type { TrafficCounts } from './contract/traffic.ts';
import type { Visit } from './contract/visit.ts';
import { emulatorDialect } from './emulator/errors.ts';
import { ForwardedRequests } from './emulator/gateway/forwarded-requests.ts';
import type { ProjectsContext } from './emulator/isolated-projects.ts';
import { Journal } from './emulator/journal/journal.ts';
import { ForwardedOciRequests, type ForwardedOci } from './emulator/oci/forwarded-oci-requests.ts';
import { emulatorHandlers } from './emulator/service.ts';
import type { Peers } from './emulator/peers/peers.ts';
import { together } from './emulator/peers/together.ts';
import type { Beginning } from './emulator/states/beginning.ts';
import { Gate, gated } from './emulator/states/gate.ts';
import { States } from './emulator/states/states.ts';
import type { Surroundings } from './emulator/states/surroundings.ts';
import { Metrics } from './emulator/status/metrics.ts';
import { Status } from './emulator/status/status.ts';
import type { makeDoor } from './emulator/visitors.ts';
import type { Service } from './http/contract.ts';
import { makeTrial } from './http/trial.ts';
import type { ObjectionTo } from './sandbox.ts';
import type { Vendors } from './vendors.ts';

export interface WorkbenchOptions {
  readonly settings: Settings;
  readonly vendors: Vendors;
  readonly projects: ProjectsContext;
  readonly surroundings: Surroundings;
  /** What the state goes back to. */
  readonly beginning: () => Promise<Beginning>;
  readonly objectionTo: ObjectionTo;
  /** Signatures that wait for a thread. */
  readonly queue: () => number;
  /** What is under way in the server. */
  readonly traffic: () => TrafficCounts;
  readonly guard: ReturnType<typeof makeDoor>;
  readonly isDraining: () => boolean;
  /** The other processes of this Signet. */
  readonly peers: Peers;
  /** PEM; undefined without TLS. */
  readonly caCertificate: string | undefined;
}

export interface Workbench {
  /** The services of the vendors, each within reach of faults and resets, and our own. */
  readonly services: Readonly<Record<string, Service>>;
  readonly observe: Observe;
  /** Told of what the gateway sends to backends. */
  readonly onForwarded: (record: ForwardedRequest) => void;
  /** The same of the OCI-style gateway. */
  readonly onForwardedOci: (record: ForwardedOci) => void;
  /** Bytes of a body on this path; more than usual only for those who may send it there. */
  readonly bodyLimitOf: (path: string, visit: () => Visit) => number | undefined;
}

export function makeWorkbench(options: WorkbenchOptions): Workbench {
  const { settings, vendors, projects, surroundings, beginning, objectionTo, guard } = options;
  const { clock, faults } = surroundings;
  const { store, now, hashToken, region } = projects;
  const { services, kms, checkToken, authenticateAt } = vendors;
  const gate = new Gate();
  const { journalSize: size } = settings;
  const { numbering } = options.peers;
  const journal = new Journal({ document: contract, size, numbering });
  const forwarded = new ForwardedRequests(size, numbering);
  const forwardedOci = new ForwardedOciRequests(size, numbering);
  const { signedHeaders, signatureHeader } = settings;
  const metrics = new Metrics({ queue: options.queue, traffic: options.traffic });
  const memory = together({ journal, forwarded, forwardedOci, metrics }, options.peers);
  const { isDraining, caCertificate } = options;
  const oci = {
    keys: vendors.ociKeys,
    contentType: settings.ociContentType,
    ...vendors.ociSurroundings,
    refusal: services.oci.dialect.faults.tokenInvalid,
  };
  const handlers = emulatorHandlers({
    ...{ projects, clock, due: kms.due, faults, checkToken },
    ...{ journal: memory.journal, metrics: memory.metrics },
    ...{ forwarded: memory.forwarded, gatewaySigning: { signedHeaders, signatureHeader } },
    ociGateway: { prefix: settings.ociGateway, rules: vendors.ociDeployments, forwarded: memory.forwardedOci },
    oci,
    explainer: async () => {
      const { Explainer } = await import('./emulator/explanations/explainer.ts');
      const { withOci } = await import('./emulator/oci/explainer.ts');
      const tryContract = makeTrial({ document: contract, services: all });
      const trial = { document: contract, now, services, tryContract };
      const { ociPlaceOf: placeOf, ociRoute: routedAs, ociAuthenticatorAt: ociAt } = vendors;
      return withOci(
        new Explainer({ ...trial, store, hashToken, region, authenticateAt, explainSigning: kms.explain }),
        {
          ...{ ...trial, oci, placeOf, routedAs, forwarded: memory.forwardedOci },
          authenticateAt: (at) => ociAt(at).authenticate,
          noSuchPath: services.oci.dialect.catalogue['noSuchOperation'] ?? services.oci.dialect.faults.internal,
        },
      );
    },
    states: new States({ store, surroundings, gate, beginning, objectionTo }),
    status: new Status({ store, document: contract, isDraining, caCertificate }),
  });
  const reached = Object.entries<Service>(services).map(
    ([name, service]) => [name, { ...service, spoil: faults.spoil, handlers: gated(gate, service.handlers) }] as const,
  );
  const own = { handlers, dialect: emulatorDialect, guard, isIndented: true };
  const all: Readonly<Record<string, Service>> = { ...Object.fromEntries(reached), emulator: own };
  return {
    services: all,
    onForwarded: forwarded.record,
    onForwardedOci: forwardedOci.record,
    bodyLimitOf: (path, visit) => {
      const limit = contract.paths[path]?.post?.['x-body-limit'];
      return limit !== undefined && isAdmitted(guard, visit()) ? limit : undefined;
    },
    observe: (observation) => {
      metrics.observe(observation);
      if (observation.operation?.startsWith('emulator.') !== true) journal.observe(observation);
    },
  };
}

function isAdmitted(guard: WorkbenchOptions['guard'], visit: Visit): boolean {
  try {
    guard(visit, 'admin');
    return true;
  } catch {
    return false;
  }
}
