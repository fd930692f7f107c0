/** The state as a file: what was signed before is verified after, in whatever Signet; the file reads and compares like text. */
import { createDecipheriv, createPublicKey, generateKeyPairSync, randomBytes, scryptSync, verify } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { opensslAgrees } from '../crypto/outside/openssl.ts';
import { iamClient, withPassword } from '../iam/tokens.ts';
import { makeClock } from '../support/clock.ts';
import { send } from '../support/http.ts';
import { asymmetricSpecs, project, seededKeys, token } from '../support/identity.ts';
import { base64, bytesOf, kmsClient } from '../support/kms.ts';
import { useFolder, useSignet } from '../support/signet.ts';
import { aliasesOf, changed, isValid, parsed, publicKey, signature, stateClient, stateOf } from './state-client.ts';

const clock = makeClock();
const rsaPss = { signing_algorithm: 'RSASSA_PSS_SHA_256', message_type: 'RAW' };
const newUrls: readonly (readonly [string, () => string])[] = [
  ['in memory', () => 'sqlite::memory:'],
  ['in a file', () => `sqlite:${join(useFolder(), 'state.sqlite')}`],
];

describe.each(newUrls)('%s', async (_, newUrl) => {
  const start = () => useSignet({ databaseUrl: newUrl(), now: clock.now });
  const { url, createProject } = await start();
  const [state, kms] = [stateClient(url), kmsClient(url)];

  test('the same key pairs sign after an export, a reset and an import', async () => {
    const ec = await kms.create({ key_alias: 'ec', key_spec: 'EC_P256' });
    const rsa = await kms.create({ key_alias: 'rsa', key_spec: 'RSA_2048' });
    const [ecPublic, rsaPublic] = [await publicKey(kms, ec), await publicKey(kms, rsa)];
    const before = await signature(kms, ec);
    const text = await state.text();
    await state.reset();
    expect((await kms.post('describe-key', { key_id: ec })).status).toBe(404);
    expect((await state.import(parsed(text))).status).toBe(204);

    expect(await publicKey(kms, ec)).toBe(ecPublic);
    for (const made of [before, await signature(kms, ec)]) expect(isValid(ecPublic, made)).toBe(true);
    const message = Buffer.from('of RSA');
    const body = { key_id: rsa, message: base64(message), ...rsaPss };
    const made = bytesOf((await kms.ask('sign', body)).signature);
    const files = { 'public.pem': rsaPublic, message, signature: made };
    const options = ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:32'];
    const args = ['dgst', '-sha256', ...options, '-verify', 'public.pem', '-signature', 'signature', 'message'];
    expect(opensslAgrees(args, files)).toBe(true);
    expect(opensslAgrees(args, { ...files, message: 'another' })).toBe(false);
  });

  test('ciphertexts and MACs of before are good after', async () => {
    const encrypted = await kms.ask('encrypt-data', { key_id: seededKeys.AES_256, plain_text: base64('secret') });
    const keyId = await kms.create({ key_alias: 'rotated', key_spec: 'AES_256' });
    const old = await kms.ask('encrypt-data', { key_id: keyId, plain_text: base64('old') });
    await kms.ask('rotate-on-demand', { key_id: keyId });
    const text = await state.text();
    await state.reset({ to: 'identity' });
    await state.import(parsed(text));
    const plain = async (cipher: string) => (await kms.ask('decrypt-data', { cipher_text: cipher })).plain_text;
    expect(await plain(encrypted.cipher_text)).toBe(base64('secret'));
    expect(await plain(old.cipher_text)).toBe(base64('old'));
  });

  test('export, import elsewhere, export: the same bytes', async () => {
    await send(url, 'post', '/_signet/faults', { body: { operation: 'kms.sign', error: 'KMS.0103', skip: 1000 } });
    await send(url, 'put', '/_signet/clock', { body: { now: '2030-01-01T00:00:00.250Z', frozen: true } });
    await createProject('another');
    const text = await state.text();
    const other = await start();
    expect((await stateClient(other.url).import(parsed(text))).status).toBe(204);
    expect(await stateClient(other.url).text()).toBe(text);
    expect((await send(other.url, 'get', '/_signet/clock')).body).toMatchObject({ now: '2030-01-01T00:00:00.250Z' });
    expect(await aliasesOf(other.url)).toEqual(await aliasesOf(url));
    await send(url, 'put', '/_signet/clock', { body: { now: '2031-01-01T00:00:00.000Z', frozen: false } });
    await stateClient(other.url).import(parsed(await state.text()));
    clock.advance(1000);
    expect((await send(other.url, 'get', '/_signet/clock')).body).toMatchObject({ now: '2031-01-01T00:00:01.000Z' });
    await state.reset();
  });

  test('an id that was of another key pair is of the new one at once', async () => {
    const text = await state.text();
    const id = seededKeys.EC_P256;
    const [oldPublic, oldMade] = [await publicKey(kms, id), await signature(kms, id)];
    const made = await kms.create({ key_alias: 'made', key_spec: 'EC_P256' });
    const find = (snapshot: string, keyId: string) =>
      stateOf(snapshot).domains[0]?.projects?.[0]?.keys?.find((key) => key.id === keyId);
    const source = find(await state.text(), made);
    const exchanged = changed(text, (file) => {
      const target = file.domains[0]?.projects?.[0]?.keys?.find((key) => key.id === id);
      Object.assign(target ?? {}, { public_key_pem: source?.public_key_pem, materials: source?.materials });
    });
    expect((await state.import(exchanged)).text).toBe('');
    const [newPublic, newMade] = [await publicKey(kms, id), await signature(kms, id)];
    expect(newPublic).not.toBe(oldPublic);
    expect([isValid(newPublic, newMade), isValid(oldPublic, newMade), isValid(newPublic, oldMade)]).toEqual([
      true,
      false,
      false,
    ]);
    await state.import(parsed(text));
    expect(isValid(oldPublic, await signature(kms, id))).toBe(true);
  });

  test('tokens work as the file says: those of then, and none of since', async () => {
    const login = async () =>
      (await iamClient(url).post(withPassword({}, { project: { id: project.id } }))).headers['x-subject-token'] ?? '';
    const status = async (value: string) => (await kmsClient(url, { token: value }).post('list-keys', {})).status;
    const old = await login();
    const text = await state.text();
    const since = await login();
    expect([await status(old), await status(since), await status(token)]).toEqual([200, 200, 200]);
    await state.import(parsed(text));
    expect([await status(old), await status(since), await status(token)]).toEqual([200, 403, 200]);
    const another = await start();
    await stateClient(another.url).import(parsed(text));
    expect((await kmsClient(another.url, { token: old }).post('list-keys', {})).status).toBe(200);
  });

  test('of one project goes in the place of that project, or beside all others', async () => {
    const made = await createProject('mine');
    const caller = { projectId: made.project.id, token: made.token };
    const mine = kmsClient(url, caller);
    const id = await mine.create({ key_alias: 'mine', key_spec: 'EC_P256' });
    const pem = await publicKey(mine, id);
    const text = (await state.export({ project_id: made.project.id })).text;
    expect(stateOf(text)).toMatchObject({ project_id: made.project.id, domains: [{ projects: [{ name: 'mine' }] }] });
    expect(text).not.toContain(project.id);
    await mine.create({ key_alias: 'later', key_spec: 'EC_P256' });
    await kms.create({ key_alias: 'of-another', key_spec: 'EC_P256' });
    const others = (await state.export({ project_id: project.id })).text;
    expect((await state.import(parsed(text))).status).toBe(204);
    expect(await aliasesOf(url, caller)).toEqual(['mine']);
    expect((await state.export({ project_id: project.id })).text).toBe(others);

    const elsewhere = await start();
    expect((await stateClient(elsewhere.url).import(parsed(text))).status).toBe(204);
    const there = kmsClient(elsewhere.url, caller);
    expect(isValid(pem, await signature(there, id))).toBe(true);
    expect(await aliasesOf(elsewhere.url)).toHaveLength(Object.keys(seededKeys).length);
    expect((await stateClient(elsewhere.url).export({ project_id: made.project.id })).text).toBe(text);
  });

  test('has the greatest version that there may be: its key works, and rotates', async () => {
    const text = await state.text();
    const version = 2 ** 31 - 1;
    const greatest = changed(text, (file) => {
      const key = file.domains[0]?.projects?.[0]?.keys?.find(({ id }) => id === seededKeys.AES_256);
      const materials = key?.materials?.map((material) => ({ ...material, version }));
      Object.assign(key ?? {}, { material_version: version, materials });
    });
    expect((await state.import(greatest)).text).toBe('');
    const key_id = seededKeys.AES_256;
    for (let turn = 0; turn < 2; turn++) {
      const { cipher_text } = await kms.ask('encrypt-data', { key_id, plain_text: 'text' });
      expect((await kms.ask('decrypt-data', { cipher_text })).plain_text).toBe('text');
      await kms.ask('rotate-on-demand', { key_id });
    }
    await state.import(parsed(text));
  });

  test('of a project that is not there: 404', async () => {
    expect((await state.export({ project_id: 'nowhere' })).status).toBe(404);
  });

  describe('sealed', () => {
    const passphrase = 'Grüße – correct horse';

    test('holds nothing in clear, and opens with its passphrase alone', async () => {
      const open = await state.text();
      const sealed = (await state.export({ passphrase })).text;
      expect(Object.keys(parsed(sealed))).toEqual(['signet_snapshot', 'sealed']);
      for (const clear of ['PRIVATE KEY', 'SignetSecretAccessKey', 'eu-de', project.id, passphrase]) {
        expect(
          [sealed, Buffer.from(parsed(sealed).sealed?.data ?? '', 'base64').toString('latin1')].join(),
        ).not.toContain(clear);
      }
      await kms.create({ key_alias: 'later', key_spec: 'EC_P256' });
      for (const wrong of ['another', undefined]) {
        const answer = await state.import(parsed(sealed), wrong);
        expect([answer.status, answer.text.includes('Signet.WrongPassphrase')]).toEqual([400, true]);
      }
      expect(await aliasesOf(url)).toContain('later');
      expect((await state.import(parsed(sealed), passphrase.normalize('NFD'))).status).toBe(204);
      expect(await state.text()).toBe(open);
    });

    test('is scrypt and AES-256-GCM as RFC 7914 and SP 800-38D have it', async () => {
      const { sealed } = parsed((await state.export({ passphrase })).text);
      const { kdf, salt, cipher, data } = sealed ?? { kdf: '', salt: '', cipher: '', data: '' };
      expect([kdf, cipher]).toEqual(['scrypt$ln=15,r=8,p=1', 'aes-256-gcm']);
      const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 28 };
      const key = scryptSync(passphrase.normalize('NFC'), Buffer.from(salt, 'base64'), 32, cost);
      const bytes = Buffer.from(data, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 13), { authTagLength: 16 });
      decipher.setAAD(Buffer.from(`signet 1 snapshot 1 ${kdf} ${salt} ${cipher}`)).setAuthTag(bytes.subarray(-16));
      const json = Buffer.concat([decipher.update(bytes.subarray(13, -16)), decipher.final()]).toString();
      expect(JSON.parse(json)).toEqual(stateOf(await state.text()));
    });

    test('every one differs, though the state does not', async () => {
      const [one, other] = [await state.export({ passphrase }), await state.export({ passphrase })];
      expect(one.text).not.toBe(other.text);
    });
  });
});

