// npm has the vendor's core and its IAM client, but no KMS client. These are the KMS calls that the suite needs, written over the core in
// the way the vendor's generator writes them, under the names of its other languages.
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

  #post(operation, data) {
    return this.hcClient.sendRequest({
      method: 'POST',
      url: `/v1.0/{project_id}/kms/${operation}`,
      contentType: 'application/json;charset=UTF-8',
      queryParams: {},
      pathParams: {},
      headers: {},
      data,
    });
  }
}
