/** What fault rules may be for: every operation but Signet's own, and the words of their services. */
import { apigDialect } from './apigw/errors.ts';
import type { Settings } from './config.ts';
import { operationIds } from './contract/document.ts';
import type { Spoilables } from './emulator/faults/plans.ts';
import { credentialsDialect, iamDialect } from './iam/errors.ts';
import { kmsDialect } from './kms/errors.ts';
import { ociDialect } from './oci/errors.ts';

export const spoilable = ({ authErrors }: Pick<Settings, 'authErrors'>) => {
  const apigw = apigDialect(authErrors);
  return {
    operations: operationIds.filter((operation) => !operation.startsWith('emulator.')),
    dialects: {
      ...{ kms: kmsDialect(authErrors), iam: iamDialect, credentials: credentialsDialect },
      ...{ apigw, apigwDedicated: apigw, apigwShared: apigw, oci: ociDialect },
    },
  } satisfies Spoilables;
};
