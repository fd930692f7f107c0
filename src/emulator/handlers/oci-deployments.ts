import { refusalOf, ServiceError } from '../../errors.ts';
import { DuplicateName, type OciDeployment } from '../../store/store.ts';
import { emulatorRefusals as refusals } from '../errors.ts';
import { deploymentBody, forwardedOciBody } from '../oci/gateway-wire.ts';
import { ocidOf } from '../oci/ocids.ts';
import type { EmulatorContext, Family } from './family.ts';

type Deployments = 'listOciDeployments' | 'createOciDeployment' | 'showOciDeployment' | 'deleteOciDeployment';
type Requests = 'listOciRequests' | 'clearOciRequests';

/** Deployments that the gateway has at most: it keeps as many in memory as they are read. */
const MOST = 100;

export function ociDeploymentHandlers({
  projects: { store, now, newId },
  ociGateway: { prefix, rules, forwarded },
}: Pick<EmulatorContext, 'projects' | 'ociGateway'>): Family<Deployments | Requests> {
  const bodyOf = (deployment: OciDeployment, baseUrl: string) =>
    deploymentBody(deployment, rules, baseUrl + (prefix === '/' ? '' : prefix));

  return {
    async listOciDeployments({ baseUrl }) {
      const deployments = await store.oci.deployments();
      return { body: { deployments: deployments.map((deployment) => bodyOf(deployment, baseUrl)) } };
    },

    async createOciDeployment({ body, baseUrl }) {
      const { path_prefix: pathPrefix, name = pathPrefix, specification } = body;
      const { mistakes } = rules.check(pathPrefix, specification);
      if (mistakes.length > 0) throw refusalOf(refusals.invalidOciDeployment, mistakes.join('; '));
      const id = ocidOf('apideployment', newId());
      const deployment = { id, name, pathPrefix, specification: JSON.stringify(specification), createdAt: now() };
      const adding = store.transaction(async ({ oci }) => {
        if ((await oci.deployments()).length >= MOST) throw new ServiceError(refusals.tooManyOciDeployments);
        await oci.addDeployment(deployment);
      });
      await placed(adding, pathPrefix);
      return { body: bodyOf(deployment, baseUrl) };
    },

    async showOciDeployment({ path, baseUrl }) {
      const deployment = await store.oci.deployment(path.deployment_id);
      if (deployment === undefined) throw new ServiceError(refusals.noSuchOciDeployment);
      return { body: bodyOf(deployment, baseUrl) };
    },

    async deleteOciDeployment({ path }) {
      if (!(await store.oci.removeDeployment(path.deployment_id))) throw new ServiceError(refusals.noSuchOciDeployment);
      return { body: undefined };
    },

    async listOciRequests({ query }) {
      const records = await forwarded.list(query.limit ?? 100);
      return { body: { requests: records.map(forwardedOciBody) } };
    },

    async clearOciRequests() {
      await forwarded.clear();
      return { body: undefined };
    },
  };
}

/** @throws ServiceError ociTaken */
async function placed(adding: Promise<void>, pathPrefix: string): Promise<void> {
  try {
    await adding;
  } catch (error) {
    if (!(error instanceof DuplicateName)) throw error;
    throw refusalOf(refusals.ociTaken, `There is a deployment with the path prefix ${pathPrefix}.`);
  }
}
