import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { send } from '../support/http.ts';
import { project, seededKeys } from '../support/identity.ts';
import { kmsClient, kmsPath } from '../support/kms.ts';
import { signedClient } from '../support/signed.ts';
import { useConsole } from './browser.ts';

/** Pictures of every page, to be looked at; docs/pictures has some of them. */
const folder = new URL('screenshots/', import.meta.url).pathname;
const { signet, open } = await useConsole({ now: makeNow() });

/** Each time a little later, so that pictures show times as they are and not the same one everywhere. */
function makeNow() {
  let now = Date.UTC(2026, 10, 22, 12);
  return () => (now += 37);
}

let mutated = '';

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  const kms = kmsClient(signet.url);
  const toSign = { key_id: seededKeys.RSA_2048, signing_algorithm: 'RSASSA_PSS_SHA_256', message_type: 'RAW' };
  await kms.ask('disable-key', { key_id: seededKeys.RSA_3072 });
  await kms.ask('schedule-key-deletion', { key_id: seededKeys.SECP256K1, pending_days: '7' });
  await kms.ask('sign', { ...toSign, message: 'aGVsbG8=' });
  await kms.post('sign', { ...toSign, message: 'aGVsbG8=', message_type: 'DIGEST' });
  await kms.post('sign', { ...toSign, key_id: seededKeys.RSA_3072, message: 'aGVsbG8=' });
  await kms.post('list-keys', {}, { token: 'an-old-token' });
  await kms.post('schedule-key-deletion', { key_id: seededKeys.SM2, pending_days: '1' });
  await kms.post('create-datakey-without-plaintext', { key_id: seededKeys.SM2 });
  for (const name of ['eu-de', 'build-4711']) await send(signet.url, 'post', '/_signet/projects', { body: { name } });
  const faults = [
    { operation: 'kms.createKey', error: 'gatewayTimeout', phase: 'after', times: 1 },
    { operation: 'kms.*', latency: { min: 50, max: 400 }, probability: 0.1, seed: 7 },
  ];
  for (const body of faults) await send(signet.url, 'post', '/_signet/faults', { body });
  await send(signet.url, 'put', '/_signet/snapshots/before-the-migration');
  await send(signet.url, 'put', '/_signet/clock', { body: { frozen: true } });
  const { now } = (await send(signet.url, 'get', '/_signet/clock')).body as { now: string };
  const signed = signedClient(signet.url, () => Date.parse(now));
  const body = JSON.stringify({ limit: '10', key_state: '2' });
  const { headers } = await signed({
    target: `${kmsPath('list-keys')}?b=2&a=1`,
    body,
    sent: { body: JSON.stringify(JSON.parse(body), null, 1) },
  });
  mutated = headers['x-request-id']!;
});

const signAndVerify = async (page: Page) => {
  await page.getByLabel('Algorithm').selectOption('RSASSA_PSS_SHA_256');
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByText('Signed. The signature').waitFor();
  await page.getByLabel('Message', { exact: true }).fill('hello!');
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByRole('heading', { name: 'What was checked' }).waitFor();
};
const explain = async (page: Page) => {
  await page.locator('.lines mark').last().waitFor();
  await page.evaluate(
    "document.querySelector('aside').scrollTop = document.querySelector('.explanation h3').offsetTop",
  );
};

const places: readonly [name: string, place: () => string, prepare: (page: Page) => Promise<void>][] = [
  ['keys', () => '/keys', (page) => page.getByText('10 keys').waitFor()],
  ['key', () => `/keys/${seededKeys.EC_P256}`, (page) => page.getByText('BEGIN PUBLIC KEY').waitFor()],
  ['sign', () => `/sign/${seededKeys.RSA_2048}`, signAndVerify],
  ['journal', () => '/journal', (page) => page.getByRole('link', { name: 'kms.sign' }).first().waitFor()],
  ['explanation', () => `/journal/${mutated}`, explain],
  ['explain', () => '/explain', (page) => page.getByRole('button', { name: 'Explain' }).waitFor()],
  ['faults', () => '/faults', (page) => page.getByRole('button', { name: 'Add' }).waitFor()],
  ['clock', () => '/clock', (page) => page.getByText('frozen').waitFor()],
  ['state', () => '/state', (page) => page.getByText('before-the-migration').waitFor()],
  ['reference', () => '/reference/kms.sign', (page) => page.getByRole('heading', { name: 'kms.sign' }).waitFor()],
  [
    'create',
    () => '/keys',
    async (page) => {
      await page.getByRole('button', { name: 'Create key' }).click();
      await page.getByRole('dialog').waitFor();
    },
  ],
];
const looks = [
  ...(['light', 'dark'] as const).flatMap((colorScheme) => [360, 1280].map((width) => ({ colorScheme, width }))),
  { colorScheme: 'light', width: 500 } as const,
  { colorScheme: 'light', width: 1100 } as const,
];

/** Names of operations that break elsewhere than after their dot. */
const brokenOperations = `
  [...document.querySelectorAll('.operation span')]
    .filter((one) => new Set([...one.getClientRects()].map(({ top }) => top)).size > 1)
    .map((one) => one.textContent)`;

it.each(looks)('has room for everything at $width px, $colorScheme', async ({ colorScheme, width }) => {
  const page = await open(`/keys?project=${project.id}`, {
    colorScheme,
    viewport: { width, height: width === 1100 ? 640 : 860 },
  });
  await page.getByText('10 keys').waitFor();
  for (const [name, place, prepare] of places) {
    await page.goto(`/console/#${place()}`);
    await prepare(page);
    const tooWide = await page.evaluate<string[]>(`
      [...document.querySelectorAll('body, body *')]
        .filter((one) => one.checkVisibility() && one.closest('.tabs, .toast, .spoken') === null)
        .filter((one) => one.getBoundingClientRect().right > one.parentElement.getBoundingClientRect().right + 1)
        .map((one) => one.outerHTML.slice(0, 200))`);
    await page.screenshot({ path: `${folder}${name}-${width}-${colorScheme}.png` });
    expect(tooWide, name).toEqual([]);
    expect(await page.evaluate(brokenOperations), name).toEqual([]);
  }
});
