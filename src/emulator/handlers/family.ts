import type { Caller } from '../../contract/caller.ts';
import type { OciDeploymentRules } from '../../contract/oci-forwarded.ts';
import type { components } from '../../contract/openapi.ts';
import type { Handlers } from '../../contract/operations.ts';
import type { Clock } from '../clock/clock.ts';
import type { DueWork } from '../clock/due.ts';
import type { Explainer } from '../explanations/explainer.ts';
import type { Faults } from '../faults/faults.ts';
import type { ProjectsContext } from '../isolated-projects.ts';
import type { OciContext } from '../oci/examination.ts';
import type { SharedMemory } from '../peers/together.ts';
import type { States } from '../states/states.ts';
import type { Status } from '../status/status.ts';

export type Schemas = components['schemas'];

export type EmulatorHandlers = Handlers<'emulator', Caller>;

/** Some of Signet's own operations, by name. */
export type Family<Name extends keyof EmulatorHandlers> = Pick<EmulatorHandlers, Name>;

/** What every family of operations works with. */
export interface EmulatorContext {
  readonly projects: ProjectsContext;
  readonly clock: Clock;
  readonly due: DueWork;
  readonly faults: Faults;
  readonly journal: SharedMemory['journal'];
  /** Loaded when it is first asked for. */
  readonly explainer: () => Promise<Pick<Explainer, 'explain' | 'explainObserved'>>;
  readonly states: States;
  readonly forwarded: SharedMemory['forwarded'];
  readonly gatewaySigning: GatewaySigning;
  readonly oci: OciContext;
  readonly ociGateway: OciGatewayContext;
  readonly metrics: SharedMemory['metrics'];
  readonly status: Status;
  /** Who is behind a token. @throws RequestFault tokenInvalid or tokenExpired */
  readonly checkToken: (token: string) => Promise<Caller>;
}

/** The OCI-style gateway. */
export interface OciGatewayContext {
  /** With which its paths begin. */
  readonly prefix: string;
  readonly rules: OciDeploymentRules;
  readonly forwarded: SharedMemory['forwardedOci'];
}

/** How API Gateway signs. */
export interface GatewaySigning {
  /** Lower-case names in order. */
  readonly signedHeaders: readonly string[];
  /** The header in which backends find the signature. */
  readonly signatureHeader: string;
}
