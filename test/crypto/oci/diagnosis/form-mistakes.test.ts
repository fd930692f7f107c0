/** What clients get wrong when they build a signing string or a signature: told from the signature itself. */
import {
  constants,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  privateEncrypt,
  sign,
  type KeyObject,
} from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { keyIdOf } from '../../../../src/crypto/oci/key-id.ts';
import { openssl } from '../../outside/openssl.ts';
import { date, host, signed } from '../oci-signer.ts';
import { publishedKey, publishedVectors, testKey } from '../vectors.ts';
import {
  authorizationOf,
  causesOf,
  diagnosisOf,
  header,
  reauthorized,
  resigned,
  rewritten,
  signedOver,
  stringOf,
} from './diagnosed.ts';

const body = Buffer.from('{"key":"value"}');
const post = signed({ body });
const text = Buffer.from(stringOf(post), 'latin1');
const digestOf = (hash: string): Buffer => createHash(hash).update(text).digest();

const pair = (bits: number) => generateKeyPairSync('rsa', { modulusLength: bits });
const raw = (block: Buffer, key: KeyObject = testKey.privateKey): Buffer =>
  privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, block);
const padded = (content: Buffer): Buffer =>
  privateEncrypt({ key: testKey.privateKey, padding: constants.RSA_PKCS1_PADDING }, content);
