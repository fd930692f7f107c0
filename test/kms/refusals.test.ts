import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { send } from '../support/http.ts';
import { kmsClient, type KmsClient } from '../support/kms.ts';
import { manyStates } from '../support/many-states.ts';
import { expectGatewayRefusal, expectKmsRefusal, gatewayTexts } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { isGateway, type RefusalRow } from './refusal-rows.ts';
import { ofEveryOperation, tooLargeForTheGateway } from './refusals-of-every-operation.ts';
import { ofKeys, ofSigning } from './refusals-of-keys.ts';
import { beyondTheQuota, ofLifecycle } from './refusals-of-lifecycle.ts';

const seed = useSeed(manyStates);
const { url } = await useSignet({ seed });
const kms = kmsClient(url);
const full = kmsClient((await useSignet({ seed, keyQuota: 0 })).url);

const allKeys = () => kms.ask('list-keys', {});
const before = await allKeys();
afterAll(async () => {
  expect(await allKeys(), 'refused requests change nothing').toEqual(before);
});

async function expectRefusal({ action, body, why: _, refusal, ...caller }: RefusalRow, of: KmsClient = kms) {
  const answer = await of.post(action, body, caller);
  if (isGateway(refusal)) expectGatewayRefusal(answer, refusal);
  else expectKmsRefusal(answer, refusal);
}

const title = '$action: $why is $refusal';

describe('of every operation', () => {
  test.each(ofEveryOperation)(title, (row) => expectRefusal(row));
  test.each(tooLargeForTheGateway)(title, (row) => expectRefusal(row));
});
describe('of operations on keys', () => {
  test.each(ofKeys)(title, (row) => expectRefusal(row));
});
describe('of sign and verify', () => {
  test.each(ofSigning)(title, (row) => expectRefusal(row));
});
describe('of the lifecycle', () => {
  test.each(ofLifecycle)(title, (row) => expectRefusal(row));
  test.each(beyondTheQuota)(title, (row) => expectRefusal(row, full));
});

/** The operations that ask for neither a credential nor a body can be asked wrongly in two ways only. */
const ofVersions = ['/', '/v1.0'] as const;
describe('of the versions', () => {
  test.each(ofVersions)('%s: a wrong method is KMS.0215', async (path) => {
    for (const method of ['post', 'put', 'delete'] as const) {
      expectKmsRefusal(await send(url, method, path, { body: {} }), 'KMS.0215');
    }
  });
  test.each(ofVersions)('%s: more than 12 MiB is bodyTooLarge', async (path) => {
    expectGatewayRefusal(await send(url, 'get', path, { body: Buffer.alloc(12 * 1024 * 1024 + 1) }), 'bodyTooLarge');
  });
});

interface Contract {
  readonly tags: readonly { readonly name: string; readonly 'x-refusals'?: readonly string[] }[];
  readonly paths: Readonly<Record<string, { readonly post?: Operation; readonly get?: Operation }>>;
}
interface Operation {
  readonly tags: readonly string[];
  readonly security?: readonly unknown[];
  readonly requestBody?: unknown;
  readonly 'x-refusals'?: readonly string[];
}

/** Of the tag's refusals, those that need a credential or a body to be wrong. */
const ofCredentials = ['KMS.0301', 'KMS.0302', 'KMS.0303', 'KMS.0305', 'KMS.0321', 'APIGW.0301'];
const ofBodies = ['KMS.0202', 'KMS.0203'];

test('there is a row for every refusal of the contract, and none beside it', () => {
  const contract = parse(readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8')) as Contract;
  const ofTag = contract.tags.find(({ name }) => name === 'kms')?.['x-refusals'] ?? [];
  const promised = Object.entries(contract.paths).flatMap(([path, { post, get }]) => {
    const operation = post ?? get;
    if (operation?.tags[0] !== 'kms') return [];
    const impossible = [
      ...(operation.security?.length === 0 ? ofCredentials : []),
      ...(operation.requestBody === undefined ? ofBodies : []),
    ];
    const codes = [...ofTag.filter((code) => !impossible.includes(code)), ...(operation['x-refusals'] ?? [])];
    return codes.map((code) => `${path.replace('/v1.0/{project_id}/kms/', '')} ${code}`);
  });
  const rows = [
    ...ofEveryOperation,
    ...tooLargeForTheGateway,
    ...ofKeys,
    ...ofSigning,
    ...ofLifecycle,
    ...beyondTheQuota,
  ];
  const shown = [
    ...rows.map(({ action, refusal }) => `${action} ${isGateway(refusal) ? gatewayTexts[refusal][1] : refusal}`),
    ...ofVersions.flatMap((path) => [`${path} KMS.0215`, `${path} APIGW.0201`]),
  ];
  expect([...new Set(shown)].sort()).toEqual([...new Set(promised)].sort());
});
