/** Failures before and after a change: what a retry finds. */
import { expect, test } from 'vitest';
import type { components } from '../../src/contract/openapi.ts';
import { faultClient, type Rule } from '../support/faults.ts';
import { send } from '../support/http.ts';
import { kmsClient } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSignet } from '../support/signet.ts';

const { url } = await useSignet({ seed: 'none' });
const faults = faultClient(url);
const kms = kmsClient(url);

/** The status; 0 where there was no whole answer. */
const statusOf = (body: object): Promise<number> =>
  kms.post('create-key', body).then(
    ({ status }) => status,
    () => 0,
  );
const keysNamed = async (name: string): Promise<number> =>
  (await kms.ask('list-keys', {})).key_details.filter(({ key_alias }) => key_alias === name).length;

const effects: readonly (readonly [string, Rule, number])[] = [
  ['a gateway timeout', { error: 'gatewayTimeout' }, 504],
  ['a reset', { connection: 'reset' }, 0],
];
test.each(effects)('%s before create-key: no key, and the retry makes it', async (what, effect, status) => {
  await faults.add({ operation: 'kms.createKey', times: 1, ...effect });
  const body = { key_alias: `before-${what.replaceAll(' ', '-')}` };
  expect(await statusOf(body)).toBe(status);
  expect(await keysNamed(body.key_alias)).toBe(0);
  expect((await kms.post('create-key', body)).status).toBe(200);
  expect(await keysNamed(body.key_alias)).toBe(1);
});

test.each([...effects, ['half an answer', { connection: 'truncated' }, 0]] as const)(
  '%s after create-key: the key is there, and the retry is told that its name is taken',
  async (what, effect, status) => {
    await faults.add({ operation: 'kms.createKey', phase: 'after', times: 1, ...effect });
    const body = { key_alias: `after-${what.replaceAll(' ', '-')}` };
    expect(await statusOf(body)).toBe(status);
    expect(await keysNamed(body.key_alias)).toBe(1);
    expectKmsRefusal(await kms.post('create-key', body), 'KMS.1104');
    expect(await keysNamed(body.key_alias)).toBe(1);
  },
);

test('after an operation that refuses by itself, the client sees the fault all the same', async () => {
  await faults.add({ operation: 'kms.describeKey', phase: 'after', times: 1, error: 'badGateway' });
  expect((await kms.post('describe-key', { key_id: 'alias/none' })).status).toBe(502);
  expectKmsRefusal(await kms.post('describe-key', { key_id: 'alias/none' }), 'KMS.0207');
});

test('only late, an operation that refuses by itself is heard', async () => {
  await faults.add({ operation: 'kms.describeKey', phase: 'after', latency: { fixed: 1 } });
  expectKmsRefusal(await kms.post('describe-key', { key_id: 'alias/none' }), 'KMS.0207');
});

test('deletion that came through: the retry finds that it is scheduled', async () => {
  const key_id = await kms.create({ key_alias: 'to-be-deleted' });
  await faults.add({ operation: 'kms.scheduleKeyDeletion', phase: 'after', times: 1, error: 'internal' });
  expectKmsRefusal(await kms.post('schedule-key-deletion', { key_id, pending_days: '7' }), 'KMS.0103');
  expectKmsRefusal(await kms.post('schedule-key-deletion', { key_id, pending_days: '7' }), 'KMS.1402');
});

const checked = ['http', 'route', 'credential', 'token', 'admission', 'contract'];
test.each<[string, Rule, string, string[]]>([
  ['an error before', { error: 'badGateway' }, 'refused', ['fault']],
  ['an error after', { error: 'badGateway', phase: 'after' }, 'refused', ['operation', 'fault']],
  ['a reset before', { connection: 'reset' }, 'broken', ['fault']],
  ['a reset after', { connection: 'reset', phase: 'after' }, 'broken', ['operation', 'fault']],
  ['half an answer', { connection: 'truncated' }, 'broken', ['fault', 'operation']],
  ['a late answer', { latency: { fixed: 1 } }, 'answered', ['fault', 'operation']],
  ['an answer that is late after', { latency: { fixed: 1 }, phase: 'after' }, 'answered', ['fault', 'operation']],
])('the journal has %s with its rule, and when it was looked at', async (_what, effect, outcome, last) => {
  const { id } = await faults.add({ operation: 'kms.listKeys', times: 1, ...effect });
  await kms.post('list-keys', {}).catch(() => undefined);
  const { body } = await send(url, 'get', '/_signet/journal?operation=kms.listKeys');
  const entry = (body as components['schemas']['JournalPage']).entries.find(({ fault_id }) => fault_id === id);
  expect(entry).toMatchObject({ outcome });
  expect(entry?.checks.map(({ check }) => check)).toEqual([...checked, ...last]);
});