describe('the file', async () => {
  const { url } = await useSignet({ now: clock.now });
  const [state, kms] = [stateClient(url), kmsClient(url)];

  const lines = (text: string): readonly string[] => text.split('\n');
  /** Lines that stand in one of the two and not in the other. */
  const differences = (one: string, other: string): readonly string[] => {
    const [before, after] = [new Set(lines(one)), new Set(lines(other))];
    return [...lines(one).filter((line) => !after.has(line)), ...lines(other).filter((line) => !before.has(line))];
  };

  test('differs by a few lines where one key was changed', async () => {
    const before = await state.text();
    expect(await state.text()).toBe(before);
    await kms.ask('disable-key', { key_id: seededKeys.SM2 });
    const disabled = await state.text();
    expect(lines(disabled)).toHaveLength(lines(before).length);
    expect(differences(before, disabled)).toEqual(['                "state": "disabled",']);
    await kms.ask('update-key-description', { key_id: seededKeys.SM2, key_description: 'changed' });
    expect(differences(disabled, await state.text())).toEqual(['                "description": "changed",']);
    await kms.create({ key_alias: 'one-more', key_spec: 'EC_P256' });
    expect(lines(await state.text()).length - lines(before).length).toBeLessThan(25);
  });

  test('is the same whatever the order in which things were made', async () => {
    const tags = [
      { key: 'b', value: '1' },
      { key: 'a', value: '2' },
    ];
    const texts = [];
    for (const order of [tags, tags.toReversed()]) {
      await state.reset();
      for (const tag of order) await kms.ask('{key_id}/tags', { key_id: seededKeys.SM2, tag });
      texts.push(await state.text());
    }
    expect(texts[0]).toBe(texts[1]);
  });

  test.each(asymmetricSpecs)('has the private key of %s as others read it', async (spec) => {
    const keys = stateOf(await state.text()).domains[0]?.projects?.[0]?.keys ?? [];
    const key = keys.find(({ id }) => id === seededKeys[spec]);
    const files = { 'key.pem': key?.materials?.[0]?.private_key_pem ?? '' };
    expect(opensslAgrees(['pkey', '-in', 'key.pem', '-pubout', '-out', 'out'], files)).toBe(true);
    expect(key?.public_key_pem).toContain('-----BEGIN PUBLIC KEY-----\n');
  });

  test('may be written by hand: a key pair of somebody else signs', async () => {
    const pair = generateKeyPairSync('ed25519', {
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const snapshot = changed(await state.text(), (file) => {
      const key = file.domains[0]?.projects?.[0]?.keys?.find(({ id }) => id === seededKeys.ED25519);
      const materials = [{ version: 1, private_key_pem: pair.privateKey }];
      Object.assign(key ?? {}, { public_key_pem: pair.publicKey, materials });
    });
    expect((await state.import(snapshot)).text).toBe('');
    const message = randomBytes(50);
    const body = {
      key_id: seededKeys.ED25519,
      message: base64(message),
      signing_algorithm: 'ED25519_SHA_512',
      message_type: 'RAW',
    };
    const { signature: made } = await kms.ask('sign', body);
    expect(verify(null, message, createPublicKey(pair.publicKey), bytesOf(made))).toBe(true);
  });
});
