import { createPublicKey } from 'node:crypto';
import { expect, it } from 'vitest';
import { kmsClient } from '../support/kms.ts';
import { project, seededKeys } from '../support/identity.ts';
import { copied, hasFocus, tabTo, useConsole } from './browser.ts';

const { signet, open } = await useConsole();
const kms = kmsClient(signet.url);
const signetName = 'signet/ec-p256';

it('lists the keys of the project, and narrows them', async () => {
  const page = await open();
  const rows = page.getByRole('table', { name: 'Keys' }).getByRole('row');
  await page.getByText('10 keys').waitFor();
  expect(await rows.count()).toBe(11);
  // A slash puts the focus on the filter.
  await page.keyboard.press('/');
  await page.keyboard.type('rsa enabled');
  await page.getByText('3 of 10 keys').waitFor();
  expect(await rows.count()).toBe(4);
});

it('creates a key, with a click', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Create key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create a key' });
  await dialog.getByLabel('Name').fill('made/by-click');
  await dialog.getByLabel('Key spec').selectOption('RSA_2048');
  await dialog.getByLabel('Usage').selectOption('ENCRYPT_DECRYPT');
  await dialog.getByLabel('Description').fill('<b>not bold</b>');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'made/by-click' }).waitFor();
  await page.getByText('<b>not bold</b>').waitFor();

  const id = new URL(page.url()).hash.split('/').at(-1)!;
  expect(await kms.describe(id)).toMatchObject({
    key_alias: 'made/by-click',
    key_spec: 'RSA_2048',
    key_usage: 'ENCRYPT_DECRYPT',
    key_description: '<b>not bold</b>',
  });
});

it('creates a key to be imported, by keyboard alone', async () => {
  const page = await open();
  await tabTo(page, page.getByRole('button', { name: 'Create key' }));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  // The focus is where one begins to type.
  await page.keyboard.type('made/by-keyboard');
  await tabTo(page, dialog.getByLabel('Key spec'));
  await page.keyboard.type('HMAC_256');
  await tabTo(page, dialog.getByLabel('Origin of the material'));
  await page.keyboard.type('To be');
  await tabTo(page, dialog.getByLabel('Description'));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'made/by-keyboard' }).waitFor();
  await page.getByText('Pending import').waitFor();
  const { key_details: keys } = await kms.ask('list-keys', { key_state: '5' });
  expect(keys).toHaveLength(1);
  expect(keys[0]).toMatchObject({ key_spec: 'HMAC_256', origin: 'external' });
});

it('says in place why a key was not made, and Escape closes the dialog', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Create key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(signetName);
  await dialog.getByRole('button', { name: 'Create' }).click();
  const alert = dialog.getByRole('alert');
  await alert.getByText('KMS.1104').waitFor();
  const requestId = await alert.getByRole('link').locator('code').textContent();
  expect(requestId).toMatch(/^[0-9a-f]{32}$/);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await expect.poll(() => hasFocus(page, page.getByRole('button', { name: 'Create key' }))).toBe(true);
});

it('disables, enables, deletes and keeps a key', async () => {
  const id = await kms.create({ key_alias: 'stateful', key_spec: 'EC_P256' });
  const page = await open();
  const row = page.getByRole('row').filter({ hasText: 'stateful' });
  const stateOf = async () => (await kms.describe(id)).key_state;
  // To the letter: the buttons Disable and Delete side by side read "disabled", too.
  const shows = (state: string) => row.getByText(state, { exact: true }).waitFor();

  await row.getByRole('button', { name: 'Disable' }).click();
  await shows('Disabled');
  expect(await stateOf()).toBe('3');
  await row.getByRole('button', { name: 'Enable' }).click();
  await shows('Enabled');
  expect(await stateOf()).toBe('2');

  await row.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete stateful?' });
  await dialog.getByLabel('Days to wait').fill('30');
  await dialog.getByRole('button', { name: 'Schedule deletion' }).click();
  await shows('Pending deletion');
  expect(await stateOf()).toBe('4');
  const { scheduled_deletion_date: date } = await kms.describe(id);
  expect(Math.round((Number(date) - Date.now()) / 86_400_000)).toBe(30);

  await row.getByRole('button', { name: 'Cancel deletion' }).click();
  await shows('Disabled');
  expect(await stateOf()).toBe('3');
});

it('shows all of a key, and copies its id and public key', async () => {
  const id = seededKeys.EC_P256;
  await kms.post('{key_id}/tags', { key_id: id, tag: { key: 'team', value: 'blue' } });
  const page = await open(`/keys/${id}?project=${project.id}`);
  await page.getByRole('heading', { name: signetName }).waitFor();
  await page.getByText('team = blue').waitFor();
  await page.getByText('alias/ec-p256').waitFor();

  await page.getByRole('button', { name: 'Copy the id' }).click();
  await page.getByText('Copied the id').waitFor();
  expect(await copied(page)).toBe(id);
  await page.getByRole('button', { name: 'Copy the public key' }).click();
  await page.getByText('Copied the public key').waitFor();
  expect(createPublicKey(await copied(page)).asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
});

it('shows the rotation of a symmetric key', async () => {
  await kms.ask('enable-key-rotation', { key_id: seededKeys.AES_256 });
  const page = await open(`/keys/${seededKeys.AES_256}`);
  await page.getByText('Every 365 days; rotated 0 times, last: never.').waitFor();
});

it('goes to the keys of another project', async () => {
  const other = await signet.createProject('elsewhere');
  const page = await open();
  await page.getByLabel('Project').selectOption('elsewhere');
  await page.getByText('This project has no key yet.').waitFor();
  await page.getByRole('button', { name: 'Create key' }).click();
  await page.getByLabel('Name').fill('far-away');
  await page.getByLabel('Name').press('Enter');
  await page.getByRole('heading', { name: 'far-away' }).waitFor();
  const there = kmsClient(signet.url, { projectId: other.project.id, token: other.token });
  expect((await there.ask('list-keys', {})).key_details.map((key) => key.key_alias)).toEqual(['far-away']);
  await other.remove();
});
