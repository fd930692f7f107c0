/** Bindings of signature keys in the vendor's words. */
import type { components } from '../../contract/openapi.ts';
import type { BoundApi, UnboundApi } from '../../store/store.ts';
import { pairBody } from './signature-keys.ts';
import { freshTime, storedTime } from './times.ts';

type Schemas = components['schemas'];

export interface BindingWire<Bound, Binding, Answer> {
  /** One of the APIs of a key. */
  readonly bound: (bound: BoundApi) => Bound;
  /** One of the keys of an API. */
  readonly binding: (bound: BoundApi) => Binding;
  /** What was just bound. */
  readonly answer: (all: readonly BoundApi[]) => Answer;
}

type BindingV1 = Schemas['SignatureBindingV1'];
type Binding = Schemas['SignatureBinding'];

export function bindingWireV1(secretOf: (secret: string) => string): BindingWire<BindingV1, BindingV1, BindingV1[]> {
  const body = (bound: BoundApi, time = storedTime): BindingV1 => ({
    ...boundBody(bound, time),
    ...pairBody(bound.key, secretOf),
  });
  return {
    bound: (one) => body(one),
    binding: (one) => body(one),
    answer: (all) => all.map((one) => body(one, freshTime)),
  };
}

export function bindingWireV2(
  secretOf: (secret: string) => string,
): BindingWire<Schemas['BoundApi'], Binding, Schemas['BindSignatureKeyResponse']> {
  const body = (bound: BoundApi, time = storedTime): Binding => ({
    ...boundBody(bound, time),
    ...pairBody(bound.key, secretOf),
    sign_type: bound.key.type,
  });
  return {
    bound: (one) => boundBody(one, storedTime),
    binding: (one) => body(one),
    answer: (all) => ({ bindings: all.map((one) => body(one, freshTime)) }),
  };
}

function boundBody(
  { binding, key, publication, groupName, environmentName }: BoundApi,
  time: (instant: number) => string,
): Schemas['BoundApi'] {
  const { name, type, remark, req_method } = publication.definition;
  return {
    ...{ id: binding.id, publish_id: publication.publishId },
    ...{ api_id: binding.apiId, api_name: name, api_type: type, api_remark: remark, req_method },
    ...{ group_name: groupName, env_id: binding.environmentId, env_name: environmentName },
    ...{ sign_id: key.id, sign_name: key.name, binding_time: time(binding.boundAt) },
  };
}

export function unboundBody({
  publication,
  groupId,
  groupName,
  environmentName,
  keyName,
}: UnboundApi): Schemas['ApiForSign'] {
  const { name, type, remark, auth_type, req_uri, req_method, tags } = publication.definition;
  return {
    ...{ id: publication.apiId, name, type, remark, group_id: groupId, group_name: groupName },
    ...{ run_env_id: publication.environmentId, run_env_name: environmentName, publish_id: publication.publishId },
    ...{ auth_type, req_uri, req_method, tags: [...tags] },
    ...(keyName !== '' && { signature_name: keyName }),
  };
}
