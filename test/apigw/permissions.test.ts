/** What a user needs for which operation. */
import { expect, test } from 'vitest';
import { expectApigRefusal } from '../support/apig-refusals.ts';
import { project, token } from '../support/identity.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { ids } from './gateway-states.ts';
import { ask, names, ofGateways, operations, wellFormed } from './refusal-rows.ts';

/** By operation; those of the keys as the vendor's page of actions has them. */
const actions: Readonly<Record<string, string>> = {
  createSignatureKey: 'apig:signs:create',
  updateSignatureKey: 'apig:signs:update',
  deleteSignatureKey: 'apig:signs:delete',
  listSignatureKeys: 'apig:signs:list',
  bindSignatureKey: 'apig:apis:bindSigns',
  unbindSignatureKey: 'apig:apis:unbindSigns',
  listKeysBoundToApi: 'apig:apis:listBindedSigns',
  listApisBoundToKey: 'apig:signs:listBindedApis',
  listApisNotBoundToKey: 'apig:signs:listUnbindedApis',
  createApi: 'apig:apis:create',
  updateApi: 'apig:apis:update',
  deleteApi: 'apig:apis:delete',
  showApi: 'apig:apis:get',
  listApis: 'apig:apis:list',
  listApiVersions: 'apig:apis:get',
  changeApiState: 'apig:apis:publish',
  publishApi: 'apig:apis:publish',
  takeApiOffline: 'apig:apis:offline',
  createApiGroup: 'apig:groups:create',
  updateApiGroup: 'apig:groups:update',
  deleteApiGroup: 'apig:groups:delete',
  showApiGroup: 'apig:groups:get',
  listApiGroups: 'apig:groups:list',
  createEnvironment: 'apig:envs:create',
  updateEnvironment: 'apig:envs:update',
  deleteEnvironment: 'apig:envs:delete',
  listEnvironments: 'apig:envs:list',
  listGateways: 'apig:instances:list',
  showGateway: 'apig:instances:get',
};

const all = [...new Set(Object.values(actions))];
const asking = (wanted: RegExp): string[] => names.filter((name) => wanted.test(actions[name]!));

/** Users by their permissions, and the operations that they may ask for. */
const users: readonly (readonly [permissions: readonly string[], allowed: readonly string[]])[] = [
  ...all.map((action) => [[action], asking(RegExp(`^${action}$`))] as const),
  ...all.map((action) => [all.filter((other) => other !== action), asking(RegExp(`^(?!${action}$)`))] as const),
  [[], []],
  [['apig:*:*'], names],
  [['*:*:*'], names],
  [['apig:signs:*'], asking(/^apig:signs:/)],
  [['apig:*:list*'], asking(/:list/)],
  [['kms:*:*', 'apig:sign:create', 'apig:signs:Create'], []],
];

const seed = useSeed(`
version: 1
region: eu-de
domains:
  - name: Home
    projects:
      - { id: ${project.id}, name: eu-de, gateways: [{ id: ${ids.gateway}, name: gateway }] }
    users:
      - { name: all, password: x, tokens: [{ token: ${token}, scope: { project: eu-de } }] }${users
        .map(
          ([permissions], index) => `
      - name: user-${index}
        password: x
        permissions: ${JSON.stringify(permissions)}
        tokens: [{ token: token-${index}, scope: { project: eu-de } }]`,
        )
        .join('')}
`);
const { url } = await useSignet({ seed });

test('there is an action for every operation', () => {
  expect(new Set([...operations.values()].map(({ name }) => name))).toEqual(new Set(Object.keys(actions)));
});

test.each([...operations.values()].map(({ id, name }) => [id, actions[name]!, name] as const))(
  '%s asks for %s, and for nothing else',
  async (id, _action, name) => {
    const refusal = ofGateways.includes(name) ? 'APIC.7106' : 'APIG.1005';
    for (const [index, [permissions, allowed]] of users.entries()) {
      const answer = await ask(url, id, { id: ids.unknown, ...wellFormed[name] }, { token: `token-${index}` });
      if (allowed.includes(name)) expect(answer.status, permissions.join()).not.toBe(403);
      else expectApigRefusal(answer, refusal);
    }
  },
);
