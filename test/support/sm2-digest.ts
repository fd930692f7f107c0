import { hash } from 'node:crypto';

/** The curve of GB/T 32918.5: a, b and the base point. */
const curve = [
  'FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC',
  '28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93',
  '32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7',
  'BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0',
].join('');

const sm3 = (...parts: readonly Uint8Array[]): Buffer => hash('sm3', Buffer.concat(parts), 'buffer');

/** SM3(Z(A) || M) with the default user id, GB/T 32918.2 5.5: what a client of SM2DSA_SM3 computes, here with OpenSSL's SM3. */
export function sm2ClientDigest(publicKeyPem: string, message: Uint8Array): Buffer {
  const id = Buffer.from('1234567812345678');
  const length = Buffer.from([0, id.length * 8]);
  const point = Buffer.from(publicKeyPem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64').subarray(-64);
  return sm3(sm3(length, id, Buffer.from(curve, 'hex'), point), message);
}
