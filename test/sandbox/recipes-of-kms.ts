import { generateKeyPairSync, hash } from 'node:crypto';
import type { OperationId } from '../../src/contract/operations.ts';
import { base64 } from '../support/kms.ts';
import { mac, signing, type Belongings } from './belongings.ts';
import type { Recipe, Recipes } from './recipes.ts';
import type { Attempt } from './requests.ts';

/** Of P-256, somebody's; SubjectPublicKeyInfo. */
const peerKey = base64(
  generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey.export({ type: 'spki', format: 'der' }),
);

/** Hex; its digest goes with it. */
const dataKey = '5a'.repeat(64);

type KmsId = Extract<OperationId, `kms.${string}`>;
type KeyName = Extract<keyof Belongings, `${string}KeyId` | 'keyId'>;

const body = (fields: object): Attempt => ({ body: fields });
const nothing: Recipe = () => body({});
/** What else stands in a body: the same for everybody, or told by whose things it is about. */
type Fields = object | ((of: Belongings, own: Belongings) => object);
const fieldsOf = (fields: Fields, of: Belongings, own: Belongings): object =>
  typeof fields === 'function' ? (fields as (of: Belongings, own: Belongings) => object)(of, own) : fields;

/** An id of a key in the body. */
const ofKey =
  (name: KeyName, more: Fields = {}): Recipe =>
  (of, own) =>
    body({ key_id: of[name], ...fieldsOf(more, of, own) });

const urn = ({ domainId }: Belongings, alias: string): string => `kms:eu-de:${domainId}:alias:${alias}`;
/** The ways in which some operations let a key be called. */
const byReference =
  (more: Fields): Recipe =>
  (of, own) =>
    [of.aesKeyId, of.alias, urn(of, of.alias)].map((key_id) => body({ key_id, ...fieldsOf(more, of, own) }));

const grantOf = ({ aesKeyId, grantId }: Belongings) => ({ key_id: aesKeyId, grant_id: grantId });

