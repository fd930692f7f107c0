/** What those who keep deployments ask of the gateway. */
import type { OciDeploymentRules } from '../../contract/oci-forwarded.ts';
import { HIDDEN } from '../../contract/secret-headers.ts';
import { mistakeInPrefix, readSpecification } from './specification.ts';

export const ociDeploymentRules: OciDeploymentRules = {
  check: (pathPrefix, specification) => {
    const mistake = mistakeInPrefix(pathPrefix);
    const { mistakes, ignored } = readSpecification(specification);
    const own = mistake === undefined ? [] : [`path_prefix ${mistake}`];
    return { mistakes: [...own, ...mistakes], ignored };
  },
  shown: (specification) =>
    JSON.parse(specification, (name, value: unknown) => (secrets.has(name) ? HIDDEN : value)) as object,
};

/** Of what signs for a function. */
const secrets: ReadonlySet<string> = new Set(['privateKeyPem', 'passphrase']);
