import { describe, expect, it } from 'vitest';
import { contract, operationIds } from '../../src/contract/document.ts';
import { hasFocus, tabTo, useConsole } from './browser.ts';

const { open, signet, takeComplaints } = await useConsole();
const titles = ['Keys', 'Sign & verify', 'Journal', 'Explain', 'Faults', 'Clock', 'State', 'Reference'];

describe('the tabs', () => {
  it('are gone through with arrow keys, and say which one is shown', async () => {
    const page = await open();
    const tab = (name: string) => page.getByRole('tab', { name, exact: true });
    const selected = () => page.getByRole('tab', { selected: true }).textContent();
    await tabTo(page, tab('Keys'));
    for (const title of [...titles.slice(1), 'Keys']) {
      await page.keyboard.press('ArrowRight');
      expect(await hasFocus(page, tab(title)), title).toBe(true);
      await page.getByRole('tabpanel', { name: title, exact: true }).waitFor();
    }
    // The page follows its address, which changes a moment after the key.
    await page.keyboard.press('End');
    await expect.poll(selected).toBe('Reference');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(selected).toBe('State');
    await page.getByRole('heading', { name: 'State' }).waitFor();
  });

  it('lead to pages whose every control has a name', async () => {
    const page = await open();
    for (const title of titles) {
      await page.getByRole('tab', { name: title, exact: true }).click();
      await page.getByRole('tabpanel', { name: title, exact: true }).getByRole('heading', { level: 1 }).waitFor();
      const nameless = await page.evaluate<string[]>(`
        [...document.querySelectorAll('input, select, textarea, button, a[href]')]
          .filter((one) => one.checkVisibility() && !(one.labels?.length > 0 || one.ariaLabel || one.textContent.trim()))
          .map((one) => one.outerHTML)`);
      expect(nameless, title).toEqual([]);
    }
  });
});

it('takes only its pages for pages', async () => {
  const page = await open('/constructor');
  await page.getByRole('tabpanel', { name: 'Keys', exact: true }).getByRole('heading', { level: 1 }).waitFor();
});

it('says that it is no production KMS, and which Signet it is', async () => {
  const page = await open();
  await page.getByText('Test keys only. No production KMS.').waitFor();
  await page.getByText(`Signet ${contract.info.version},`).waitFor();
});

it('takes the colours that are chosen, and keeps them', async () => {
  const page = await open('/keys', { colorScheme: 'dark' });
  const ground = () => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
  const dark = await ground();
  await page.getByLabel('Theme').selectOption('Light');
  const light = await ground();
  expect(light).not.toBe(dark);
  await page.reload();
  expect(await ground()).toBe(light);
});

it('asks another machine for the admin token, once, and keeps it for this window', async () => {
  const page = await open('/keys', { extraHTTPHeaders: { 'X-Forwarded-For': '203.0.113.9' } });
  const dialog = page.getByRole('dialog', { name: 'Admin token' });
  await dialog.getByLabel('Admin token').fill('wrong');
  await page.keyboard.press('Enter');
  await dialog.getByText('This is not the admin token.').waitFor();
  await dialog.getByLabel('Admin token').fill(signet.adminToken);
  await page.keyboard.press('Enter');
  await page.getByText('10 keys').waitFor();
  await page.reload();
  await page.getByText('10 keys').waitFor();
  expect(await page.evaluate('[...Object.values(localStorage)].join()')).not.toContain(signet.adminToken);
});

it('runs nothing that is put into the page', async () => {
  const page = await open();
  await page.getByRole('heading', { name: 'Keys' }).waitFor();
  await expect(page.evaluate("document.body.innerHTML = '<p>'")).rejects.toThrow('TrustedHTML');
  expect(takeComplaints()).toHaveLength(1);
});

describe('the reference', () => {
  it('has every operation of the contract', async () => {
    const page = await open('/reference');
    await page.getByText(`${operationIds.length} of ${operationIds.length} operations`).waitFor();
    expect(await page.getByRole('navigation', { name: 'Operations' }).getByRole('link').count()).toBe(
      operationIds.length,
    );
  });

  it('shows each of them', async () => {
    const page = await open('/reference');
    await page.getByRole('article').getByRole('heading', { level: 2 }).waitFor();
    const others = await page.evaluate<string[]>(`(async () => {
      const others = [];
      for (const id of ${JSON.stringify(operationIds)}) {
        const turned = new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }));
        location.hash = '#/reference/' + id;
        await turned;
        const [shown] = document.querySelectorAll('article h2');
        if (shown?.textContent !== id) others.push([id, shown?.textContent]);
      }
      return others;
    })()`);
    expect(others).toEqual([]);
  });

  it('is narrowed by a word or an error code, and opened by keyboard', async () => {
    const page = await open('/reference');
    await page.getByText(/of \d+ operations/).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('KMS.2603');
    await page.getByText(`1 of ${operationIds.length} operations`).waitFor();
    await tabTo(page, page.getByRole('link', { name: 'importKeyMaterial' }));
    await page.keyboard.press('Enter');
    const article = page.getByRole('article');
    await article.getByRole('heading', { name: 'kms.importKeyMaterial' }).waitFor();
    await article.getByText('KMS.2603').waitFor();
    await article.getByRole('link', { name: /^https:/ }).waitFor();
  });
});
