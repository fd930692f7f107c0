/** Requests to sign and to verify that are refused have no verdict: nothing was signed and nothing was checked. */
import { describe, expect, test } from 'vitest';
import { faultClient } from '../support/faults.ts';
import { base64, kmsClient } from '../support/kms.ts';
import { useSignet } from '../support/signet.ts';
import { explainer, explainText } from './explained.ts';

const { url } = await useSignet();
const kms = kmsClient(url);
const explain = explainer(url, kms);
const algorithm = { signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW' };
const message = base64(Buffer.from('signed by nobody'));
const made = (name: string) => kms.create({ key_alias: name, key_spec: 'EC_P256', key_usage: 'SIGN_VERIFY' });

const enabled = await made('enabled');
const disabled = await made('disabled');
const going = await made('going');
const { signature } = await kms.ask('sign', { ...algorithm, key_id: disabled, message });
await kms.ask('disable-key', { key_id: disabled });
await kms.ask('schedule-key-deletion', { key_id: going, pending_days: '7' });
const symmetric = await kms.create({ key_alias: 'symmetric', key_spec: 'AES_256' });

const rows = [
  ['a disabled key', { key_id: disabled, message }, /^The key is disabled\.$/],
  ['a key that is going', { key_id: going, message }, /^The key is pending deletion\.$/],
  ['a symmetric key', { key_id: symmetric, message }, /AES_256 key .* does not sign/],
  [
    'a message that is too long',
    { key_id: enabled, message: base64(Buffer.alloc(4097)) },
    /^The message has 4097 bytes, and 4096 are the most/,
  ],
] as const;

describe.each(['sign', 'verify'] as const)('%s', (action) => {
  test.each(rows)('%s', async (_why, about, cause) => {
    const body = { ...algorithm, ...about, ...(action === 'verify' && { signature }) };
    const { status } = await kms.post(action, body);
    expect(status).toBe(400);
    for (const explanation of [await explain(action, body), await explainText(url, action, body)]) {
      expect(explanation?.cause).toMatch(cause);
      expect(explanation).not.toHaveProperty('verdict');
    }
  });

  test('the longest message has one', async () => {
    const body = { ...algorithm, key_id: enabled, message: base64(Buffer.alloc(4096)), signature };
    expect(await explain(action, body)).toHaveProperty('verdict', action === 'sign' ? 'signed' : 'invalid');
  });
});

test.each([
  ['before', undefined],
  ['after', 'signed'],
] as const)('a fault %s the operation', async (phase, verdict) => {
  await faultClient(url).add({ operation: 'kms.sign', phase, times: 1, error: 'gatewayTimeout' });
  const explanation = await explain('sign', { ...algorithm, key_id: enabled, message });
  expect(explanation?.algorithm).toBe('ECDSA_SHA_256');
  expect(explanation?.verdict).toBe(verdict);
});
