import { encryptionAlgorithms } from '../../crypto/encryption-algorithms.ts';
import { ServiceError } from '../../errors.ts';
import { contextOf } from '../contexts.ts';
import { DataKeys } from '../data-keys.ts';
import { Encryption } from '../encryption.ts';
import { kmsRefusals as refusals } from '../errors.ts';
import { ReEncryption } from '../re-encryption.ts';
import { SymmetricEncryption } from '../symmetric-encryption.ts';
import { base64Of, bytesOf, upperHexOf } from '../wire.ts';
import type { Family, KmsContext, Schemas } from './family.ts';

export function dataHandlers({
  store,
  finder,
  options,
}: KmsContext): Family<'encryptData' | 'decryptData' | 'reEncrypt'> {
  const symmetric = new SymmetricEncryption({ store, finder });
  const encryption = new Encryption({ store, finder, symmetric });
  const reEncryption = new ReEncryption({ finder, symmetric, encryption, dataKeys: new DataKeys(symmetric, options) });
  return {
    async encryptData({ body, caller }) {
      const algorithm = encryptionAlgorithms[body.encryption_algorithm];
      const data = utf8Of(body.plain_text);
      const context = contextOf(body.encryption_context, body.additional_authenticated_data);
      const key = await finder.resolve(caller, body.key_id, 'encrypt-data');
      const bytes = await encryption.encrypt(key, algorithm, data, context);
      return { body: { key_id: key.id, cipher_text: base64Of(bytes) } };
    },

    async decryptData({ body, caller }) {
      const { key, data } = await encryption.decrypt(caller, {
        reference: body.key_id,
        algorithm: encryptionAlgorithms[body.encryption_algorithm],
        bytes: bytesOf(body.cipher_text),
        context: contextOf(body.encryption_context, body.additional_authenticated_data),
      });
      return { body: { key_id: key.id, plain_text: data.toString(), plain_text_base64: base64Of(data) } };
    },

    async reEncrypt({ body, caller }) {
      const { datakey_cipher_length: length, cipher_text: text } = body;
      const [from, to] = sidesOf(body);
      const { source, destination, bytes } =
        length === undefined
          ? await reEncryption.ofData(caller, { ...from, bytes: bytesOf(text) }, to)
          : await reEncryption.ofDataKey(caller, { ...from, bytes: hexBytesOf(text) }, to, Number(length));
      return {
        body: {
          key_id: destination.id,
          source_key_id: source.id,
          source_encryption_algorithm: from.algorithm.name,
          destination_encryption_algorithm: to.algorithm.name,
          cipher_text: length === undefined ? base64Of(bytes) : upperHexOf(bytes),
        },
      };
    },
  };
}

/** @throws ServiceError KMS.2101 for half of a surrogate pair, which UTF-8 cannot have */
function utf8Of(text: string): Buffer {
  if (!text.isWellFormed()) throw new ServiceError(refusals.invalidPlaintext);
  return Buffer.from(text);
}

/** No bytes, which no key made, for what is no hex. */
const hexBytesOf = (text: string): Buffer => Buffer.from(/^(?:[\da-f]{2})+$/i.test(text) ? text : '', 'hex');

const sidesOf = (body: Schemas['ReEncryptRequest']) =>
  [
    {
      reference: body.source_key_id,
      algorithm: encryptionAlgorithms[body.source_encryption_algorithm],
      context: contextOf(undefined, body.source_additional_authenticated_data),
    },
    {
      reference: body.destination_key_id,
      algorithm: encryptionAlgorithms[body.destination_encryption_algorithm],
      context: contextOf(undefined, body.destination_additional_authenticated_data),
    },
  ] as const;
