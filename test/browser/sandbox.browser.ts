import { expect, it } from 'vitest';
import { adminToken, emptySeed } from '../sandbox/sandboxes.ts';
import { kmsClient } from '../support/kms.ts';
import { useSeed } from '../support/signet.ts';
import { useConsole } from './browser.ts';

const { signet, open } = await useConsole({ sandbox: true, adminToken, seed: useSeed(emptySeed) });
const { project, token } = await signet.createProject('first-team');
await kmsClient(signet.url, { projectId: project.id, token }).create({ key_alias: 'of-the-team', key_spec: 'EC_P256' });
const as = (password: string) => ({ httpCredentials: { username: 'anybody', password } });

it('the console opens with the admin token as a password, and asks for it no more', async () => {
  const page = await open('/keys', as(adminToken));
  await page.getByRole('row').filter({ hasText: 'of-the-team' }).waitFor();
  await page.goto('/console/#/clock');
  await page.getByRole('button', { name: 'Freeze' }).click();
  await page.getByRole('button', { name: 'Let it run' }).click();
  await page.getByRole('button', { name: 'Freeze' }).waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
});

it('and with no other', async () => {
  for (const more of [{}, as('wrong'), as(token)]) {
    const page = await open('/keys', more).catch((error: unknown) => error as Error);
    // Some versions show a page of their own, others none.
    if (page instanceof Error) expect(page.message).toContain('net::ERR_INVALID_AUTH_CREDENTIALS');
    else expect(await page.locator('body').innerText()).not.toContain('Keys');
  }
});
