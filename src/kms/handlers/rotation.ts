import type { Key } from '../../store/store.ts';
import { Rotations } from '../rotations.ts';
import { instant } from '../wire.ts';
import type { Family, KmsContext, Schemas } from './family.ts';

export function rotationHandlers(
  context: KmsContext,
): Family<
  'enableKeyRotation' | 'disableKeyRotation' | 'updateKeyRotationInterval' | 'getKeyRotationStatus' | 'rotateOnDemand'
> {
  const rotations = new Rotations(context);
  return {
    async enableKeyRotation({ body, caller }) {
      await rotations.enable(caller.project.id, body.key_id);
      return { body: {} };
    },

    async disableKeyRotation({ body, caller }) {
      await rotations.disable(caller.project.id, body.key_id);
      return { body: {} };
    },

    async updateKeyRotationInterval({ body, caller }) {
      await rotations.setInterval(caller.project.id, body.key_id, body.rotation_interval);
      return { body: {} };
    },

    async getKeyRotationStatus({ body, caller }) {
      return { body: rotationStatus(await rotations.find(caller.project.id, body.key_id)) };
    },

    async rotateOnDemand({ body, caller }) {
      const key = await rotations.rotate(caller.project.id, body.key_id);
      return { body: { key_id: key.id } };
    },
  };
}

const rotationStatus = (key: Key): Schemas['RotationStatusResponse'] => ({
  key_rotation_enabled: key.nextRotationAt !== null,
  rotation_interval: key.rotationDays,
  last_rotation_time: instant(key.lastRotationAt),
  number_of_rotations: key.materialVersion - 1,
});
