import { Imports } from '../imports.ts';
import { base64Of, bytesOf } from '../wire.ts';
import type { Family, KmsContext, Schemas } from './family.ts';

export function importHandlers(
  context: KmsContext,
): Family<'getParametersForImport' | 'importKeyMaterial' | 'deleteImportedKeyMaterial'> {
  const imports = new Imports(context);
  return {
    async getParametersForImport({ body, caller }) {
      const { key_id: keyId, wrapping_algorithm: algorithm } = body;
      const { token, expiresAt, publicKey } = await imports.parameters(caller.project.id, keyId, algorithm);
      return {
        body: {
          key_id: keyId,
          import_token: base64Of(token),
          expiration_time: Math.floor(expiresAt / 1000),
          public_key: base64Of(publicKey),
        },
      };
    },

    async importKeyMaterial({ body, caller }) {
      await imports.import(caller.project.id, body.key_id, {
        token: bytesOf(body.import_token),
        material: bytesOf(body.encrypted_key_material),
        privateKey: body.encrypted_privatekey === undefined ? undefined : bytesOf(body.encrypted_privatekey),
        expiresAt: expirationOf(body),
      });
      return { body: {} };
    },

    async deleteImportedKeyMaterial({ body, caller }) {
      await imports.deleteMaterial(caller.project.id, body.key_id);
      return { body: {} };
    },
  };
}

/** Some clients say 0 for never. */
const expirationOf = ({ expiration_time: seconds }: Schemas['ImportKeyMaterialRequest']): number | null =>
  Number(seconds ?? 0) * 1000 || null;
