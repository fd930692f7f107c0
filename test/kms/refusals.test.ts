import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { send } from '../support/http.ts';
import { kmsClient, type KmsAction, type KmsClient } from '../support/kms.ts';
import { manyStates } from '../support/many-states.ts';
import { expectGatewayRefusal, expectKmsRefusal, gatewayTexts } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { isGateway, type RefusalRow } from './refusal-rows.ts';
import { ofAliases, ofKeystores } from './refusals-of-aliases.ts';
import { ofData } from './refusals-of-data.ts';
import { ofEveryOperation, tooLargeForTheGateway } from './refusals-of-every-operation.ts';
import { ofGrants } from './refusals-of-grants.ts';
import { ofImport } from './refusals-of-import.ts';
import { ofKeys, ofSigning } from './refusals-of-keys.ts';
import { beyondTheQuota, ofLifecycle } from './refusals-of-lifecycle.ts';
import { ofRotation } from './refusals-of-rotation.ts';
import { ofTags } from './refusals-of-tags.ts';

const seed = useSeed(manyStates);
const { url } = await useSignet({ seed });
const kms = kmsClient(url);
const full = kmsClient((await useSignet({ seed, keyQuota: 0 })).url);

const everything = async () => [
  await kms.ask('list-keys', {}),
  await kms.ask('GET aliases', {}),
  await kms.ask('GET tags', {}),
  await kms.ask('GET user-quotas', {}),
];
const before = await everything();
afterAll(async () => {
  expect(await everything(), 'refused requests change nothing').toEqual(before);
});

async function expectRefusal({ action, body, why: _, refusal, ...caller }: RefusalRow, of: KmsClient = kms) {
  const answer = await of.post(action, body, caller);
  if (isGateway(refusal)) expectGatewayRefusal(answer, refusal);
  else expectKmsRefusal(answer, refusal);
}

const title = '$action: $why is $refusal';

const tables = {
  'every operation': [...ofEveryOperation, ...tooLargeForTheGateway],
  'operations on keys': ofKeys,
  'sign and verify': ofSigning,
  'the lifecycle': ofLifecycle,
  data: ofData,
  imports: ofImport,
  rotation: ofRotation,
  grants: ofGrants,
  tags: ofTags,
  aliases: ofAliases,
  keystores: ofKeystores,
} satisfies Record<string, readonly RefusalRow[]>;

describe.each(Object.entries(tables))('of %s', (_name, rows) => {
  test.each(rows)(title, (row) => expectRefusal(row));
});
test.each(beyondTheQuota)(title, (row) => expectRefusal(row, full));

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
  readonly paths: Readonly<Record<string, Readonly<Record<string, Partial<Operation>>>>>;
}
interface Operation {
  readonly tags: readonly string[];
  readonly security: readonly unknown[];
  readonly requestBody: unknown;
  readonly 'x-refusals': readonly string[];
}

/** Of the tag's refusals, those that need a credential or a body to be wrong. */
const ofCredentials = ['KMS.0301', 'KMS.0302', 'KMS.0303', 'KMS.0305', 'KMS.0321', 'APIGW.0301'];
const ofBodies = ['KMS.0202', 'KMS.0203'];

/** What takes a state that a seed cannot give, such as an import token that has expired; each has a test where that state is made. */
const inPreparedStates: Readonly<Partial<Record<KmsAction, readonly string[]>>> = {
  // import.test.ts, import-asymmetric.test.ts
  'get-parameters-for-import': ['KMS.0210', 'KMS.0310'],
  'import-key-material': [
    ...['KMS.0210', 'KMS.0310', 'KMS.0311', 'KMS.2601', 'KMS.2603', 'KMS.2604', 'KMS.2606', 'KMS.2608', 'KMS.2609'],
    'KMS.2610',
  ],
  'delete-imported-key-material': ['KMS.2702'],
  // grants.test.ts, tags.test.ts, aliases.test.ts
  'create-grant': ['KMS.2404'],
  '{key_id}/tags': ['KMS.0409'],
  '{key_id}/tags/action': ['KMS.0409'],
  aliases: ['KMS.1105'],
  'alias/associate': ['KMS.1105'],
  // data-keys.test.ts, re-encrypt.test.ts
  'decrypt-datakey': ['KMS.2204'],
  're-encrypt': ['KMS.2108', 'KMS.2204'],
};

/** An operation as `KmsAnswers` names it; those without a project by their paths. */
const nameOf = (path: string, method: string): string =>
  `${method === 'post' || !path.startsWith('/v1.0/') ? '' : `${method.toUpperCase()} `}${path.replace(/^\/v1\.0\/\{project_id\}(\/kms\/)?/, '')}`;

test('there is a row for every refusal of the contract, and none beside it', () => {
  const contract = parse(readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8')) as Contract;
  const ofTag = contract.tags.find(({ name }) => name === 'kms')?.['x-refusals'] ?? [];
  const operations = Object.entries(contract.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ name: nameOf(path, method), ...operation })),
  );
  const promised = operations.flatMap(({ name, tags, security, requestBody, 'x-refusals': own = [] }) => {
    if (tags?.[0] !== 'kms') return [];
    const impossible = [
      ...(security?.length === 0 ? ofCredentials : []),
      ...(requestBody === undefined ? ofBodies : []),
    ];
    return [...ofTag.filter((code) => !impossible.includes(code)), ...own].map((code) => `${name} ${code}`);
  });
  const rows = [...Object.values(tables).flat(), ...beyondTheQuota];
  const shown = [
    ...rows.map(({ action, refusal }) => `${action} ${isGateway(refusal) ? gatewayTexts[refusal][1] : refusal}`),
    ...ofVersions.flatMap((path) => [`${path} KMS.0215`, `${path} APIGW.0201`]),
    ...Object.entries(inPreparedStates).flatMap(([action, codes]) => codes.map((code) => `${action} ${code}`)),
  ];
  expect([...new Set(shown)].sort()).toEqual([...new Set(promised)].sort());
});
