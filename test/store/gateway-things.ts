/** What API gateways have, as tests need it: of the first project's gateway `g`, unless said otherwise. */
import { completeDefinition, release } from '../../src/store/store.ts';
import type { Api, ApiDefinition, ApiGroup, DefinitionDraft, Environment, Gateway } from '../../src/store/store.ts';
import type { Publication, SignatureBinding, SignatureKey, Store } from '../../src/store/store.ts';
import { otherProject, project } from './people.ts';

const start = 1_700_000_000_000;
const ofGateway = { projectId: project.id, gatewayId: 'g' };

/** In the other project. */
export const elsewhere = { projectId: otherProject.id, gatewayId: 'h' };

export const newGateway = (id: string, differences: Partial<Gateway> = {}): Gateway => ({
  ...{ id, projectId: project.id, name: `name of ${id}`, createdAt: start, ...differences },
});

export const newSignatureKey = (id: string, differences: Partial<SignatureKey> = {}): SignatureKey => ({
  ...{ id, ...ofGateway, name: `name_of_${id}`, type: 'hmac', key: `key of ${id}`, secret: `secret of ${id}` },
  ...{ algorithm: '', createdAt: start, updatedAt: start, ...differences },
});

export const newEnvironment = (id: string, differences: Partial<Environment> = {}): Environment => ({
  ...{ id, ...ofGateway, name: `name of ${id}`, remark: '', createdAt: start, ...differences },
});

export const newGroup = (id: string, differences: Partial<ApiGroup> = {}): ApiGroup => ({
  ...{ id, ...ofGateway, name: `name of ${id}`, remark: '', createdAt: start, updatedAt: start, ...differences },
});

export const newDefinition = (name: string, differences: Partial<DefinitionDraft> = {}): ApiDefinition =>
  completeDefinition(
    {
      ...{ name, type: 1, req_protocol: 'BOTH', req_method: 'GET', req_uri: `/${name}`, auth_type: 'NONE' },
      ...{ backend_type: 'MOCK', mock_info: { result_content: 'hello' } },
      ...differences,
    },
    () => 'part',
  );

export const newApi = (id: string, differences: Partial<Api> = {}): Api => ({
  ...{ id, ...ofGateway, groupId: 'group', definition: newDefinition(`name-of-${id}`) },
  ...{ createdAt: start, updatedAt: start, ...differences },
});

/** In force in RELEASE. */
export const newPublication = (id: string, apiId: string, differences: Partial<Publication> = {}): Publication => ({
  ...{ id, publishId: `record of ${id}`, ...ofGateway, apiId, environmentId: release.id },
  ...{ definition: newDefinition(`published as ${id}`), remark: '', publishedAt: start, inForce: 1, ...differences },
});

export const newBinding = (apiId: string, keyId: string, differences: Partial<SignatureBinding> = {}) => ({
  ...{ id: `${keyId} of ${apiId}`, ...ofGateway, apiId, environmentId: release.id, keyId, boundAt: start },
  ...differences,
});

/** An environment, two keys, two groups, and in each an API that is published in RELEASE; all of it in the first project. */
export async function furnish({ gateways }: Store): Promise<void> {
  await gateways.addEnvironment(newEnvironment('test', { name: 'TEST' }));
  for (const id of ['k1', 'k2']) await gateways.addKey(newSignatureKey(id));
  for (const id of ['group', 'other']) await gateways.addGroup(newGroup(id));
  await gateways.addApi(newApi('a'));
  await gateways.addApi(newApi('b', { groupId: 'other', createdAt: start + 1 }));
  await gateways.publish(newPublication('v1', 'a', { publishedAt: start + 1 }));
  await gateways.publish(newPublication('w1', 'b', { publishedAt: start + 2 }));
}
