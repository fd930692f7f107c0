import { GRANTS_OF_A_KEY } from '../grants.ts';
import type { Family, KmsContext } from './family.ts';

export function quotaHandlers({ store, finder, options }: KmsContext): Family<'showUserInstances' | 'showUserQuotas'> {
  return {
    async showUserInstances({ caller }) {
      await finder.settle();
      return { body: { instance_num: await store.keys.count(caller.project.id) } };
    },

    async showUserQuotas({ caller }) {
      const { id } = caller.project;
      await finder.settle();
      const resources = [
        { type: 'CMK', used: await store.keys.count(id), quota: options.keyQuota },
        { type: 'grant_per_CMK', used: await store.grants.most(id), quota: GRANTS_OF_A_KEY },
      ];
      return { body: { quotas: { resources } } };
    },
  };
}
