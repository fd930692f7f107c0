import { readRule, shownFault } from '../faults/wire.ts';
import type { EmulatorContext, Family } from './family.ts';

export function faultHandlers({
  faults,
}: EmulatorContext): Family<'listFaults' | 'addFault' | 'clearFaults' | 'showFault' | 'deleteFault'> {
  return {
    async listFaults() {
      return { body: { faults: faults.list().map(shownFault) } };
    },

    async addFault({ body }) {
      return { body: shownFault(await faults.add(readRule(body))) };
    },

    async clearFaults() {
      await faults.clear();
      return { body: undefined };
    },

    async showFault({ path }) {
      return { body: shownFault(faults.find(path.fault_id)) };
    },

    async deleteFault({ path }) {
      await faults.remove(path.fault_id);
      return { body: undefined };
    },
  };
}
