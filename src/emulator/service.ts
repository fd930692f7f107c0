import { clockHandlers } from './handlers/clock.ts';
import { explanationHandlers } from './handlers/explanations.ts';
import type { EmulatorContext, EmulatorHandlers } from './handlers/family.ts';
import { faultHandlers } from './handlers/faults.ts';
import { gatewayHandlers } from './handlers/gateway.ts';
import { journalHandlers } from './handlers/journal.ts';
import { ociDeploymentHandlers } from './handlers/oci-deployments.ts';
import { ociIdentityHandlers } from './handlers/oci-identities.ts';
import { ociKeyHandlers } from './handlers/oci-keys.ts';
import { ociVerificationHandlers } from './handlers/oci-verification.ts';
import { projectHandlers } from './handlers/projects.ts';
import { stateHandlers } from './handlers/states.ts';
import { statusHandlers } from './handlers/status.ts';
import { gated } from './states/gate.ts';

/** Every operation of Signet's own, by families. */
export function emulatorHandlers(context: EmulatorContext): EmulatorHandlers {
  const { gate } = context.states;
  return {
    ...gated(gate, projectHandlers(context)),
    ...gated(gate, ociIdentityHandlers(context)),
    ...gated(gate, ociKeyHandlers(context)),
    ...gated(gate, ociDeploymentHandlers(context)),
    ...faultHandlers(context),
    ...clockHandlers(context),
    ...journalHandlers(context),
    ...explanationHandlers(context),
    ...gatewayHandlers(context),
    ...ociVerificationHandlers(context),
    ...stateHandlers(context),
    ...statusHandlers(context),
  };
}
