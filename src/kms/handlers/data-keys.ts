import { randomBytes } from 'node:crypto';
import type { ProjectCaller } from '../../contract/caller.ts';
import { ServiceError } from '../../errors.ts';
import { contextOf } from '../contexts.ts';
import { DataKeys, digestFor } from '../data-keys.ts';
import { kmsRefusals as refusals } from '../errors.ts';
import { SymmetricEncryption } from '../symmetric-encryption.ts';
import { upperHexOf } from '../wire.ts';
import type { Family, KmsContext, Schemas } from './family.ts';

/** Bits of gen-random, in steps of 8. */
const MOST_RANDOM_BITS = 8192;

export function dataKeyHandlers({
  store,
  finder,
  options,
}: KmsContext): Family<
  'createDatakey' | 'createDatakeyWithoutPlaintext' | 'encryptDatakey' | 'decryptDatakey' | 'genRandom'
> {
  const dataKeys = new DataKeys(new SymmetricEncryption({ store, finder }), options);

  async function create(
    body: Schemas['CreateDatakeyRequest'],
    caller: ProjectCaller,
    operation: 'create-datakey' | 'create-datakey-without-plaintext',
  ) {
    const context = contextOf(body.encryption_context, body.additional_authenticated_data);
    const key = await finder.resolve(caller, body.key_id, operation);
    const bits = body.datakey_length === undefined ? undefined : Number(body.datakey_length);
    const { plain, wrapped } = await dataKeys.create(key, { bits, spec: body.key_spec, context });
    return { key_id: key.id, plain_text: upperHexOf(plain), cipher_text: upperHexOf(wrapped) };
  }

  return {
    async createDatakey({ body, caller }) {
      return { body: await create(body, caller, 'create-datakey') };
    },

    async createDatakeyWithoutPlaintext({ body, caller }) {
      const { key_id, cipher_text } = await create(body, caller, 'create-datakey-without-plaintext');
      return { body: { key_id, cipher_text } };
    },

    async encryptDatakey({ body, caller }) {
      const context = contextOf(body.encryption_context, body.additional_authenticated_data);
      const key = await finder.resolve(caller, body.key_id, 'encrypt-datakey');
      const bytes = Buffer.from(body.plain_text.replaceAll(' ', ''), 'hex');
      const length = Number(body.datakey_plain_length);
      const wrapped = await dataKeys.wrap(key, bytes, length, context);
      return { body: { key_id: key.id, cipher_text: upperHexOf(wrapped), datakey_length: String(length) } };
    },

    async decryptDatakey({ body, caller }) {
      const context = contextOf(body.encryption_context, body.additional_authenticated_data);
      const key = await finder.resolve(caller, body.key_id, 'decrypt-datakey');
      const bytes = Buffer.from(body.cipher_text, 'hex');
      const length = Number(body.datakey_cipher_length);
      const plain = await dataKeys.unwrap(key, { bytes, context }, length);
      return {
        body: {
          data_key: upperHexOf(plain),
          datakey_length: String(length),
          datakey_dgst: upperHexOf(digestFor(key, plain)),
        },
      };
    },

    async genRandom({ body }) {
      const bits = Number(body.random_data_length);
      if (bits < 8 || bits > MOST_RANDOM_BITS) throw new ServiceError(refusals.randomDataLength);
      if (bits % 8 !== 0) throw new ServiceError(refusals.randomDataLengthStep);
      return { body: { random_data: upperHexOf(randomBytes(bits / 8)) } };
    },
  };
}
