/** What the services have to say of a seed. */
import { planOf } from './emulator/faults/plans.ts';
import type { SeedChecks } from './emulator/seeds/seed.ts';
import { ociDeploymentRules } from './oci/gateway/deployment-rules.ts';
import { spoilable } from './spoilable.ts';

/** For who reads a file without starting: what a service refuses does not depend on the settings, only how. */
export const seedChecks = {
  fault: (rule) => void planOf(rule, spoilable({ authErrors: 'kms' })),
  deployment: ociDeploymentRules.check,
} satisfies SeedChecks;
