import { createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { seededKeys } from '../support/identity.ts';
import { send } from '../support/http.ts';
import { base64, bytesOf, kmsClient, type KmsAction, type KmsClient } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { sampleKeys, sampleProject, sampleSeeds } from './sample-keys.ts';

interface Samples {
  readonly status?: number;
  readonly samples: readonly { readonly json?: object; readonly path?: string }[];
}

const samples = JSON.parse(
  readFileSync(new URL('../vectors/kms-doc-samples.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Samples>>;

/** The name that the vectors have for an operation. */
const nameOf = (action: KmsAction): string => {
  const [, method = 'POST', path = ''] = /^(?:([A-Z]+) )?(.*)$/.exec(action) ?? [];
  const literal = path.replace('resource_instances', '{resource_instances}');
  return `${method} /v1.0/{project_id}/kms/${literal}`;
};
const json = (operation: string, index: number): object => samples[operation]!.samples[index]!.json!;
const sample = (action: KmsAction, index: number): object => json(nameOf(action), index);

/** Fields and their types, all the way down; lists by their first item. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0])];
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shape(field)]));
}

type Family = keyof typeof sampleSeeds;

/** Makes the state that a sample finds. */
type Preparation = (kms: KmsClient) => Promise<unknown>;

interface Pair {
  readonly action: KmsAction;
  /** Which sample is the request; null where it has no body. */
  readonly request: number | null;
  /** Which one is the answer; null where it is empty. */
  readonly answer: number | null;
  readonly status: number;
  readonly prepare?: Preparation;
}

const pair = (action: KmsAction, request: number | null = 0, answer: number | null = 1, status = 200): Pair => ({
  ...{ action, request, answer, status },
});

/** Imports some material, wrapped as a client of the documented way wraps it. */
const importMaterial: Preparation = async (kms) => {
  const id = { key_id: sampleKeys.kms_test };
  const { import_token, public_key } = await kms.ask('get-parameters-for-import', {
    ...id,
    wrapping_algorithm: 'RSAES_OAEP_SHA_256',
  });
  const key = createPublicKey({ key: bytesOf(public_key), format: 'der', type: 'spki' });
  const wrapped = publicEncrypt({ key, oaepHash: 'sha256' }, randomBytes(32));
  await kms.ask('import-key-material', { ...id, import_token, encrypted_key_material: base64(wrapped) });
};

/** The documented requests, in an order in which each finds its key as documented. */
const families: Readonly<Record<Family, readonly Pair[]>> = {
  keys: [
    pair('describe-key'),
    pair('list-keys'),
    pair('sign', 0, 2),
    pair('sign', 1, 3),
    pair('get-publickey'),
    pair('update-key-alias'),
    pair('update-key-description'),
    pair('disable-key'),
    pair('enable-key'),
    pair('schedule-key-deletion'),
    pair('cancel-key-deletion'),
    pair('enable-key'),
  ],
  data: [
    pair('encrypt-data'),
    pair('create-datakey'),
    pair('create-datakey-without-plaintext'),
    pair('encrypt-datakey'),
    pair('gen-random'),
  ],
  macs: [pair('generate-mac'), pair('verify-mac')],
  imports: [
    pair('get-parameters-for-import'),
    { ...pair('delete-imported-key-material', 0, null), prepare: importMaterial },
  ],
  rotation: [
    pair('enable-key-rotation'),
    pair('update-key-rotation-interval'),
    pair('get-key-rotation-status'),
    pair('disable-key-rotation'),
  ],
  grants: [pair('create-grant'), pair('list-grants'), pair('list-retirable-grants')],
  revoking: [pair('revoke-grant')],
  retiring: [pair('retire-grant')],
  tags: [
    pair('GET {key_id}/tags', null, 0),
    pair('{key_id}/tags', 0, null, 204),
    pair('{key_id}/tags/action', 0, null, 204),
    pair('{key_id}/tags/action', 1, null, 204),
    pair('GET tags', null, 0),
    pair('DELETE {key_id}/tags/{key}', null, null, 204),
  ],
  aliases: [
    pair('aliases', 0, 1, 201),
    pair('GET aliases', null, 0),
    pair('alias/associate'),
    pair('DELETE aliases', 0, null, 204),
    pair('GET user-instances', null, 0),
    pair('GET user-quotas', null, 0),
  ],
};

/** Answered letter for letter: there is nothing in them that is ours. */
const literal = /^(enable|disable|schedule|cancel|update|revoke|retire)/;

const clients: Record<string, KmsClient> = {};
for (const [family, seed] of Object.entries(sampleSeeds)) {
  clients[family] = kmsClient((await useSignet({ seed: useSeed(seed) })).url, { projectId: sampleProject });
}
/** And as everybody finds them: the default seed has the two keys of the samples. */
const { url } = await useSignet();
const standard = kmsClient(url);

describe.each(Object.entries(families))('%s', (family, pairs) => {
  const kms = clients[family]!;
  const path = { key_id: sampleKeys.caseuirpr, key: 'testKey' };

  test.each(pairs)('$action (sample $request) is answered with $status as documented (sample $answer)', async (row) => {
    const { action, request, answer, status, prepare } = row;
    await prepare?.(kms);
    const { status: given, body } = await kms.post(action, request === null ? undefined : sample(action, request), {
      path,
    });
    expect([given, body]).toEqual([status, expect.anything()]);
    expect(status).toBe(samples[nameOf(action)]!.status ?? status);
    if (literal.test(action)) expect(body).toStrictEqual(sample(action, answer ?? 0));
    else if (answer !== null) expect(shape(body)).toMatchObject(shape(sample(action, answer)) as object);
    else expect(body).toEqual({});
  });
});

describe('with the default seed, by copy and paste', () => {
  test('create-key', async () => {
    const { body, status } = await standard.post('create-key', sample('create-key', 0));
    expect([status, shape(body)]).toEqual([200, shape(sample('create-key', 1))]);
  });

  test.each([
    ['RAW', 0],
    ['DIGEST', 1],
  ])('sign, %s', async (_type, index) => {
    const request = sample('sign', index);
    const { key_id: id, signature } = await standard.ask('sign', request);
    expect(id).toBe(seededKeys.RSA_2048);
    expect(Buffer.from(signature, 'base64')).toHaveLength(256);
    expect((await standard.ask('verify', { ...request, signature })).signature_valid).toBe('true');
  });

  test('get-publickey', async () => {
    const { key_id: id } = await standard.ask('get-publickey', sample('get-publickey', 0));
    expect(id).toBe(seededKeys.RSA_4096);
  });

  test.each([
    ['GET /', '/'],
    ['GET /{version_id}', '/v1.0'],
  ])('%s', async (operation, path) => {
    const headers = { Host: 'kms.eu-de.otc.t-systems.com' };
    const text = JSON.stringify(json(operation, 0)).replaceAll('https://', 'http://');
    expect((await send(url, 'get', path, { headers })).body).toMatchObject(withList(JSON.parse(text) as object));
  });
});

/** A list in the sample may go on: `GET /` also names the identity service. */
const withList = (body: object): object =>
  'versions' in body ? { versions: expect.arrayContaining(body.versions as unknown[]) as unknown } : body;

interface Resource {
  readonly resource_detail: object;
  readonly tags: readonly object[];
}
const documentedResource = (): Resource =>
  (sample('resource_instances/action', 1) as { resources: readonly [Resource] }).resources[0];

type Deviation = readonly [action: KmsAction, reason: string, show: () => Promise<void>];

const { keys, data, macs, imports, tags, grants, aliases } = clients as Record<Family, KmsClient>;

/** Where Signet does not do what a sample shows, and why. */
const deviations: readonly Deviation[] = [
  [
    'verify',
    'refuses the sample: its signature ends in "XXX...", which is not Base64',
    async () => {
      expectKmsRefusal(await keys.post('verify', sample('verify', 0)), 'KMS.0308');
    },
  ],
  [
    'verify',
    'refuses it with a real signature, too: its message decodes to 31 bytes, and DIGEST is meant',
    async () => {
      const body = { ...sample('verify', 0), signature: Buffer.alloc(512).toString('base64') };
      expectKmsRefusal(await keys.post('verify', body), 'KMS.0329');
      expect((await keys.ask('verify', { ...body, message_type: 'RAW' })).signature_valid).toBe('false');
    },
  ],
  [
    'get-publickey',
    "answers with the key that was asked for; the sample's answer is another key's",
    async () => {
      const request = sample('get-publickey', 0) as { key_id: string };
      const answer = sample('get-publickey', 1) as { key_id: string };
      expect(answer.key_id).not.toBe(request.key_id);
      expect((await keys.ask('get-publickey', request)).key_id).toBe(request.key_id);
    },
  ],
  [
    'get-publickey',
    'gives SubjectPublicKeyInfo; the sample has the bare RSA key in that frame, and CRLF',
    async () => {
      const { public_key: documented } = sample('get-publickey', 1) as { public_key: string };
      expect(documented).toMatch(/^-----BEGIN PUBLIC KEY-----\r\nMIICCgKCAgEA/);
      const { public_key: pem } = await keys.ask('get-publickey', sample('get-publickey', 0));
      expect(pem).toMatch(/^-----BEGIN PUBLIC KEY-----\nMIICIjANBgkqhkiG9w0BAQEFAAOCAg8A/);
    },
  ],
  [
    'sign',
    'takes the DIGEST sample as it stands, which ends in a letter with spare bits and is no SHA-256 of "abcd"',
    async () => {
      const request = sample('sign', 1) as { message: string };
      expect(request.message).toMatch(/DFYK=$/);
      const { signature } = await keys.ask('sign', request);
      const plain = { ...request, message: request.message.replace(/K=$/, 'I='), signature };
      expect((await keys.ask('verify', plain)).signature_valid).toBe('true');
      const typo = { ...request, message: request.message.replace(/K=$/, 'k='), signature };
      expect((await keys.ask('verify', typo)).signature_valid).toBe('false');
    },
  ],
  [
    'list-keys',
    'with marker 1 passes over one key; the sample shows both keys of two',
    async () => {
      const { keys: ids, total } = await keys.ask('list-keys', sample('list-keys', 0));
      expect([ids.length, total]).toEqual([2, 4]);
    },
  ],
  [
    'describe-key',
    'says more than the sample, as list-keys does: the tables of the pages have these fields',
    async () => {
      const documented = (sample('describe-key', 1) as { key_info: object }).key_info;
      const { key_info: info } = await keys.ask('describe-key', sample('describe-key', 0));
      const more = ['key_spec', 'key_usage', 'key_rotation_enabled', 'sys_enterprise_project_id', 'keystore_id'];
      expect(Object.keys(info).filter((name) => !(name in documented))).toEqual(more);
    },
  ],
  [
    'encrypt-data',
    'gives a ciphertext as long as 8 bytes make it; the sample shows that of a longer plaintext, under another key',
    async () => {
      const { cipher_text: given } = await data.ask('encrypt-data', sample('encrypt-data', 0));
      const { cipher_text: shown } = sample('encrypt-data', 1) as { cipher_text: string };
      expect([given.length, shown.length]).toEqual([188, 360]);
      expect(bytesOf(shown).toString('latin1')).toContain('25abe69f-ae10-44cd-bc87-1bda1de3b7d7');
    },
  ],
  [
    'decrypt-data',
    "does not open the sample's ciphertext, whose key nobody but the vendor has; it opens its own with the documented answer",
    async () => {
      expectKmsRefusal(await data.post('decrypt-data', sample('decrypt-data', 0)), 'KMS.2201');
      const { cipher_text } = await data.ask('encrypt-data', sample('encrypt-data', 0));
      const answer = await data.ask('decrypt-data', { cipher_text });
      expect(answer).toMatchObject(sample('decrypt-data', 1));
      expect(answer.plain_text_base64).toBe(base64('12345678'));
    },
  ],
  [
    'decrypt-datakey',
    "does not open the sample's ciphertext either, and the sample's plaintext is another one's; its own has that shape",
    async () => {
      expectKmsRefusal(await data.post('decrypt-datakey', sample('decrypt-datakey', 0)), 'KMS.2201');
      const { cipher_text } = await data.ask('encrypt-datakey', sample('encrypt-datakey', 0));
      const answer = await data.ask('decrypt-datakey', { ...sample('decrypt-datakey', 0), cipher_text });
      expect(shape(answer)).toEqual(shape(sample('decrypt-datakey', 1)));
      const [dataKey, digest] = (sample('encrypt-datakey', 0) as { plain_text: string }).plain_text.split(' ');
      expect([answer.data_key, answer.datakey_dgst]).toEqual([dataKey!.toUpperCase(), digest!.toUpperCase()]);
    },
  ],
  [
    'verify-mac',
    'says false: the sample asks for another MAC of the key and message of which generate-mac shows one',
    async () => {
      const asked = sample('verify-mac', 0);
      expect(sample('verify-mac', 1)).toMatchObject({ mac_valid: true });
      expect((await macs.ask('verify-mac', asked)).mac_valid).toBe(false);
      const { mac } = await macs.ask('generate-mac', sample('generate-mac', 0));
      expect((await macs.ask('verify-mac', { ...asked, mac })).mac_valid).toBe(true);
    },
  ],
  [
    'import-key-material',
    "does not know the sample's token, whose private key nobody but the vendor has",
    async () => {
      expectKmsRefusal(await imports.post('import-key-material', sample('import-key-material', 0)), 'KMS.2605');
    },
  ],
  [
    'list-grants',
    'says one thing more than the sample, as the table of the page does: grantee_principal_type',
    async () => {
      const [documented] = (sample('list-grants', 1) as { grants: object[] }).grants;
      const { grants: given } = await grants.ask('list-grants', sample('list-grants', 0));
      const names = (grant: object) => Object.keys(grant).sort();
      expect(names(given[0]!)).toEqual(names({ ...documented, grantee_principal_type: 'user' }));
    },
  ],
  [
    'resource_instances/action',
    'finds nothing behind 100 keys where there is one; from the first on, and with a number for total_count, it is the sample',
    async () => {
      const request = sample('resource_instances/action', 0);
      const tag = { key: 'key1', value: 'value1' };
      await tags.ask('{key_id}/tags', { key_id: sampleKeys.caseuirpr, tag });
      expect(await tags.ask('resource_instances/action', request)).toEqual({ resources: [], total_count: 1 });
      const answer = await tags.ask('resource_instances/action', { ...request, offset: '0' });
      const { tags: shown } = documentedResource();
      expect(shape(answer)).toMatchObject({
        resources: [{ resource_id: 'string', resource_name: 'string', tags: shape(shown) }],
        total_count: 'number',
      });
    },
  ],
  [
    'resource_instances/action',
    'says of a key what describe-key says, in text; the sample of 2018 has numbers there, which no SDK of today can read',
    async () => {
      const { resources } = await tags.ask('resource_instances/action', { action: 'filter' });
      const { resource_detail: detail } = resources![0]!;
      expect(documentedResource().resource_detail).toMatchObject({ key_state: 2, default_key_flag: 0, key_type: 1 });
      expect(detail).toMatchObject({ key_state: '2', default_key_flag: '0', key_type: '1' });
      expect(detail).toEqual(await tags.describe(sampleKeys.caseuirpr));
    },
  ],
  [
    'DELETE {key_id}/tags/{key}',
    'answers the documented path with 204 and nothing in it, where the sample shows {}',
    async () => {
      const { path } = samples[nameOf('DELETE {key_id}/tags/{key}')]!.samples[0]!;
      expect(path).toBe(`/v1.0/${sampleProject}/kms/${sampleKeys.caseuirpr}/tags/testKey`);
      await tags.ask('{key_id}/tags', { key_id: sampleKeys.caseuirpr, tag: { key: 'testKey', value: '' } });
      const answer = await tags.post('DELETE {key_id}/tags/{key}', { key_id: sampleKeys.caseuirpr, key: 'testKey' });
      expect([answer.status, answer.text]).toEqual([204, '']);
    },
  ],
  [
    'GET user-quotas',
    'counts the keys that there are, and allows as many as the setting says; the sample shows 15 of 20',
    async () => {
      const { quotas } = await aliases.ask('GET user-quotas', undefined);
      expect(quotas.resources).toEqual([
        { type: 'CMK', used: 1, quota: 1_000_000 },
        { type: 'grant_per_CMK', used: 0, quota: 100 },
      ]);
    },
  ],
];

describe('deviations', () => {
  test.each(deviations)('%s %s', async (_action, _reason, show) => show());
});

test('every documented request is either answered as documented or a deviation', () => {
  const actions = Object.values(families).flatMap((pairs) => pairs.map(({ action }) => action));
  const shown = [...actions, 'create-key' as const, ...deviations.map(([action]) => action)].map(nameOf);
  expect(new Set([...shown, 'GET /', 'GET /{version_id}'])).toEqual(new Set(Object.keys(samples)));
});
