// npm has the vendor's core and its IAM client, but no KMS client. These are the KMS calls that the suite needs, written over the core in
// the way the vendor's generator writes them, under the names of its other languages. Each takes the request's body; what stands in the
// path comes first.
import { ClientBuilder } from '@huaweicloud/huaweicloud-sdk-core/ClientBuilder.js';

export class KmsClient {
  static newBuilder() {
    return new ClientBuilder((hcClient) => new KmsClient(hcClient));
  }

  constructor(hcClient) {
    this.hcClient = hcClient;
  }

  createKey = (body) => this.#post('create-key', body);
  listKeyDetail = (body) => this.#post('describe-key', body);
  showPublicKey = (body) => this.#post('get-publickey', body);
  sign = (body) => this.#post('sign', body);
  validateSignature = (body) => this.#post('verify', body);
  deleteKey = (body) => this.#post('schedule-key-deletion', body);

  encryptData = (body) => this.#post('encrypt-data', body);
  decryptData = (body) => this.#post('decrypt-data', body);
  reEncrypt = (body) => this.#post('re-encrypt', body);
  createDatakey = (body) => this.#post('create-datakey', body);
  createDatakeyWithoutPlaintext = (body) => this.#post('create-datakey-without-plaintext', body);
  encryptDatakey = (body) => this.#post('encrypt-datakey', body);
  decryptDatakey = (body) => this.#post('decrypt-datakey', body);
  createRsaDatakeyPair = (body) => this.#post('create-rsa-datakey-pair', body);
  createEcDatakeyPair = (body) => this.#post('create-ec-datakey-pair', body);
  createRandom = (body) => this.#post('gen-random', body);
  generateMac = (body) => this.#post('generate-mac', body);
  verifyMac = (body) => this.#post('verify-mac', body);
  deriveSharedSecret = (body) => this.#post('derive-shared-secret', body);

  createParametersForImport = (body) => this.#post('get-parameters-for-import', body);
  importKeyMaterial = (body) => this.#post('import-key-material', body);
  deleteImportedKeyMaterial = (body) => this.#post('delete-imported-key-material', body);

  enableKeyRotation = (body) => this.#post('enable-key-rotation', body);
  disableKeyRotation = (body) => this.#post('disable-key-rotation', body);
  updateKeyRotationInterval = (body) => this.#post('update-key-rotation-interval', body);
  showKeyRotationStatus = (body) => this.#post('get-key-rotation-status', body);
  rotateOnDemand = (body) => this.#post('rotate-on-demand', body);

  createGrant = (body) => this.#post('create-grant', body);
  listGrants = (body) => this.#post('list-grants', body);
  listRetirableGrants = (body) => this.#post('list-retirable-grants', body);
  cancelGrant = (body) => this.#post('revoke-grant', body);
  cancelSelfGrant = (body) => this.#post('retire-grant', body);

  createKmsTag = (key_id, body) => this.#post('{key_id}/tags', body, { key_id });
  batchCreateKmsTags = (key_id, body) => this.#post('{key_id}/tags/action', body, { key_id });
  showKmsTags = (key_id) => this.#get('kms/{key_id}/tags', {}, { key_id });
  listKmsTags = () => this.#get('kms/tags');
  listKmsByTags = (body) => this.#post('resource_instances/action', body);
  deleteTag = (key_id, key) => this.#send('DELETE', 'kms/{key_id}/tags/{key}', { pathParams: { key_id, key } });

  createAlias = (body) => this.#post('aliases', body);
  listAliases = (query) => this.#get('kms/aliases', query);
  associateAlias = (body) => this.#post('alias/associate', body);
  deleteAlias = (data) => this.#send('DELETE', 'kms/aliases', { data });

  showUserInstances = () => this.#get('kms/user-instances');
  showUserQuotas = () => this.#get('kms/user-quotas');
  listKeyStores = (query) => this.#get('keystores', query);

  #get(path, queryParams = {}, pathParams = {}) {
    return this.#send('GET', path, { queryParams, pathParams });
  }

  #post(operation, data, pathParams = {}) {
    return this.#send('POST', `kms/${operation}`, { data, pathParams });
  }

  #send(method, path, options) {
    return this.hcClient.sendRequest({
      method,
      url: `/v1.0/{project_id}/${path}`,
      contentType: 'application/json;charset=UTF-8',
      queryParams: {},
      pathParams: {},
      headers: {},
      ...options,
    });
  }
}
