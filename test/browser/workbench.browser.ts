import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { send } from '../support/http.ts';
import { seededKeys } from '../support/identity.ts';
import { kmsClient } from '../support/kms.ts';
import { tabTo, useConsole } from './browser.ts';

const { signet, open } = await useConsole();
const kms = kmsClient(signet.url);
const ask = async (path: string) => (await send(signet.url, 'get', `/_signet${path}`)).body as Record<string, unknown>;
const sign = () =>
  kms.post('sign', {
    key_id: seededKeys.EC_P256,
    signing_algorithm: 'ECDSA_SHA_256',
    message_type: 'RAW',
    message: 'aGk=',
  });
const names = async () => (await kms.ask('list-keys', {})).key_details.map((key) => key.key_alias);

async function confirm(page: Page, verb: string): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: verb, exact: true }).click();
}

describe('faults', () => {
  afterEach(async () => {
    await send(signet.url, 'delete', '/_signet/faults');
  });

  it('are added, act, are counted, and are removed', async () => {
    const page = await open('/faults');
    await page.getByText('No rule: every call goes its way.').waitFor();
    await page.getByLabel('Error').fill('KMS.0103');
    await page.getByLabel('How many times').fill('1');
    await page.getByRole('button', { name: 'Add' }).click();
    const row = page.getByRole('row').filter({ hasText: 'refused: KMS.0103' });
    await row.getByText('0 of 0 spoilt').waitFor();

    expect([(await sign()).status, (await sign()).status]).toEqual([500, 200]);
    await page.getByRole('button', { name: 'Refresh' }).click();
    await row.getByText('1 of 2 spoilt').waitFor();
    await row.getByRole('button', { name: 'Remove' }).click();
    await row.waitFor({ state: 'detached' });
    expect(await ask('/faults')).toEqual({ faults: [] });
  });

  it('say all that the API takes', async () => {
    const page = await open('/faults');
    await page.getByLabel('Operation').fill('kms.createKey');
    await page.getByLabel('What happens').selectOption('Break off before the answer');
    await page.getByLabel('When').selectOption('after');
    await page.getByLabel('Latency in ms').fill('20');
    await page.getByLabel('Calls to let pass first').fill('2');
    await page.getByLabel('Probability').fill('0.5');
    await page.getByLabel('Project', { exact: true }).last().selectOption('eu-de');
    await page.getByLabel('Key id').fill(seededKeys.SM2);
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByText('breaks off before the answer, late by 20 ms').waitFor();
    const { faults } = await ask('/faults');
    expect(faults).toMatchObject([
      {
        ...{ operation: 'kms.createKey', connection: 'reset', phase: 'after', latency: { fixed: 20 }, skip: 2 },
        ...{ probability: 0.5, key_id: seededKeys.SM2 },
      },
    ]);
    await page.getByRole('button', { name: 'Remove all…' }).click();
    await confirm(page, 'Remove all');
    await page.getByText('No rule: every call goes its way.').waitFor();
  });

  it('with an unknown code are refused in place', async () => {
    const page = await open('/faults');
    await page.getByLabel('Error').fill('KMS.9999');
    await page.getByLabel('Error').press('Enter');
    await page.getByRole('alert').getByText('Signet.InvalidFault').waitFor();
    expect(await ask('/faults')).toEqual({ faults: [] });
  });

  it('show in the console itself as what they are', async () => {
    await send(signet.url, 'post', '/_signet/faults', {
      body: { operation: 'kms.sign', connection: 'truncated', times: 1 },
    });
    const page = await open(`/sign/${seededKeys.EC_P256}`);
    await page.getByRole('button', { name: 'Sign', exact: true }).click();
    await page.getByRole('alert').getByText('No whole answer came').waitFor();
  });
});

