import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { seededKeys } from '../support/identity.ts';
import { send } from '../support/http.ts';
import { kmsClient, type KmsAction } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { sampleKeys, sampleSeed } from './sample-keys.ts';

interface Samples {
  readonly samples: readonly { readonly json: object }[];
}

const samples = JSON.parse(
  readFileSync(new URL('../vectors/kms-doc-samples.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Samples>>;

const json = (operation: string, index: number): object => samples[operation]!.samples[index]!.json;
const sample = (action: KmsAction, index: number): object => json(`POST /v1.0/{project_id}/kms/${action}`, index);

/** The documented keys, in the states in which the samples find them. */
const { url } = await useSignet({ seed: useSeed(sampleSeed) });
const kms = kmsClient(url);
/** And as everybody finds them: the default seed has the two keys of the samples. */
const standard = kmsClient((await useSignet()).url);

/** Fields and their types, all the way down; lists by their first item. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0])];
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shape(field)]));
}

/** The documented requests, in an order in which each finds its key as documented: request, answer. */
const pairs: readonly (readonly [KmsAction, request: number, answer: number])[] = [
  ['describe-key', 0, 1],
  ['list-keys', 0, 1],
  ['sign', 0, 2],
  ['sign', 1, 3],
  ['get-publickey', 0, 1],
  ['update-key-alias', 0, 1],
  ['update-key-description', 0, 1],
  ['disable-key', 0, 1],
  ['enable-key', 0, 1],
  ['schedule-key-deletion', 0, 1],
  ['cancel-key-deletion', 0, 1],
  ['enable-key', 0, 1],
];
/** Answered letter for letter: there is nothing in them that is ours. */
const literal = /^(enable|disable|schedule|cancel|update)/;

describe('the documented request', () => {
  test.each(pairs)(
    'of %s (sample %i) is answered with the documented fields (sample %i)',
    async (action, request, answer) => {
      const { status, body } = await kms.post(action, sample(action, request));
      expect(status).toBe(200);
      if (literal.test(action)) expect(body).toStrictEqual(sample(action, answer));
      else expect(shape(body)).toMatchObject(shape(sample(action, answer)) as object);
    },
  );

  test('of create-key', async () => {
    const { body, status } = await standard.post('create-key', sample('create-key', 0));
    expect([status, shape(body)]).toEqual([200, shape(sample('create-key', 1))]);
  });

  test.each([
    ['RAW', 0],
    ['DIGEST', 1],
  ])('of sign, %s, works with the default seed by copy and paste', async (_type, index) => {
    const request = sample('sign', index);
    const { key_id: id, signature } = await standard.ask('sign', request);
    expect(id).toBe(seededKeys.RSA_2048);
    expect(Buffer.from(signature, 'base64')).toHaveLength(256);
    expect((await standard.ask('verify', { ...request, signature })).signature_valid).toBe('true');
  });

  test('of get-publickey, too', async () => {
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

/** Where Signet does not do what a sample shows, and why. */
const deviations = {
  'verify refuses the sample: its signature ends in "XXX...", which is not Base64': async () => {
    expectKmsRefusal(await kms.post('verify', sample('verify', 0)), 'KMS.0308');
  },
  'verify refuses it with a real signature, too: its message decodes to 31 bytes, and DIGEST is meant': async () => {
    const body = { ...sample('verify', 0), signature: Buffer.alloc(512).toString('base64') };
    expectKmsRefusal(await kms.post('verify', body), 'KMS.0329');
    expect((await kms.ask('verify', { ...body, message_type: 'RAW' })).signature_valid).toBe('false');
  },
  "get-publickey answers with the key that was asked for; the sample's answer is another key's": async () => {
    const request = sample('get-publickey', 0) as { key_id: string };
    const answer = sample('get-publickey', 1) as { key_id: string };
    expect(answer.key_id).not.toBe(request.key_id);
    expect((await kms.ask('get-publickey', request)).key_id).toBe(request.key_id);
  },
  'get-publickey gives SubjectPublicKeyInfo; the sample has the bare RSA key in that frame, and CRLF': async () => {
    const { public_key: documented } = sample('get-publickey', 1) as { public_key: string };
    expect(documented).toMatch(/^-----BEGIN PUBLIC KEY-----\r\nMIICCgKCAgEA/);
    const { public_key: pem } = await kms.ask('get-publickey', sample('get-publickey', 0));
    expect(pem).toMatch(/^-----BEGIN PUBLIC KEY-----\nMIICIjANBgkqhkiG9w0BAQEFAAOCAg8A/);
  },
  'the DIGEST sample ends in a letter with spare bits; it is no SHA-256 of "abcd", and is signed as it stands':
    async () => {
      const request = sample('sign', 1) as { message: string };
      expect(request.message).toMatch(/DFYK=$/);
      const { signature } = await kms.ask('sign', request);
      const plain = { ...request, message: request.message.replace(/K=$/, 'I='), signature };
      expect((await kms.ask('verify', plain)).signature_valid).toBe('true');
      const typo = { ...request, message: request.message.replace(/K=$/, 'k='), signature };
      expect((await kms.ask('verify', typo)).signature_valid).toBe('false');
    },
  'list-keys with marker 1 passes over one key; the sample shows both keys of two': async () => {
    const { keys, total } = await kms.ask('list-keys', sample('list-keys', 0));
    expect([keys.length, total]).toEqual([2, Object.keys(sampleKeys).length]);
  },
  'describe-key and list-keys say more than the samples: the tables of the pages have these fields': async () => {
    const documented = (sample('describe-key', 1) as { key_info: object }).key_info;
    const { key_info: info } = await kms.ask('describe-key', sample('describe-key', 0));
    const more = ['key_spec', 'key_usage', 'key_rotation_enabled', 'sys_enterprise_project_id', 'keystore_id'];
    expect(Object.keys(info).filter((name) => !(name in documented))).toEqual(more);
  },
};

describe('deviations', () => {
  test.each(Object.entries(deviations))('%s', async (_reason, show) => show());
});

test('every documented request is either answered as documented or a deviation', () => {
  const actions = [...pairs.map(([action]) => action), 'create-key', 'verify'];
  const operations = actions.map((action) => `POST /v1.0/{project_id}/kms/${action}`);
  expect(new Set([...operations, 'GET /', 'GET /{version_id}'])).toEqual(new Set(Object.keys(samples)));
});
