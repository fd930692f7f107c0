import { signingAlgorithms } from '../../crypto/signing-algorithms.ts';
import { Signatures, type Message } from '../signatures.ts';
import { base64Of, bytesOf, publicKeyPem, truth } from '../wire.ts';
import type { Family, KmsContext, Schemas } from './family.ts';

export function signingHandlers({
  store,
  signer,
  finder,
  options,
}: KmsContext): Family<'sign' | 'verify' | 'getPublicKey'> {
  const signatures = new Signatures({ store, signer, sm2Raw: options.sm2Raw });
  return {
    async sign({ body, caller }) {
      const key = await finder.resolve(caller, body.key_id);
      const signature = await signatures.sign(key, messageOf(body));
      return { body: { key_id: key.id, signature: base64Of(signature) } };
    },

    async verify({ body, caller }) {
      const key = await finder.resolve(caller, body.key_id);
      const valid = await signatures.verify(key, messageOf(body), bytesOf(body.signature));
      return { body: { key_id: key.id, signature_valid: truth(valid) } };
    },

    async getPublicKey({ body, caller }) {
      const key = await finder.resolve(caller, body.key_id);
      return { body: { key_id: key.id, public_key: publicKeyPem(signatures.publicKey(key), options.lineEnd) } };
    },
  };
}

const messageOf = (body: Schemas['SignRequest']): Message => ({
  algorithm: signingAlgorithms[body.signing_algorithm],
  type: body.message_type,
  bytes: bytesOf(body.message),
});
