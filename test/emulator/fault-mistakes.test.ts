/** A fault rule that cannot be is refused with what is wrong with it, and is not there afterwards. */
import { expect, test } from 'vitest';
import { faultClient } from '../support/faults.ts';
import { useSignet } from '../support/signet.ts';

const { url } = await useSignet({ seed: 'none' });
const faults = faultClient(url);

const error = 'badGateway';
test.each<[string, object, string]>([
  [
    'an operation that there is not',
    { operation: 'kms.sing', error },
    'operation: there is no operation kms.sing; did you mean kms.sign?',
  ],
  [
    'one in other letters',
    { operation: 'KMS.Sign', error },
    'operation: there is no operation KMS.Sign; did you mean kms.sign?',
  ],
  [
    'a service that there is not',
    { operation: 'kmss.*', error },
    'operation: there is no operation kmss.*; did you mean kms.*?',
  ],
  ['a pattern within a name', { operation: 'kms.list*', error }, 'operation: there is no operation kms.list*'],
  ['an operation like no other', { operation: 'everything', error }, 'operation: there is no operation everything'],
  [
    "one of Signet's own",
    { operation: 'emulator.addFault', error },
    "operation: Signet's own operations cannot be spoilt",
  ],
  ["all of Signet's own", { operation: 'emulator.*', error }, "operation: Signet's own operations cannot be spoilt"],
  ['a code that there is not', { operation: 'kms.sign', error: 'KMS.0104' }, 'error: kms has no refusal KMS.0104'],
  [
    'a name that there is not',
    { operation: 'kms.*', error: 'noSuchKeys' },
    'error: kms has no refusal noSuchKeys; did you mean noSuchKey?',
  ],
  ['a name of every object', { operation: 'kms.*', error: 'constructor' }, 'error: kms has no refusal constructor'],
  ['a code of another service', { operation: 'iam.*', error: 'KMS.0103' }, 'error: iam has no refusal KMS.0103'],
  ['a code of no service', { error: 'XYZ.12345' }, 'error: no service has a refusal XYZ.12345'],
  ['a refusal of Signet itself', { error: 'Signet.NoSuchFault' }, 'error: no service has a refusal Signet.NoSuchFault'],
  [
    'refusals that no service has all of',
    { sequence: [{ error: 'KMS.0103' }, { error: 'IAM.0066' }] },
    'sequence: no service has all of these refusals',
  ],
  [
    'an unknown one in a list',
    { operation: 'kms.sign', sequence: [{}, { error: 'KMS.9' }] },
    'sequence[1].error: kms has no refusal KMS.9',
  ],
  ['error and connection', { error, connection: 'reset' }, 'connection: an answer is an error or breaks off, not both'],
  [
    'error and connection in a list',
    { sequence: [{ error, connection: 'reset' }] },
    'sequence[0].connection: an answer is an error or breaks off, not both',
  ],
  [
    'a list and an effect',
    { sequence: [{ error }], latency: { fixed: 1 } },
    'sequence: a rule has a sequence or an effect of its own, not both',
  ],
  [
    'a list, and how often',
    { sequence: [{ error }], times: 2 },
    'times: a sequence is over after its last effect: leave this out',
  ],
  ['nothing to do', {}, 'nothing to do: give an error, a connection, a latency or a sequence'],
  [
    'nothing to do, misspelt',
    { operation: 'kms.sign', eror: error },
    'nothing to do: give an error, a connection, a latency or a sequence',
  ],
  ['a list of nothing', { sequence: [{}, {}] }, 'sequence: nothing to do: all of these let the call pass'],
  ['a latency of nothing', { latency: {} }, 'latency: must be fixed, or min and max, or mean and deviation'],
  [
    'two latencies',
    { latency: { fixed: 1, min: 1, max: 2 } },
    'latency: must be fixed, or min and max, or mean and deviation',
  ],
  ['half a latency', { latency: { min: 1 } }, 'latency: must be fixed, or min and max, or mean and deviation'],
  ['another half', { error, latency: { mean: 1 } }, 'latency: must be fixed, or min and max, or mean and deviation'],
  [
    'a latency the wrong way round',
    { sequence: [{ latency: { min: 2, max: 1 } }] },
    'sequence[0].latency: min is greater than max',
  ],
])('%s', async (_what, rule, error_msg) => {
  const answer = await faults.post(rule);
  expect([answer.status, answer.body]).toStrictEqual([
    400,
    { error: { error_code: 'Signet.InvalidFault', error_msg } },
  ]);
  expect(await faults.list()).toEqual([]);
});

test.each<[string, unknown, string]>([
  ['no object', [], 'Signet.InvalidBody'],
  ['a phase that there is not', { error, phase: 'during' }, 'Signet.InvalidParameter'],
  ['more than certain', { error, probability: 1.5 }, 'Signet.InvalidParameter'],
  ['less than impossible', { error, probability: -1 }, 'Signet.InvalidParameter'],
  ['never', { error, times: 0 }, 'Signet.InvalidParameter'],
  ['half a call', { error, skip: 0.5 }, 'Signet.InvalidParameter'],
  ['a seed too great', { error, seed: 2 ** 32 }, 'Signet.InvalidParameter'],
  ['a connection of another kind', { connection: 'slow' }, 'Signet.InvalidParameter'],
  ['later than 5 minutes', { latency: { fixed: 300_001 } }, 'Signet.InvalidParameter'],
  ['an answer before the question', { latency: { fixed: -1 } }, 'Signet.InvalidParameter'],
  ['an empty list', { sequence: [] }, 'Signet.InvalidParameter'],
  ['a list too long', { sequence: Array.from({ length: 1001 }, () => ({ error })) }, 'Signet.InvalidParameter'],
])('%s', async (_what, rule, error_code) => {
  const answer = await faults.post(rule);
  expect([answer.status, answer.body]).toMatchObject([400, { error: { error_code } }]);
  expect(await faults.list()).toEqual([]);
});
