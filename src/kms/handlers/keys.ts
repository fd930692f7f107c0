import type { KeyFilter, KeyState } from '../../store/store.ts';
import { keyDetails, keyState, pageEnd, partOf } from '../wire.ts';
import type { Family, KmsContext, Schemas } from './family.ts';

type Lifecycle = 'enableKey' | 'disableKey' | 'scheduleKeyDeletion' | 'cancelKeyDeletion';
type Labels = 'updateKeyAlias' | 'updateKeyDescription';

export function keyHandlers({
  finder,
  keyRing,
  region,
}: KmsContext): Family<'createKey' | 'describeKey' | 'listKeys' | Lifecycle | Labels> {
  return {
    async describeKey({ body, caller }) {
      const key = await finder.resolve(caller, body.key_id, 'describe-key');
      return { body: { key_info: keyDetails(key, region()) } };
    },

    async listKeys({ body, caller }) {
      const { offset, limit } = partOf(body);
      const { items, total } = await keyRing.list(caller.project.id, filterOf(body), offset, limit);
      return {
        body: {
          keys: items.map((key) => key.id),
          key_details: items.map((key) => keyDetails(key, region())),
          ...pageEnd(offset, items.length, total),
        },
      };
    },

    async createKey({ body, caller }) {
      const key = await keyRing.create({
        projectId: caller.project.id,
        domainId: caller.project.domain.id,
        name: body.key_alias,
        description: body.key_description ?? '',
        spec: body.key_spec,
        usage: body.key_usage,
        origin: body.origin,
        enterpriseProjectId: body.enterprise_project_id,
      });
      return { body: { key_info: { key_id: key.id, domain_id: key.domainId } } };
    },

    async enableKey({ body, caller }) {
      return { body: { key_info: keyState(await keyRing.enable(caller.project.id, body.key_id)) } };
    },

    async disableKey({ body, caller }) {
      return { body: { key_info: keyState(await keyRing.disable(caller.project.id, body.key_id)) } };
    },

    async scheduleKeyDeletion({ body, caller }) {
      const days = Number(body.pending_days);
      return { body: keyState(await keyRing.scheduleDeletion(caller.project.id, body.key_id, days)) };
    },

    async cancelKeyDeletion({ body, caller }) {
      return { body: keyState(await keyRing.cancelDeletion(caller.project.id, body.key_id)) };
    },

    async updateKeyAlias({ body, caller }) {
      const key = await keyRing.rename(caller.project.id, body.key_id, body.key_alias);
      return { body: { key_info: { key_id: key.id, key_alias: key.name } } };
    },

    async updateKeyDescription({ body, caller }) {
      const key = await keyRing.describe(caller.project.id, body.key_id, body.key_description);
      return { body: { key_info: { key_id: key.id, key_description: key.description } } };
    },
  };
}

const filterOf = ({ key_state, key_spec, enterprise_project_id }: Schemas['ListKeysRequest']): KeyFilter => ({
  ...(key_state !== undefined && { state: Number(key_state) as KeyState }),
  ...(key_spec !== undefined && key_spec !== 'ALL' && { spec: key_spec }),
  ...(enterprise_project_id !== undefined && { enterpriseProjectId: enterprise_project_id }),
});
