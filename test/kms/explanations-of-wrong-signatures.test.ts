import { hash, randomBytes, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { seededKeys } from '../support/identity.ts';
import { base64, bytesOf, kmsClient } from '../support/kms.ts';
import { useSignet } from '../support/signet.ts';
import { explainer } from './explained.ts';
import { outsideKey } from './outside-keys.ts';
import { rules, validRows } from './sign-rows.ts';
import { message, wrongSignatures } from './wrong-signatures.ts';

const signet = await useSignet();
const { url } = signet;
const kms = kmsClient(url);
const explain = explainer(url, kms);

describe('made by others, and the cause named', () => {
  test.each(wrongSignatures)('$spec $algorithm $type: $name', async (row) => {
    const { spec, algorithm, type, sent = message, make, differences, says } = row;
    const made = make(await outsideKey(kms, spec));
    const body = {
      ...{ key_id: seededKeys[spec], signing_algorithm: algorithm, message_type: type, message: base64(sent) },
      signature: typeof made === 'string' ? made : base64(made),
    };
    expect((await kms.ask('verify', body)).signature_valid).toBe('false');
    const explanation = await explain('verify', body);
    expect(explanation).toMatchObject({ verdict: 'invalid', key_id: seededKeys[spec] });
    expect(explanation?.would_be_valid_with).toStrictEqual(differences);
    expect(explanation?.cause).toMatch(says);
    // What is named there was tried.
    const { message: form, signature } = explanation?.would_be_valid_with ?? {};
    if (form !== undefined) expect(explanation?.tried).toContain(`the message ${form}`);
    if (signature !== undefined) expect(explanation?.tried).toContain(`the signature ${signature}`);
  });
});

describe('another key of the project', () => {
  const makers = [
    ['RSA_2048', 'RSASSA_PSS_SHA_256'],
    ['EC_P256', 'ECDSA_SHA_256'],
    ['EC_P384', 'ECDSA_SHA_384'],
    ['SM2', 'SM2DSA_SM3'],
    ['ED25519', 'ED25519_SHA_512'],
  ] as const;

  test.each(makers)('%s', async (spec, algorithm) => {
    const other = await kms.create({ key_alias: `other-${spec}`, key_spec: spec });
    const type = spec === 'SM2' ? 'DIGEST' : 'RAW';
    const sent = spec === 'SM2' ? hash('sm3', message, 'buffer') : message;
    const body = { signing_algorithm: algorithm, message_type: type, message: base64(sent) };
    const { signature } = await kms.ask('sign', { ...body, key_id: other });
    const wrong = { ...body, key_id: seededKeys[spec], signature };
    expect(await explain('verify', wrong)).toMatchObject({
      verdict: 'invalid',
      would_be_valid_with: { key_id: other },
      cause: `The signature is valid as one of the key ${other}.`,
    });
  });

  test('one of a longer modulus, and one that is on another curve', async () => {
    const rsa = { signing_algorithm: 'RSASSA_PKCS1_V1_5_SHA_256', message_type: 'RAW', message: base64(message) };
    const { signature } = await kms.ask('sign', { ...rsa, key_id: seededKeys.RSA_4096 });
    expect(await explain('verify', { ...rsa, key_id: seededKeys.RSA_2048, signature })).toMatchObject({
      would_be_valid_with: { key_id: seededKeys.RSA_4096 },
    });
    const ec = { signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW', message: base64(message) };
    const { signature: koblitz } = await kms.ask('sign', { ...ec, key_id: seededKeys.SECP256K1 });
    expect(await explain('verify', { ...ec, key_id: seededKeys.EC_P256, signature: koblitz })).toMatchObject({
      would_be_valid_with: { key_id: seededKeys.SECP256K1 },
    });
  });

  test("never one of another project's", async () => {
    const made = await signet.createProject();
    const { token } = made;
    const other = kmsClient(url, { projectId: made.project.id, token });
    const body = { signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW', message: base64(message) };
    const theirs = await other.create({ key_alias: 'theirs', key_spec: 'EC_P256' });
    const { signature } = await other.ask('sign', { ...body, key_id: theirs });
    const explanation = await explain('verify', { ...body, key_id: seededKeys.EC_P256, signature });
    expect(explanation).toMatchObject({ verdict: 'invalid' });
    expect(explanation).not.toHaveProperty('cause');
    expect(JSON.stringify(explanation)).not.toContain(theirs);
    // Nor is it said of theirs what it is.
    expect(await explain('verify', { ...body, key_id: theirs, signature })).toStrictEqual({
      ...{ algorithm: 'ECDSA_SHA_256', message_type: 'RAW', hash: 'SHA-256', padding: 'none' },
      cause: 'The project has no such key.',
    });
  });
});

describe('a signature of another message', () => {
  const other = Buffer.from('another message');
  const body = { key_id: seededKeys.RSA_2048, message_type: 'RAW', message: base64(message) };

  test('PKCS#1 v1.5 shows the digest that was signed', async () => {
    const asked = { ...body, signing_algorithm: 'RSASSA_PKCS1_V1_5_SHA_256' };
    const { signature } = await kms.ask('sign', { ...asked, message: base64(other) });
    const [theirs, ours] = [other, message].map((bytes) => hash('sha256', bytes));
    expect(await explain('verify', { ...asked, signature })).toMatchObject({
      signature_shows: { padding: 'PKCS#1 v1.5', hash: 'SHA-256', digest: theirs },
      cause: `The signature is one of this key with PKCS#1 v1.5, SHA-256, but over another message: the digest that was signed is SHA-256 ${theirs}, and that of the message that was sent is SHA-256 ${ours}.`,
    });
  });

  test('PSS shows that it is one, and its salt', async () => {
    const asked = { ...body, signing_algorithm: 'RSASSA_PSS_SHA_384' };
    const { signature } = await kms.ask('sign', { ...asked, message: base64(other) });
    const explanation = await explain('verify', { ...asked, signature });
    expect(explanation).toMatchObject({ signature_shows: { padding: 'PSS', hash: 'SHA-384', salt_length: 48 } });
    expect(explanation?.cause).toMatch(/over another message/);
    expect(explanation).not.toHaveProperty('would_be_valid_with');
  });
});

describe('nothing is named where nothing is proved', () => {
  test.each(validRows.filter(({ spec }) => !/3072|4096/.test(spec)))(
    '$spec $algorithm $type: random bytes, one flipped bit, another message',
    async (row) => {
      const { spec, algorithm, type } = row;
      const { digestLength: length } = rules[algorithm];
      const bytes = (): Buffer => (type === 'RAW' ? randomBytes(40) : randomBytes(length));
      const body = { key_id: seededKeys[spec], signing_algorithm: algorithm, message_type: type };
      const sent = { ...body, message: base64(bytes()) };
      const { signature } = await kms.ask('sign', sent);
      const flipped = bytesOf(signature);
      // Near the end, where DER stays DER.
      flipped[flipped.length - 3]! ^= 4;
      const others = spec.startsWith('RSA') ? [] : [{ ...sent, message: base64(bytes()), signature }];
      const random = spec.startsWith('RSA') || spec === 'ED25519' ? randomBytes(flipped.length).fill(0, 0, 1) : flipped;
      for (const wrong of [
        { ...sent, signature: base64(flipped) },
        { ...sent, signature: base64(random) },
        ...others,
      ]) {
        const explanation = await explain('verify', wrong);
        expect(explanation).toMatchObject({ verdict: 'invalid', key_id: seededKeys[spec] });
        for (const name of ['cause', 'would_be_valid_with', 'signature_shows'])
          expect(explanation).not.toHaveProperty(name);
        expect(explanation?.tried?.length).toBeGreaterThan(20);
      }
    },
  );
});

describe('malformed', () => {
  const asked = { message_type: 'RAW', message: base64(message) };
  const rows = [
    ['RSA_2048', 'RSASSA_PSS_SHA_256', Buffer.alloc(100, 9), /256 bytes.*It has 100 bytes/],
    ['EC_P256', 'ECDSA_SHA_256', Buffer.alloc(70, 9), /DER.*It has 70 bytes, and does not begin as DER does/],
    ['ED25519', 'ED25519_SHA_512', Buffer.alloc(63, 9), /64 bytes.*It has 63 bytes/],
  ] as const;
  test.each(rows)('%s %s', async (spec, algorithm, signature, says) => {
    const body = { ...asked, key_id: seededKeys[spec], signing_algorithm: algorithm, signature: base64(signature) };
    expect((await kms.ask('verify', body)).signature_valid).toBe('false');
    const explanation = await explain('verify', body);
    expect(explanation).toMatchObject({ verdict: 'invalid' });
    expect(explanation?.cause).toMatch(says);
    expect(explanation).not.toHaveProperty('would_be_valid_with');
  });
});

describe('refused requests', () => {
  const ec = { key_id: seededKeys.EC_P256, signing_algorithm: 'ECDSA_SHA_256' };

  test.each([
    ['hex text', hash('sha256', message), /this message 64; it is the digest as hex text/],
    ['Base64 text', hash('sha256', message, 'base64'), /this message 44; it is the digest as Base64 text/],
    ['the message itself', message, /this message 31\. Without message_type/],
  ])('a digest of another length: %s', async (_, sent, says) => {
    const body = { ...ec, message: base64(sent) };
    expect((await kms.post('sign', body)).status).toBe(400);
    const explanation = await explain('sign', body);
    expect(explanation?.cause).toMatch(says);
    expect(explanation).not.toHaveProperty('verdict');
  });

  test('Base64url: refused by the contract, and yet it is known what was meant', async () => {
    const key = await outsideKey(kms, 'EC_P256');
    let signature = '';
    while (!/[-_]/.test(signature)) signature = sign('sha256', message, key.privateKey).toString('base64url');
    const body = { ...ec, message_type: 'RAW', message: base64(message), signature };
    expect((await kms.post('verify', body)).status).toBe(400);
    const explanation = await explain('verify', body);
    expect(explanation).toMatchObject({ would_be_valid_with: { signature: 'decoded from Base64url' } });
    expect(explanation).not.toHaveProperty('verdict');
  });

  test.each([
    [{ ...ec, key_id: seededKeys.RSA_2048 }, /ECDSA_SHA_256 is for EC_P256, SECP256K1; this key is RSA_2048/],
    [{ ...ec, key_id: seededKeys.AES_256 }, /AES_256 key for ENCRYPT_DECRYPT does not sign/],
    [{ ...ec, key_id: seededKeys.SM2, signing_algorithm: 'SM2DSA_SM3', message_type: 'RAW' }, /takes digests only/],
    [{ ...ec, key_id: seededKeys.ED25519, signing_algorithm: 'ED25519_SHA_512' }, /whole messages only/],
  ])('%j', async (body, says) => {
    const sent = { ...body, message: base64(message) };
    expect((await kms.post('sign', sent)).status).toBe(400);
    expect((await explain('sign', sent))?.cause).toMatch(says);
  });

  test.each([{}, { key_id: 5 }, { ...ec, message: '' }, { ...ec, signing_algorithm: 'toString', message: 'QUJD' }])(
    'nothing is said of %j',
    async (body) => {
      expect(await explain('verify', body)).toBeUndefined();
    },
  );
});

test('a key by its alias, and a state that is left as it was', async () => {
  const body = { key_id: seededKeys.EC_P256, signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW', message: 'QUJD' };
  const before = await kms.ask('list-keys', {});
  const { key_alias } = await kms.describe(seededKeys.EC_P256);
  expect(await explain('sign', { ...body, key_id: `alias/${key_alias}` })).toMatchObject({
    key_id: seededKeys.EC_P256,
    verdict: 'signed',
  });
  expect(await kms.ask('list-keys', {})).toStrictEqual(before);
});
