import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { send } from '../support/http.ts';
import { accessKey, project, seededKeys, token } from '../support/identity.ts';
import { kmsClient, kmsPath } from '../support/kms.ts';
import { signedClient } from '../support/signed.ts';
import { useConsole } from './browser.ts';

const { signet, open } = await useConsole();
const kms = kmsClient(signet.url);
const signed = signedClient(signet.url, Date.now);
const toSign = { key_id: seededKeys.EC_P256, signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW', message: 'aGk=' };

describe('the journal', () => {
  it('shows requests as they come, without what the console itself reads', async () => {
    const page = await open('/journal');
    await page.getByText('Live').waitFor();
    await kms.ask('sign', toSign);
    const row = page.getByRole('row').filter({ hasText: 'kms.sign' });
    await row.getByText('200 answered').waitFor();
    expect(await page.getByRole('row').filter({ hasText: 'kms.listKeys' }).count()).toBe(0);

    await kms.post('sign', { ...toSign, signing_algorithm: 'SM2DSA_SM3' });
    await page.getByRole('row').filter({ hasText: '400 KMS.' }).getByRole('link', { name: 'kms.sign' }).click();
    const entry = page.getByRole('complementary', { name: 'Request' });
    await entry.getByRole('heading', { name: 'kms.sign' }).waitFor();
    expect(await entry.getByRole('list', { name: 'Checks' }).getByRole('listitem').last().textContent()).toContain(
      'refused',
    );
    // The token is in the request, and not on the page.
    expect(await page.content()).not.toContain('signet-token');
  });

  it('asks for as many as it shows each time, so that none is lost that came between', async () => {
    const page = await open('/journal');
    const waiting = page.waitForRequest((request) => request.url().includes('wait_seconds='));
    await kms.ask('sign', toSign);
    expect(new URL((await waiting).url()).searchParams.get('limit')).toBe('500');
  });

  it('is narrowed by operation and outcome, paused, and cleared', async () => {
    await kms.ask('sign', toSign);
    await kms.ask('gen-random', { random_data_length: '8' });
    await kms.post('sign', { ...toSign, message: '' });
    const page = await open('/journal');
    const operations = page.getByRole('table', { name: 'Requests' }).getByRole('link');
    await page.getByRole('link', { name: 'kms.genRandom' }).first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('kms.sign');
    await page.keyboard.press('Enter');
    await page.getByLabel('Outcome').selectOption('Refused');
    await page.getByRole('row').filter({ hasText: '200' }).first().waitFor({ state: 'detached' });
    await operations.first().waitFor();
    expect(new Set(await operations.allTextContents())).toEqual(new Set(['kms.sign']));

    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused').waitFor();
    await page.getByRole('button', { name: 'Clear…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Clear' }).click();
    await page.getByText('No request yet.').waitFor();
    expect((await send(signet.url, 'get', '/_signet/journal')).body).toMatchObject({ entries: [] });
  });

  it('explains what was signed', async () => {
    await kms.ask('sign', toSign);
    const page = await open('/journal');
    await page.getByRole('link', { name: 'kms.sign' }).first().click();
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByRole('heading', { name: 'What was signed' }).waitFor();
    await page.getByText(createHash('sha256').update('hi').digest('hex')).waitFor();
  });

  it('leads from a refusal to the cause, with both canonical requests', async () => {
    const target = kmsPath('sign');
    const { status, headers } = await signed({
      target: `${target}?b=1&a=2`,
      sent: { target: `${target}?b=1&a=3` },
      body: JSON.stringify(toSign),
    });
    expect(status).toBe(401);
    const page = await open(`/journal/${headers['x-request-id']!}`);
    await page.getByRole('heading', { name: 'Request signature' }).waitFor();
    await page.getByText(accessKey.access).first().waitFor();
    await page.getByRole('list', { name: 'Canonical request of what came' }).getByText('a=3&b=1').waitFor();
    expect(await page.content()).not.toContain(accessKey.secret);
  });

  it('marks where two canonical requests begin to differ, when the cause is proved', async () => {
    const body = JSON.stringify(toSign);
    const { headers } = await signed({
      target: kmsPath('sign'),
      body,
      sent: { body: JSON.stringify(toSign, null, 1) },
    });
    const page = await open(`/journal/${headers['x-request-id']!}`);
    await page.getByText('Proved: with this cause').waitFor();
    const marks = page.locator('.lines .differs mark');
    await marks.first().waitFor();
    expect(await marks.count()).toBe(2);
  });
});

describe('a pasted request', () => {
  it('is explained, by keyboard too', async () => {
    const page = await open('/explain');
    const text = `curl -X POST '${signet.url}${kmsPath('list-keys')}' -H 'X-Auth-Token: nobodys' -d '{}'`;
    await page.getByLabel('HTTP request or curl command').fill(text);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Token' }).waitFor();
    await page.getByText('unknown').first().waitFor();
  });

  it.each([
    ['is signed', toSign, 'good'],
    ['the operation would refuse', { ...toSign, signing_algorithm: 'SM2DSA_SM3' }, 'bad'],
  ])('that %s is shown as such', async (_what, body, look) => {
    const page = await open('/explain');
    const text = `curl '${signet.url}${kmsPath('sign')}' -H 'X-Auth-Token: ${token}' -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
    await page.getByLabel('HTTP request or curl command').fill(text);
    await page.getByRole('button', { name: 'Explain' }).click();
    expect(await page.locator('.explanation > .verdict').getAttribute('class')).toBe(`verdict ${look}`);
  });

  it('that is none is refused in place', async () => {
    const page = await open('/explain');
    await page.getByLabel('HTTP request or curl command').fill('what is this?');
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByRole('alert').getByText('Signet.UnreadableRequest').waitFor();
  });
});

it('shows an unknown request as such', async () => {
  const page = await open(`/journal/${'0'.repeat(32)}?project=${project.id}`);
  await page.getByText('Signet.NoSuchRequest').waitFor();
});
