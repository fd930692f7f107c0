import { ServiceError } from '../../errors.ts';
import { kmsRefusals as refusals } from '../errors.ts';
import type { Family, KmsContext } from './family.ts';

/** As in a region without dedicated keystores: there is only the default one, which all keys are in. */
export function keystoreHandlers(_: KmsContext): Family<'listKeystores' | 'createKeystore'> {
  return {
    async listKeystores({ query, caller }) {
      const keystore = {
        keystore_id: '0',
        domain_id: caller.project.domain.id,
        keystore_alias: 'default',
        keystore_type: 'DEFAULT',
        hsm_cluster_id: '',
        cluster_id: '',
        create_time: '',
      };
      return { body: { total: 1, keystores: Number(query.offset) > 0 ? [] : [keystore] } };
    },

    async createKeystore() {
      throw new ServiceError(refusals.noKeystore);
    },
  };
}
