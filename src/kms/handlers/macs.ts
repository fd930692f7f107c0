import { macAlgorithms } from '../../crypto/mac-algorithms.ts';
import { Macs } from '../macs.ts';
import { bytesOf } from '../wire.ts';
import type { Family, KmsContext } from './family.ts';

export function macHandlers({ store, finder }: KmsContext): Family<'generateMac' | 'verifyMac'> {
  const macs = new Macs({ store });
  return {
    async generateMac({ body, caller }) {
      const { mac_algorithm } = body;
      const key = await finder.resolve(caller, body.key_id);
      const mac = await macs.generate(key, macAlgorithms[mac_algorithm], bytesOf(body.message));
      return { body: { key_id: key.id, mac_algorithm, mac } };
    },

    async verifyMac({ body, caller }) {
      const { mac_algorithm } = body;
      const key = await finder.resolve(caller, body.key_id);
      const mac_valid = await macs.verify(key, macAlgorithms[mac_algorithm], bytesOf(body.message), body.mac);
      return { body: { key_id: key.id, mac_algorithm, mac_valid } };
    },
  };
}
