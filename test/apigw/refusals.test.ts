import { afterAll, describe, expect, test } from 'vitest';
import { gatewayClient } from '../support/apigw.ts';
import { expectApigRefusal, isApigCode } from '../support/apig-refusals.ts';
import { expectGatewayRefusal, gatewayTexts, type GatewayRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { fullGateway, gatewayStates, ids } from './gateway-states.ts';
import { ask, operations, type RefusalRow } from './refusal-rows.ts';
import { beyondTheQuotas, ofApis, ofDefinitions, ofGroups } from './refusals-of-apis.ts';
import { ofEveryOperation } from './refusals-of-every-operation.ts';
import { beyondTheKeys, ofBindings, ofKeys } from './refusals-of-keys.ts';

const { url } = await useSignet({ seed: useSeed(gatewayStates) });
const full = await useSignet({ seed: useSeed(fullGateway) });

/** All that the gateway has. */
const everything = (of: string): Promise<readonly unknown[]> => {
  const gateway = gatewayClient(of, 'v2', { gatewayId: ids.gateway });
  const lists = ['signs', 'api-groups', 'envs', 'apis', `sign-bindings/binded-apis?sign_id=${ids.keys.bound}`];
  return Promise.all(lists.map(async (path) => (await gateway.send('get', path)).body));
};
const before = await Promise.all([everything(url), everything(full.url)]);
afterAll(async () => {
  expect(await Promise.all([everything(url), everything(full.url)]), 'refused requests change nothing').toEqual(before);
});

const isGateway = (refusal: string): refusal is GatewayRefusal => refusal in gatewayTexts;

async function expectRefusal({ operation, refusal, about, caller, ...asking }: RefusalRow, of = url): Promise<void> {
  const answer = await ask(of, operation, asking, caller);
  if (isGateway(refusal)) expectGatewayRefusal(answer, refusal);
  else if (isApigCode(refusal)) expectApigRefusal(answer, refusal, about);
  else throw new Error(`${refusal} is no refusal`);
}

const title = '$operation: $why is $refusal $about';
const tables = {
  'every operation': ofEveryOperation,
  keys: ofKeys,
  bindings: ofBindings,
  definitions: ofDefinitions,
  APIs: ofApis,
  'groups and environments': ofGroups,
} satisfies Record<string, readonly RefusalRow[]>;

describe.each(Object.entries(tables))('of %s', (_name, rows) => {
  test.each(rows)(title, (row) => expectRefusal(row));
});
const beyond = [...beyondTheKeys, ...beyondTheQuotas];
test.each(beyond)(title, (row) => expectRefusal(row, full.url));

test('there is a row for every refusal of the contract, and none beside it', () => {
  const shown = [...Object.values(tables).flat(), ...beyond].map(
    ({ operation, refusal }) => `${operation} ${isGateway(refusal) ? gatewayTexts[refusal][1] : refusal}`,
  );
  const promised = [...operations.values()].flatMap(({ id, refusals }) => refusals.map((code) => `${id} ${code}`));
  expect([...new Set(shown)].sort()).toEqual([...new Set(promised)].sort());
});
