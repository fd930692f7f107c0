import type { Grant } from '../../store/store.ts';
import type { GrantedOperation } from '../key-finder.ts';
import { Grants } from '../grants.ts';
import { pageEnd, partOf } from '../wire.ts';
import type { Family, KmsContext, Schemas } from './family.ts';

export function grantHandlers(
  context: KmsContext,
): Family<'createGrant' | 'revokeGrant' | 'retireGrant' | 'listGrants' | 'listRetirableGrants'> {
  const grants = new Grants(context);
  return {
    async createGrant({ body, caller }) {
      const { id } = await grants.create(caller, {
        keyId: body.key_id,
        name: body.name ?? '',
        grantee: body.grantee_principal,
        granteeType: body.grantee_principal_type,
        operations: body.operations,
        retiringPrincipal: body.retiring_principal ?? '',
      });
      return { body: { grant_id: id } };
    },

    async revokeGrant({ body, caller }) {
      await grants.revoke(caller, body.key_id, body.grant_id);
      return { body: {} };
    },

    async retireGrant({ body, caller }) {
      await grants.retire(caller, body.key_id, body.grant_id);
      return { body: {} };
    },

    async listGrants({ body, caller }) {
      const { offset, limit } = partOf(body);
      const { items, total } = await grants.list(caller.project.id, body.key_id, offset, limit);
      return { body: { grants: items.map(grantDetails), ...pageEnd(offset, items.length, total) } };
    },

    async listRetirableGrants({ body, caller }) {
      const { offset, limit } = partOf(body);
      const { items, total } = await grants.retirable(caller, offset, limit);
      return { body: { grants: items.map(grantDetails), ...pageEnd(offset, items.length, total) } };
    },
  };
}

const grantDetails = (grant: Grant): Schemas['Grant'] => ({
  key_id: grant.keyId,
  grant_id: grant.id,
  grantee_principal: grant.grantee,
  grantee_principal_type: grant.granteeType,
  operations: grant.operations as GrantedOperation[],
  issuing_principal: grant.issuer,
  creation_date: String(grant.createdAt),
  name: grant.name,
  retiring_principal: grant.retiringPrincipal,
});
