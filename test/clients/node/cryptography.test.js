// What keys are for, besides signing. What Signet computes, Node's own crypto computes too.
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import * as crypto from 'node:crypto';
import { describe, test } from 'node:test';
import { client, importMaterial, newKey, refusal, stateOf } from './clients.js';

const text = 'The quick brown fox jumps over the lazy dog';
const base64 = (bytes) => Buffer.from(bytes).toString('base64');
const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest();
const publicKeyOf = async (key_id) => crypto.createPublicKey((await client.showPublicKey({ key_id })).public_key);
const oaep = { padding: crypto.constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };

describe('data', () => {
  test('encrypt and decrypt, with additional authenticated data', async (t) => {
    const key_id = await newKey(t);
    const { cipher_text } = await client.encryptData({
      key_id,
      plain_text: text,
      additional_authenticated_data: 'invoice 4711',
    });
    const right = await client.decryptData({ cipher_text, additional_authenticated_data: 'invoice 4711' });
    assert.deepEqual({ ...right }, { key_id, plain_text: text, plain_text_base64: base64(text), httpStatusCode: 200 });
    const wrong = client.decryptData({ cipher_text, additional_authenticated_data: 'invoice 4712' });
    await assert.rejects(wrong, refusal(400));
  });

  test('re-encrypt with another key', async (t) => {
    const [source, destination] = [await newKey(t), await newKey(t)];
    const { cipher_text } = await client.encryptData({ key_id: source, plain_text: text });
    const again = await client.reEncrypt({ destination_key_id: destination, cipher_text });
    assert.deepEqual([again.source_key_id, again.key_id], [source, destination]);
    const { key_id, plain_text } = await client.decryptData({ cipher_text: again.cipher_text });
    assert.deepEqual([key_id, plain_text], [destination, text]);
  });
});

describe('data keys', () => {
  const decrypt = async (key_id, cipher_text) => {
    const { data_key, datakey_length, datakey_dgst } = await client.decryptDatakey({
      key_id,
      cipher_text,
      datakey_cipher_length: '64',
    });
    const bytes = Buffer.from(data_key, 'hex');
    assert.equal(datakey_length, '64');
    assert.equal(datakey_dgst, sha256(bytes).toString('hex').toUpperCase());
    return bytes;
  };

  test('create', async (t) => {
    const key_id = await newKey(t);
    const { plain_text, cipher_text } = await client.createDatakey({ key_id, datakey_length: '512' });
    assert.deepEqual(await decrypt(key_id, cipher_text), Buffer.from(plain_text, 'hex'));
  });

  test('create without plaintext', async (t) => {
    const key_id = await newKey(t);
    const created = await client.createDatakeyWithoutPlaintext({ key_id, datakey_length: '512' });
    assert.equal('plain_text' in created, false);
    assert.equal((await decrypt(key_id, created.cipher_text)).length, 64);
  });

  test('encrypt one from here', async (t) => {
    const key_id = await newKey(t);
    const ours = crypto.randomBytes(64);
    const plain_text = Buffer.concat([ours, sha256(ours)]).toString('hex');
    const { cipher_text } = await client.encryptDatakey({ key_id, plain_text, datakey_plain_length: '64' });
    assert.deepEqual(await decrypt(key_id, cipher_text), ours);
  });

  test('random bytes', async () => {
    const { random_data } = await client.createRandom({ random_data_length: '512' });
    assert.equal(Buffer.from(random_data, 'hex').length, 64);
  });
});

describe('key pairs', () => {
  for (const [create, key_spec] of [
    ['createRsaDatakeyPair', 'RSA_2048'],
    ['createEcDatakeyPair', 'ECC_NIST_P256'],
  ]) {
    test(key_spec, async (t) => {
      const key_id = await newKey(t);
      const pair = await client[create]({ key_id, key_spec });
      const der = Buffer.from(pair.private_key_plain_text, 'base64');
      const privateKey = crypto.createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      const publicKey = crypto.createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
      assert.equal(pair.public_key, base64(publicKey));
      const unwrapped = await client.decryptData({ cipher_text: pair.private_key_cipher_text });
      assert.equal(unwrapped.plain_text_base64, pair.private_key_plain_text);
    });
  }
});

test('message authentication codes, under a key that Node has too', async (t) => {
  const material = crypto.randomBytes(32);
  const key_id = await newKey(t, { key_spec: 'HMAC_256', key_usage: 'GENERATE_VERIFY_MAC', origin: 'external' });
  await importMaterial(key_id, material);
  const request = { key_id, mac_algorithm: 'HMAC_SHA_256', message: base64(text) };
  const { mac } = await client.generateMac(request);
  assert.equal(mac, crypto.createHmac('sha256', material).update(text).digest('hex'));
  assert.equal((await client.verifyMac({ ...request, mac })).mac_valid, true);
  assert.equal((await client.verifyMac({ ...request, mac, message: base64('other') })).mac_valid, false);
});

describe('imported material', () => {
  test('a secret: import, delete, and import again', async (t) => {
    const material = crypto.randomBytes(32);
    const key_id = await newKey(t, { origin: 'external' });
    assert.equal(await stateOf(key_id), '5');
    await importMaterial(key_id, material, { expiration_time: Math.floor(Date.now() / 1000) + 3600 });
    assert.equal(await stateOf(key_id), '2');
    const { cipher_text } = await client.encryptData({ key_id, plain_text: text });

    await client.deleteImportedKeyMaterial({ key_id });
    assert.equal(await stateOf(key_id), '5');
    await assert.rejects(importMaterial(key_id, crypto.randomBytes(32)), refusal(400));
    await importMaterial(key_id, material);
    assert.equal((await client.decryptData({ cipher_text })).plain_text, text);
  });

  test('a private key: what the KMS encrypts it opens here, and the reverse', async (t) => {
    const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key_id = await newKey(t, { key_spec: 'RSA_2048', key_usage: 'ENCRYPT_DECRYPT', origin: 'external' });
    // AES key wrap with padding, RFC 5649.
    const aesKey = crypto.randomBytes(32);
    const wrap = crypto.createCipheriv('id-aes256-wrap-pad', aesKey, Buffer.from('a65959a6', 'hex'));
    const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
    const encrypted_privatekey = base64(Buffer.concat([wrap.update(pkcs8), wrap.final()]));
    await importMaterial(key_id, aesKey, { encrypted_privatekey });
    assert.equal((await publicKeyOf(key_id)).equals(publicKey), true);

    const request = { key_id, encryption_algorithm: 'RSAES_OAEP_SHA_256' };
    const { cipher_text } = await client.encryptData({ ...request, plain_text: text });
    const opened = crypto.privateDecrypt({ key: privateKey, ...oaep }, Buffer.from(cipher_text, 'base64'));
    assert.equal(opened.toString(), text);
    const ours = base64(crypto.publicEncrypt({ key: publicKey, ...oaep }, Buffer.from(text)));
    assert.equal((await client.decryptData({ ...request, cipher_text: ours })).plain_text, text);
  });
});

test('elliptic curve Diffie-Hellman', async (t) => {
  const key_id = await newKey(t, { key_spec: 'EC_P256' });
  const { privateKey, publicKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const { shared_secret } = await client.deriveSharedSecret({
    key_id,
    key_agreement_algorithm: 'ECDH',
    public_key: base64(publicKey.export({ format: 'der', type: 'spki' })),
  });
  const secret = crypto.diffieHellman({ privateKey, publicKey: await publicKeyOf(key_id) });
  assert.equal(shared_secret, base64(secret));
});
