/** Groups, environments and gateways in the vendor's words. */
import type { components } from '../../contract/openapi.ts';
import type { ApiGroup, Environment, Gateway } from '../../store/store.ts';
import { storedTime } from './times.ts';

type Schemas = components['schemas'];

/** @param domain what the host name of a group ends with */
export function groupBody({ id, name, remark, createdAt, updatedAt }: ApiGroup, domain: string): Schemas['ApiGroup'] {
  const host = `${id}.apic.${domain}`;
  return {
    ...{ id, name, status: 1, sl_domain: host, sl_domains: [host] },
    ...{ register_time: storedTime(createdAt), update_time: storedTime(updatedAt) },
    ...{ on_sell_status: 2, is_default: 2, remark },
  };
}

export const groupBodyV2 = (group: ApiGroup, domain: string): Schemas['ApiGroup'] => ({
  ...groupBody(group, domain),
  sl_domain_access_enabled: true,
});

export const environmentBody = ({ id, name, remark, createdAt }: Environment): Schemas['Environment'] => ({
  ...{ id, name, remark, create_time: storedTime(createdAt) },
});

export const gatewayBody = ({ id, projectId, name, createdAt }: Gateway): Schemas['Gateway'] => ({
  ...{ id, project_id: projectId, instance_name: name, status: 'Running', instance_status: 6, type: 'apig' },
  ...{ spec: 'ENTERPRISE', create_time: createdAt, enterprise_project_id: '0', charging_mode: 0 },
});

/** What a gateway can do that older ones cannot, in the vendor's words: the types of signature keys beside hmac. */
export const gatewayDetails = (gateway: Gateway): Schemas['GatewayDetails'] => ({
  ...gatewayBody(gateway),
  ...{ description: '', supported_features: ['sign_basic', 'sign_aes'] },
});

interface GatewayQuery {
  readonly instance_id?: string;
  readonly instance_name?: string;
  readonly status?: string;
}

/** Whether a list that is asked for so has it: by all of its id and status, and a part of its name. */
export const isListed = (
  { id, instance_name: name, status }: Schemas['Gateway'],
  { instance_id: askedId = id, instance_name: part = '', status: askedStatus = status }: GatewayQuery,
): boolean => id === askedId && name.includes(part) && status === askedStatus;
