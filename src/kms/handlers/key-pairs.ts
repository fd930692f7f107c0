import type { ProjectCaller } from '../../contract/caller.ts';
import { contextOf } from '../contexts.ts';
import { agreeOnSecret } from '../key-agreement.ts';
import { createDataKeyPair } from '../key-pairs.ts';
import { SymmetricEncryption } from '../symmetric-encryption.ts';
import { base64Of, bytesOf } from '../wire.ts';
import type { Family, KmsContext, Schemas } from './family.ts';

type PairRequest = Schemas['CreateRsaDatakeyPairRequest'] | Schemas['CreateEcDatakeyPairRequest'];

export function keyPairHandlers({
  store,
  finder,
}: KmsContext): Family<'createRsaDatakeyPair' | 'createEcDatakeyPair' | 'deriveSharedSecret'> {
  const symmetric = new SymmetricEncryption({ store, finder });

  async function create({ body, caller }: { body: PairRequest; caller: ProjectCaller }) {
    const context = contextOf(undefined, body.additional_authenticated_data);
    const key = await finder.resolve(caller, body.key_id);
    const pair = await createDataKeyPair(symmetric, key, body.key_spec, context);
    return {
      body: {
        key_id: key.id,
        key_spec: body.key_spec,
        public_key: base64Of(pair.publicKey),
        private_key_cipher_text: base64Of(pair.wrapped),
        ...(body.with_plain_text && { private_key_plain_text: base64Of(pair.privateKey) }),
      },
    };
  }

  return {
    createRsaDatakeyPair: create,
    createEcDatakeyPair: create,

    async deriveSharedSecret({ body, caller }) {
      const key = await finder.resolve(caller, body.key_id);
      const secret = await agreeOnSecret(store, key, bytesOf(body.public_key));
      const { key_agreement_algorithm } = body;
      return { body: { key_id: key.id, key_agreement_algorithm, shared_secret: base64Of(secret) } };
    },
  };
}