const pss = (hash: string, saltLength: number, key: KeyObject = testKey.privateKey): Buffer =>
  sign(hash, text, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
const right = sign('sha256', text, testKey.privateKey);

/** As `openssl pkeyutl -sign` does it, which takes what it gets for a digest. */
const pkeyutl = (digest: Buffer): Buffer =>
  openssl(['pkeyutl', '-sign', '-inkey', 'key', '-in', 'digest', '-out', 'out'], {
    key: testKey.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    digest,
  });

describe('the signature', () => {
  /** What was made, what that is called, and words that have to be said. */
  const makings: readonly (readonly [what: string, signature: Buffer | string, cause: string, said: RegExp])[] = [
    ['with SHA-1', sign('sha1', text, testKey.privateKey), 'other-hash', /with SHA-1,/],
    ['with SHA-512', sign('sha512', text, testKey.privateKey), 'other-hash', /with SHA-512,/],
    ['with MD5', sign('md5', text, testKey.privateKey), 'other-hash', /with MD5,/],
    ['of a digest, by pkeyutl', pkeyutl(digestOf('sha256')), 'bare-digest', /32 bytes, as long as a SHA-256/],
    ['of a SHA-1 digest, by pkeyutl', pkeyutl(digestOf('sha1')), 'bare-digest', /20 bytes, as long as a SHA-1/],
    ['of a digest in hex', padded(Buffer.from(digestOf('sha256').toString('hex'))), 'bare-digest', /digest in hex,/],
    ['of a digest in Base64', padded(Buffer.from(digestOf('sha256').toString('base64'))), 'bare-digest', /in Base64,/],
    ['with PSS', pss('sha256', 32), 'pss-padding', /RSASSA-PSS \(SHA-256, 32 bytes/],
    ['with PSS and no salt', pss('sha256', 0), 'pss-padding', /RSASSA-PSS \(SHA-256, 0 bytes/],
    ['with PSS and SHA-512', pss('sha512', 64), 'pss-padding', /RSASSA-PSS \(SHA-512, 64 bytes/],
    ['with PSS and as much salt as fits', pss('sha256', 222), 'pss-padding', /RSASSA-PSS \(SHA-256, 222 bytes/],
    [
      'without padding',
      raw(Buffer.concat([Buffer.alloc(224), digestOf('sha256')])),
      'no-padding',
      /without any padding/,
    ],
    ['with a DigestInfo without NULL', padded(withoutNull()), 'digest-info', /RFC 8017/],
    ['in Base64url', right.toString('base64url'), 'signature-writing', /decoded from Base64url/],
    ['in hex', right.toString('hex'), 'signature-writing', /decoded from hex/],
    ['in hex in capitals', right.toString('hex').toUpperCase(), 'signature-writing', /decoded from hex/],
    ['in Base64 of Base64', encoded(right.toString('base64')), 'signature-writing', /decoded from Base64 twice/],
    ['in Base64 of hex', encoded(right.toString('hex')), 'signature-writing', /decoded from hex/],
    [
      'in Base64 without padding',
      right.toString('base64').replace(/=+$/, ''),
      'signature-writing',
      /not written strictly/,
    ],
    ['in Base64 with line breaks', lines(right.toString('base64')), 'signature-writing', /blank|strictly/],
    ['percent-encoded', encodeURIComponent(right.toString('base64')), 'signature-writing', /percent-decoded/],
    [
      'with blanks for plus signs',
      right.toString('base64').replaceAll('+', ' '),
      'signature-writing',
      /a plus for each/,
    ],
    ['with its bytes in reverse order', Buffer.from(right).reverse(), 'signature-writing', /reverse order/],
  ];

  test.each(makings)('%s', (_what, signature, cause, said) => {
    const written = typeof signature === 'string' ? signature : signature.toString('base64');
    const diagnosis = diagnosisOf(resigned(post, written));
    expect(causesOf(diagnosis)).toEqual([cause]);
    expect(diagnosis.summary).toMatch(said);
    expect(diagnosis).toMatchObject({ proved: true, signed: text.toString(), difference: undefined });
  });

  test('over something else shows its hash all the same', () => {
    const other = sign('sha1', Buffer.concat([text, Buffer.from('?')]), testKey.privateKey);
    const diagnosis = diagnosisOf(resigned(post, other.toString('base64')));
    expect(causesOf(diagnosis)).toEqual(['other-hash']);
    expect(diagnosis).toMatchObject({ proved: true, signed: undefined, recovered: { hash: 'SHA-1' } });
    expect(diagnosis.summary).toMatch(/Besides, the client signed something else than what was received/);
  });

  test('with PSS that fills the block, over something else: nothing is said for certain', () => {
    const other = sign('sha256', Buffer.concat([text, Buffer.from('?')]), {
      ...{ key: testKey.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 222 },
    });
    expect(diagnosisOf(resigned(post, other.toString('base64')))).toMatchObject({ proved: false, causes: [] });
  });
});

const encoded = (written: string): string => Buffer.from(written).toString('base64');
const lines = (written: string): string => written.replaceAll(/.{64}/g, '$& ').replaceAll(' ', '\t');

function withoutNull(): Buffer {
  return Buffer.concat([
    Buffer.from('302f300b0609608648016503040201', 'hex'),
    Buffer.from('0420', 'hex'),
    digestOf('sha256'),
  ]);
}

describe('the key', () => {
  const [own, one, two] = [pair(2048), pair(2048), pair(2048)];
  const big = pair(3072);
  const idOf = (fingerprint: string) => ({
    tenancyId: 'ocid1.tenancy.oc1..t',
    userId: 'ocid1.user.oc1..u',
    fingerprint,
  });
  const otherKeys = [own, one, two, big].map(({ publicKey }, index) => ({ id: idOf(`0${index}`), publicKey }));

  test.each([
    ['of the same size', two, 2],
    ['of another size', big, 3],
  ])('another stored one %s', (_what, { privateKey }, index) => {
    const signature = sign('sha256', text, privateKey).toString('base64');
    const diagnosis = diagnosisOf(resigned(post, signature), { otherKeys });
    expect(causesOf(diagnosis)).toEqual(['other-stored-key']);
    expect(diagnosis.summary).toContain(keyIdOf(idOf(`0${index}`)));
    expect(diagnosis.signed).toBe(text.toString());
  });

  test('another stored one, and the host changed as well', () => {
    const signature = sign('sha256', text, one.privateKey).toString('base64');
    const received = rewritten(resigned(post, signature), { host: 'backend' });
    expect(causesOf(diagnosisOf(received, { otherKeys, hosts: [host] }))).toEqual([
      'other-stored-key',
      'host-of-service',
    ]);
  });

  test('another stored one, over something else: the key is certain', () => {
    const signature = sign('sha256', Buffer.from('something else'), one.privateKey).toString('base64');
    expect(diagnosisOf(resigned(post, signature), { otherKeys })).toMatchObject({
      ...{ proved: true, signed: undefined, causes: [{ name: 'other-stored-key' }] },
    });
  });

  test('one that is not stored', () => {
    const signature = sign('sha256', text, pair(2048).privateKey).toString('base64');
    const diagnosis = diagnosisOf(resigned(post, signature), { otherKeys });
    expect(causesOf(diagnosis)).toEqual(['no-stored-key']);
    expect(diagnosis).toMatchObject({ proved: true, signed: undefined, recovered: undefined });
    // Of the four, the one of 3072 bits cannot have made it.
    expect(diagnosis.summary).toMatch(
      /^The stored key did not make this signature, nor did any of the 3 others that were tried: it was made with another private key, or changed afterwards\./,
    );
  });

  test.each([
    ['a smaller one', 1024, /as long as one by a key of 1024 bits, and the stored key has 2048/],
    ['a larger one', 4096, /as long as one by a key of 4096 bits, and the stored key has 2048/],
  ])('%s', (_what, bits, said) => {
    const signature = sign('sha256', text, pair(bits).privateKey).toString('base64');
    const diagnosis = diagnosisOf(resigned(post, signature));
    expect(causesOf(diagnosis)).toEqual(['other-key-size']);
    expect(diagnosis.summary).toMatch(said);
  });

  test.each([
    ['cut off', right.toString('base64').slice(0, -40)],
    ['none', ''],
    ['no Base64 at all', '???'],
  ])('a signature that is %s', (_what, signature) => {
    const diagnosis = diagnosisOf(resigned(post, signature));
    expect(causesOf(diagnosis)).toEqual(['signature-length']);
  });

  test('no RSA key at all is none', () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    expect(causesOf(diagnosisOf(post, {}, publicKey))).toEqual(['other-key-size']);
  });

  test('that of the published vectors: PSS is told, and all else is right', () => {
    for (const vector of publishedVectors) {
      const diagnosis = diagnosisOf(vector.request, {}, createPublicKey(publishedKey.publicKeyPem));
      expect(causesOf(diagnosis)).toEqual(vector.algorithm === 'rsa-sha256' ? [] : ['pss-padding']);
      expect(diagnosis.signed).toBe(vector.signingString);
    }
  });
});

describe('the signing string', () => {
  const twice = (encoding: 'latin1' | 'hex' | 'base64') => (written: string) =>
    createHash('sha256').update(written).digest().toString(encoding);
  const named = (rename: (name: string) => string) => (written: string) => written.replaceAll(/^[^:]+(?=: )/gm, rename);
  const capital = (name: string): string => name.replaceAll(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());

  /** What the client signs in place of the right string; the second one is told, where that is not it. */
  type Change = (written: string) => string;
  const mistakes: readonly (readonly [what: string, cause: string, change: Change, told?: Change])[] = [
    ['hashed twice', 'double-hash', twice('latin1'), String],
    ['hashed twice, in hex', 'double-hash', twice('hex'), String],
    ['hashed twice, in Base64', 'double-hash', twice('base64'), String],
    ['with a line feed at its end', 'trailing-newline', (written) => `${written}\n`],
    ['with CR and LF between its lines', 'line-ends', (written) => written.replaceAll('\n', '\r\n')],
    ['with CR and LF behind all lines', 'trailing-newline', (written) => `${written}\n`.replaceAll('\n', '\r\n')],
    ['with \\n for line feeds', 'line-ends', (written) => written.replaceAll('\n', '\\n')],
    ['without blanks behind colons', 'blank-behind-colon', (written) => written.replaceAll(/^([^:]+): /gm, '$1:')],
    ['with blanks before colons', 'blank-behind-colon', (written) => written.replaceAll(/^([^:]+): /gm, '$1 : ')],
    ['with names in capitals', 'names-case', named((name) => name.toUpperCase())],
    ['with names as headers have them', 'names-case', named((name) => (name.startsWith('(') ? name : capital(name)))],
    ['with the method in capitals', 'target-line', (written) => written.replace(': post ', ': POST ')],
    ['without the method', 'target-line', (written) => written.replace(': post ', ': ')],
    ['with the request line', 'target-line', (written) => written.replace(/^\(.*$/m, `POST ${post.target} HTTP/1.1`)],
    ['with the whole URL', 'url-for-target', (written) => written.replace('post /', `post https://${host}/`)],
    ['without the query', 'query-not-signed', (written) => written.replace(/\?.*/, '')],
    ['with values alone', 'values-alone', (written) => written.replaceAll(/^[^:]+: /gm, '')],
    ['with another order of lines', 'header-order', (written) => written.split('\n').reverse().join('\n')],
    ['with lines sorted by name', 'header-order', (written) => written.split('\n').sort().join('\n')],
    ['without a line', 'headers-list', (written) => written.replace(/\nhost: .*/, '')],
    ['with an empty content-length', 'content-length-form', (written) => written.replace(/(content-length: ).*/, '$1')],
    [
      'with the digest in hex',
      'content-sha256-form',
      (written) => written.replace(/(sha256: ).*/, `$1${createHash('sha256').update(body).digest('hex')}`),
    ],
    ['with x-date for date', 'date-line', (written) => written.replace(/^date/m, 'x-date')],
    ['with the date in ISO 8601', 'date-form', (written) => written.replace(date, '2014-01-05T21:31:40Z')],
    ['with the time of an earlier try', 'date-replaced', (written) => written.replace('21:31:40', '21:31:27')],
    ['with the host in other letters', 'host-case', (written) => written.replace(host, host.toUpperCase())],
    ['with the scheme before the host', 'host-form', (written) => written.replace(host, `https://${host}`)],
    ['with the older name of the host', 'host-alias', (written) => written.replace('.oci.oracle', '.oracle')],
    [
      'with another content type',
      'content-type',
      (written) => written.replace('application/json', 'application/octet-stream'),
    ],
    ['in Base64', 'string-encoded', (written) => Buffer.from(written).toString('base64'), String],
  ];

  test.each(mistakes.map(([what, cause, change, told = change]) => [what, cause, change, told] as const))(
    '%s',
    (_what, cause, change, told) => {
      const diagnosis = diagnosisOf(signedOver(change, { body }));
      expect(causesOf(diagnosis)).toEqual([cause]);
      expect(diagnosis.proved).toBe(true);
      expect(diagnosis.signed).toBe(told(text.toString()));
      const isTold = told(text.toString()) !== text.toString();
      expect(diagnosis.difference === undefined).toBe(!isTold);
    },
  );

  test('names in the letters in which they are listed', () => {
    const names = 'Date (request-target) Host';
    const text = `Date: ${date}\n(request-target): get /20160918/users?limit=1\nHost: ${host}`;
    const diagnosis = diagnosisOf(signed({ names, text }));
    expect(causesOf(diagnosis)).toEqual(['names-case']);
    expect(diagnosis.signed).toBe(text);
  });

  test('Date signed and X-Date listed, where both came with different values', () => {
    const later = 'Sun, 05 Jan 2014 21:33:00 GMT';
    const request = signed({
      ...{ names: 'x-date (request-target) host', text: stringOf(signed()).replace('date', 'x-date') },
      headers: [
        ['X-Date', later],
        ['Date', date],
        ['Host', host],
      ],
    });
    expect(causesOf(diagnosisOf(request))).toEqual(['date-exchanged']);
  });

  test('bytes beyond ASCII in a header, encoded a second time', () => {
    const headers = [
      ['Date', date],
      ['Host', host],
      ['X-Name', Buffer.from('é').toString('latin1')],
    ] as const;
    const request = signedOver((written) => Buffer.from(written).toString('latin1'), {
      headers,
      names: 'date (request-target) host x-name',
    });
    const diagnosis = diagnosisOf(request);
    expect(causesOf(diagnosis)).toEqual(['string-encoded']);
    expect(diagnosis.components).toContainEqual({ name: 'x-name', received: 'é' });
  });
});

test('another order of names is told by the list that would be right', () => {
  const request = reauthorized(post, (written) =>
    written.replace('date (request-target) host', 'host date (request-target)'),
  );
  expect(authorizationOf(request).headers[0]).toBe('host');
  const { causes, signed: string } = diagnosisOf(request);
  expect(causes[0]?.explanation).toContain('"date (request-target) host content-length content-type x-content-sha256"');
  expect(string).toBe(stringOf(post));
  expect(header(post, 'host')).toBe(host);
});
