import { createHash, createPublicKey, verify } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { kmsClient } from '../support/kms.ts';
import { seededKeys } from '../support/identity.ts';
import { useFolder } from '../support/signet.ts';
import { copied, tabTo, useConsole } from './browser.ts';

const { signet, open } = await useConsole();
const kms = kmsClient(signet.url);
const folder = useFolder();

const publicKey = async (id: string) => createPublicKey((await kms.ask('get-publickey', { key_id: id })).public_key);

async function sign(page: Page): Promise<Buffer> {
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByText('Signed. The signature is in its field.').waitFor();
  return Buffer.from(await page.getByLabel('Signature (Base64)').inputValue(), 'base64');
}

describe('a signature made in the console is one for node:crypto', () => {
  it('from a list of keys: one click to the form, one to sign', async () => {
    const page = await open();
    await page.getByRole('link', { name: 'Sign with signet/ec-p256' }).click();
    await page.getByLabel('Message', { exact: true }).fill('grüß Gott');
    const signature = await sign(page);
    expect(verify('sha256', Buffer.from('grüß Gott'), await publicKey(seededKeys.EC_P256), signature)).toBe(true);
    await page.getByRole('button', { name: 'Copy the signature' }).click();
    await page.getByText('Copied the signature').waitFor();
    expect(await copied(page)).toBe(signature.toString('base64'));
  });

  it('by keyboard alone', async () => {
    const page = await open(`/sign/${seededKeys.ED25519}`);
    await tabTo(page, page.getByRole('button', { name: 'Sign', exact: true }));
    await page.keyboard.press('Enter');
    await page.getByText('Signed. The signature is in its field.').waitFor();
    const signature = Buffer.from(await page.getByLabel('Signature (Base64)').inputValue(), 'base64');
    expect(verify(null, Buffer.from('hello'), await publicKey(seededKeys.ED25519), signature)).toBe(true);
  });

  it.each([
    ['Base64', 'AAECAw==', Buffer.from([0, 1, 2, 3])],
    ['Hex', '00 01:02\n03', Buffer.from([0, 1, 2, 3])],
  ])('over %s', async (form, text, bytes) => {
    const page = await open(`/sign/${seededKeys.EC_P384}`);
    await page.getByLabel('Entered as').selectOption(form);
    await page.getByLabel('Message', { exact: true }).fill(text);
    expect(verify('sha384', bytes, await publicKey(seededKeys.EC_P384), await sign(page))).toBe(true);
  });

  it('over the digest of a file that is too long for RAW, made in the page', async () => {
    const content = Buffer.alloc(100_000, 'long');
    const page = await open(`/sign/${seededKeys.RSA_2048}`);
    await page.getByLabel('Algorithm').selectOption('RSASSA_PKCS1_V1_5_SHA_384');
    await page.getByLabel('Entered as').selectOption('File');
    await page.getByLabel('Message from a file').setInputFiles({ name: 'long.bin', mimeType: '', buffer: content });
    await page.getByRole('button', { name: 'Sign', exact: true }).click();
    await page.getByText('The message has 100000 bytes; the service takes 4096.').waitFor();
    await page.getByLabel('Message type').selectOption('DIGEST');
    await page.getByText(`SHA-384: ${createHash('sha384').update(content).digest('hex')}`).waitFor();
    expect(verify('sha384', content, await publicKey(seededKeys.RSA_2048), await sign(page))).toBe(true);
  });

  it('over a digest made elsewhere', async () => {
    const page = await open(`/sign/${seededKeys.SECP256K1}`);
    await page.getByLabel('Message type').selectOption('DIGEST');
    await page.getByLabel('Make the SHA-256 digest').uncheck();
    await page.getByLabel('Entered as').selectOption('Hex');
    await page.getByLabel('Message', { exact: true }).fill(createHash('sha256').update('hello').digest('hex'));
    expect(verify('sha256', Buffer.from('hello'), await publicKey(seededKeys.SECP256K1), await sign(page))).toBe(true);
  });
});

it('offers the algorithms that fit the key', async () => {
  const page = await open(`/sign/${seededKeys.EC_P256}`);
  const algorithms = page.getByLabel('Algorithm').getByRole('option');
  await expect.poll(() => algorithms.allTextContents()).toEqual(['ECDSA_SHA_256']);
  await page.getByLabel('Key', { exact: true }).selectOption(seededKeys.RSA_2048);
  await expect.poll(() => algorithms.count()).toBe(6);
});

it('verifies: true, and false with the reason, and the command that checks the same', async () => {
  const page = await open(`/sign/${seededKeys.EC_P256}`);
  const signature = await sign(page);
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByText('true: the signature is valid.').waitFor();

  await page.getByRole('button', { name: 'Copy the openssl command' }).click();
  await page.getByText('Copied the openssl command').waitFor();
  const command = await copied(page);
  writeFileSync(join(folder, 'signature'), signature);
  const said = execFileSync('bash', ['-c', command], { cwd: folder, encoding: 'utf8' });
  expect(said).toContain('Verified OK');

  await page.getByLabel('Message type').selectOption('DIGEST');
  await page.getByLabel('Message', { exact: true }).fill('hello, another');
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByText('false: the signature is not valid.').waitFor();
  await page.getByRole('heading', { name: 'What was checked' }).waitFor();
});

it('shows a refusal with its code, and leads to the request in the journal', async () => {
  const page = await open(`/sign/${seededKeys.EC_P256}`);
  await page.getByLabel('Signature (Base64)').fill('###');
  await page.getByRole('button', { name: 'Verify' }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'KMS.' });
  await alert.getByRole('link').click();
  await page.getByRole('heading', { name: 'kms.verify' }).waitFor();
});
