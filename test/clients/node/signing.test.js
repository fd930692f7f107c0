// The life of a signing key: create, describe, sign, verify, public key, deletion. What Signet signs, Node's own crypto verifies.
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { constants, createHash, createPublicKey, verify } from 'node:crypto';
import { describe, test } from 'node:test';
import { client } from './clients.js';
import * as signet from './signet.js';

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
const pkcs1 = { padding: constants.RSA_PKCS1_PADDING };
const der = { dsaEncoding: 'der' };

const keys = [
  {
    spec: 'RSA_2048',
    type: 'rsa',
    details: { modulusLength: 2048, publicExponent: 65537n },
    algorithms: { RSASSA_PSS_SHA_256: pss, RSASSA_PKCS1_V1_5_SHA_256: pkcs1 },
  },
  { spec: 'EC_P256', type: 'ec', details: { namedCurve: 'prime256v1' }, algorithms: { ECDSA_SHA_256: der } },
];

const message = Buffer.from('The quick brown fox jumps over the lazy dog');
const otherMessage = Buffer.from('The quick brown fox jumps over the lazy dog.');
const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const messageTypes = { RAW: (bytes) => bytes.toString('base64'), DIGEST: (bytes) => sha256(bytes).toString('base64') };

for (const { spec, type, details, algorithms } of keys) {
  describe(spec, () => {
    const alias = signet.newName();
    let keyId;
    let publicKey;

    test('create-key', async () => {
      const { key_info: key } = await client.createKey({ key_alias: alias, key_spec: spec, key_usage: 'SIGN_VERIFY' });
      assert.equal(key.domain_id, signet.domainId);
      keyId = key.key_id;
    });

    test('describe-key', async () => {
      const { key_info: key } = await client.listKeyDetail({ key_id: keyId });
      const { key_id, domain_id, key_alias, realm, key_spec, key_usage, key_state } = key;
      assert.deepEqual(
        { key_id, domain_id, key_alias, realm, key_spec, key_usage, key_state },
        {
          key_id: keyId,
          domain_id: signet.domainId,
          key_alias: alias,
          realm: signet.region,
          key_spec: spec,
          key_usage: 'SIGN_VERIFY',
          key_state: '2',
        },
      );
    });

    test('get-publickey', async () => {
      const answer = await client.showPublicKey({ key_id: keyId });
      publicKey = createPublicKey(answer.public_key);
      assert.equal(publicKey.asymmetricKeyType, type);
      assert.deepEqual(publicKey.asymmetricKeyDetails, details);
    });

    for (const [algorithm, options] of Object.entries(algorithms)) {
      for (const [messageType, encode] of Object.entries(messageTypes)) {
        test(`sign and verify, ${algorithm}, ${messageType}`, async () => {
          const request = { key_id: keyId, signing_algorithm: algorithm, message_type: messageType };
          const { signature } = await client.sign({ ...request, message: encode(message) });

          const right = await client.validateSignature({ ...request, message: encode(message), signature });
          const wrong = await client.validateSignature({ ...request, message: encode(otherMessage), signature });
          assert.equal(right.signature_valid, 'true');
          assert.equal(wrong.signature_valid, 'false');

          const bytes = Buffer.from(signature, 'base64');
          assert.equal(verify('sha256', message, { key: publicKey, ...options }, bytes), true);
          assert.equal(verify('sha256', otherMessage, { key: publicKey, ...options }, bytes), false);
        });
      }
    }

    test('schedule-key-deletion', async () => {
      const { key_id, key_state } = await client.deleteKey({ key_id: keyId, pending_days: '7' });
      assert.deepEqual({ key_id, key_state }, { key_id: keyId, key_state: '4' });
      const { key_info: key } = await client.listKeyDetail({ key_id: keyId });
      assert.equal(key.key_state, '4');
    });
  });
}