describe('the clock', () => {
  it('is frozen, set, advanced by buttons, and goes back', async () => {
    const id = await kms.create({ key_alias: 'mortal' });
    await kms.ask('schedule-key-deletion', { key_id: id, pending_days: '7' });
    const page = await open('/clock');
    await page.getByRole('button', { name: 'Freeze' }).click();
    await page.getByText('frozen').waitFor();
    await page.getByLabel('Set to (UTC)').fill('2031-02-03T04:05:06');
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await page.getByText('2031-02-03 04:05:06 UTC').first().waitFor();
    expect(await ask('/clock')).toMatchObject({ now: '2031-02-03T04:05:06.000Z', frozen: true });
    // What fell due on the way is told.
    await page.getByRole('row').filter({ hasText: 'Key deleted' }).getByRole('link', { name: id }).waitFor();
    expect(await names()).not.toContain('mortal');

    await page.getByRole('button', { name: '+ 7 days' }).click();
    await page.getByText('Nothing fell due.').waitFor();
    await page.getByLabel('Advance by').fill('90');
    await page.getByLabel('Unit').selectOption('minutes');
    await page.getByLabel('Advance by').press('Enter');
    await page.getByText('2031-02-10 05:35:06 UTC').first().waitFor();
    expect(await ask('/clock')).toMatchObject({ now: '2031-02-10T05:35:06.000Z', frozen: true });

    await page.getByRole('button', { name: 'Back to the real time' }).click();
    await page.getByText('the same').waitFor();
    expect(await ask('/clock')).toMatchObject({ frozen: false, offset_milliseconds: 0 });
  });

  it('may pass the age of the token that the console has', async () => {
    const page = await open('/keys');
    await page.getByText(/\d+ keys/).waitFor();
    await send(signet.url, 'post', '/_signet/clock/advance', { body: { days: 3 } });
    await page.getByRole('link', { name: 'signet/sm2', exact: true }).click();
    await page.getByRole('heading', { name: 'signet/sm2' }).waitFor();
    await send(signet.url, 'delete', '/_signet/clock');
  });
});

describe('the state', () => {
  it('is kept as a snapshot, and restored', async () => {
    const page = await open('/state');
    await page.getByLabel('Name').fill('before');
    await page.getByRole('button', { name: 'Take a snapshot' }).click();
    const row = page.getByRole('row').filter({ hasText: 'before' });
    await row.waitFor();
    await kms.create({ key_alias: 'after-the-snapshot' });
    await row.getByRole('button', { name: 'Restore' }).click();
    await confirm(page, 'Restore');
    await page.getByText('Restored before').waitFor();
    expect(await names()).not.toContain('after-the-snapshot');
    await row.getByRole('button', { name: 'Delete' }).click();
    await confirm(page, 'Delete');
    await page.getByText('No snapshot yet.').waitFor();
    expect(await ask('/snapshots')).toEqual({ snapshots: [] });
  });

  it('is not lost by Escape, and is reset by keyboard', async () => {
    await kms.create({ key_alias: 'short-lived' });
    const page = await open('/state');
    await tabTo(page, page.getByRole('button', { name: 'Reset…' }));
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Reset?' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    // The button is out of order until the dialog has told that it is closed, which is after it is out of sight.
    await page.getByRole('button', { name: 'Reset…', disabled: false }).waitFor();
    expect(await names()).toContain('short-lived');
    // The focus is where it was.
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Reset?' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('It is as at the beginning').waitFor();
    expect(await names()).not.toContain('short-lived');
    expect(await names()).toHaveLength(10);
  });

  it('is taken along as a sealed file, and comes back', async () => {
    await kms.create({ key_alias: 'travelling' });
    const page = await open('/state');
    await page.getByLabel('Passphrase', { exact: true }).fill('open sesame');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export to a file' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('signet-state.json');
    const path = await download.path();
    const text = readFileSync(path, 'utf8');
    expect(text).not.toContain('travelling');
    await send(signet.url, 'post', '/_signet/reset', { body: {} });

    await page
      .getByLabel('File', { exact: true })
      .setInputFiles({ name: 'state.json', mimeType: 'application/json', buffer: Buffer.from(text) });
    await page.getByLabel('Passphrase of the file').fill('wrong');
    await page.getByRole('button', { name: 'Import…' }).click();
    await confirm(page, 'Import');
    await page.getByRole('alert').getByText('Signet.WrongPassphrase').waitFor();
    await page.getByLabel('Passphrase of the file').fill('open sesame');
    await page.getByRole('button', { name: 'Import…' }).click();
    await confirm(page, 'Import');
    await page.getByText('Imported', { exact: true }).waitFor();
    expect(await names()).toContain('travelling');
  });
});