export const kmsRecipes: Recipes<KmsId> = {
  'kms.sign': (of) =>
    [of.keyId, `alias/${of.keyName}`, urn(of, of.keyName)].map((key_id) => body({ key_id, ...signing })),
  'kms.verify': ofKey('keyId', ({ signature }) => ({ ...signing, signature })),
  'kms.getPublicKey': ofKey('keyId'),
  'kms.describeKey': (of) => [of.keyId, of.aesKeyId, of.doomedKeyId, of.alias].map((key_id) => body({ key_id })),
  'kms.listKeys': nothing,
  'kms.createKey': (of) => body({ key_alias: `another-${of.keyName}`, key_spec: 'EC_P256' }),
  'kms.enableKey': ofKey('disabledKeyId'),
  'kms.disableKey': ofKey('keyId'),
  'kms.scheduleKeyDeletion': ofKey('keyId', { pending_days: '7' }),
  'kms.cancelKeyDeletion': ofKey('doomedKeyId'),
  'kms.updateKeyAlias': ofKey('keyId', { key_alias: 'taken-over' }),
  'kms.updateKeyDescription': ofKey('keyId', { key_description: 'taken over' }),
  'kms.encryptData': byReference({ plain_text: 'a text' }),
  'kms.decryptData': (of) => [
    body({ cipher_text: of.cipherText }),
    body({ cipher_text: of.cipherText, key_id: of.aesKeyId }),
  ],
  'kms.createDatakey': byReference({}),
  'kms.createDatakeyWithoutPlaintext': byReference({}),
  'kms.encryptDatakey': byReference({
    plain_text: dataKey + hash('sha256', Buffer.from(dataKey, 'hex')),
    datakey_plain_length: '64',
  }),
  'kms.decryptDatakey': byReference(({ wrappedDataKey }) => ({
    ...{ cipher_text: wrappedDataKey, datakey_cipher_length: '64' },
  })),
  'kms.genRandom': () => body({ random_data_length: '512' }),
  'kms.generateMac': ofKey('macKeyId', mac),
  'kms.verifyMac': ofKey('macKeyId', (of) => ({ ...mac, mac: of.mac })),
  'kms.getParametersForImport': ofKey('waitingKeyId', { wrapping_algorithm: 'RSAES_OAEP_SHA_256' }),
  'kms.importKeyMaterial': ofKey('waitingKeyId', ({ importToken, wrappedMaterial }) => ({
    ...{ import_token: importToken, encrypted_key_material: wrappedMaterial },
  })),
  'kms.deleteImportedKeyMaterial': ofKey('importedKeyId'),
  'kms.enableKeyRotation': ofKey('aesKeyId'),
  'kms.disableKeyRotation': ofKey('turningKeyId'),
  'kms.updateKeyRotationInterval': ofKey('turningKeyId', { rotation_interval: 30 }),
  'kms.getKeyRotationStatus': ofKey('turningKeyId'),
  'kms.rotateOnDemand': ofKey('aesKeyId'),
  'kms.createGrant': ofKey('keyId', (_, { userId }) => ({ grantee_principal: userId, operations: ['describe-key'] })),
  'kms.revokeGrant': (of) => body(grantOf(of)),
  'kms.retireGrant': (of) => body(grantOf(of)),
  'kms.listGrants': ofKey('aesKeyId'),
  'kms.listRetirableGrants': nothing,
  'kms.listAliases': (of) => [{}, { query: { key_id: of.aesKeyId } }],
  'kms.createAlias': ofKey('aesKeyId', (of) => ({ alias: `${of.alias}-second` })),
  'kms.deleteAliases': ofKey('aesKeyId', ({ alias }) => ({ aliases: [alias] })),
  'kms.associateAlias': (of, own) => [
    body({ target_key_id: of.turningKeyId, alias: of.alias }),
    body({ target_key_id: own.turningKeyId, alias: of.alias }),
    body({ target_key_id: of.turningKeyId, alias: own.alias }),
  ],
  'kms.showUserInstances': () => ({}),
  'kms.showUserQuotas': () => ({}),
  'kms.listProjectTags': () => ({}),
  'kms.listKeysByTag': (of) =>
    (['filter', 'count'] as const).flatMap((action) => [
      body({ action, tags: [{ key: of.tagKey, values: [of.tagValue] }] }),
      body({ action, matches: [{ key: 'resource_name', value: of.keyName }] }),
    ]),
  'kms.listKeyTags': (of) => ({ path: { key_id: of.aesKeyId } }),
  'kms.createKeyTag': (of) => ({ path: { key_id: of.aesKeyId }, body: { tag: { key: 'taken', value: 'over' } } }),
  'kms.changeKeyTags': (of) =>
    [
      { key: 'taken', value: 'over' },
      { key: of.tagKey, value: of.tagValue },
    ].map((tag, index) => ({
      path: { key_id: of.aesKeyId },
      body: { action: index === 0 ? 'create' : 'delete', tags: [tag] },
    })),
  'kms.deleteKeyTag': (of) => ({ path: { key_id: of.aesKeyId, key: of.tagKey } }),
  'kms.createRsaDatakeyPair': byReference({ key_spec: 'RSA_2048' }),
  'kms.createEcDatakeyPair': byReference({ key_spec: 'ECC_NIST_P256' }),
  'kms.reEncrypt': (of, own) => [
    body({ cipher_text: of.cipherText, destination_key_id: own.turningKeyId }),
    body({ cipher_text: of.cipherText, source_key_id: of.aesKeyId, destination_key_id: own.turningKeyId }),
    body({ cipher_text: own.cipherText, destination_key_id: of.turningKeyId }),
  ],
  'kms.deriveSharedSecret': ofKey('pairKeyId', { key_agreement_algorithm: 'ECDH', public_key: peerKey }),
  'kms.listVersions': () => ({}),
  'kms.showVersion': () => ({}),
  'kms.listKeystores': () => ({}),
  'kms.createKeystore': (of) => body({ keystore_alias: of.keyName }),
};
