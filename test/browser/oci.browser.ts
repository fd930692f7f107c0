import { beforeAll, describe, expect, it } from 'vitest';
import { send } from '../support/http.ts';
import { keysPath, ociPairOf, ociServer } from '../support/oci-signer.ts';
import { ociIdentity } from '../support/oci-identity.ts';
import { useConsole } from './browser.ts';

const { signet, open } = await useConsole({ ociHosts: ['public.example.com'] });
const oci = ociServer(signet.url, Date.now);
const signer = { ...ociIdentity, ...ociPairOf(ociIdentity.privateKeyPem) };
const list = { target: keysPath(signer.userId) };

beforeAll(async () => {
  const routes = [
    { path: '/a', methods: ['ANY'], backend: { type: 'HTTP_BACKEND', url: 'https://service.example.com/b' } },
  ];
  await send(signet.url, 'post', '/_signet/oci/deployments', {
    body: { path_prefix: '/v1', specification: { routes } },
  });
});

describe('the explanation of a request for OCI', () => {
  it('has both signing strings, and marks where they begin to differ', async () => {
    const { headers } = await oci.send(signer, { ...list, signedAs: { host: 'public.example.com' } });
    const page = await open(`/journal/${String(headers['x-request-id'])}`);
    await page.getByRole('heading', { name: 'OCI signature' }).waitFor();
    await page.getByText('Proved by the signature itself.').waitFor();
    await page.locator('strong').getByText('host-of-service').waitFor();
    const marks = page.locator('.lines .differs mark');
    await marks.first().waitFor();
    expect(await marks.allTextContents()).toEqual([new URL(signet.url).host, 'public.example.com']);
    // The signature is in the request, and not on the page.
    expect(await page.content()).not.toMatch(/[A-Za-z0-9+/]{100}/);
  });

  it('has the digest of what nobody knows, and what was tried', async () => {
    const { headers } = await oci.send(signer, { ...list, signedAs: { target: '/elsewhere' } });
    const page = await open(`/journal/${String(headers['x-request-id'])}`);
    await page.getByText('What was signed is not known.').waitFor();
    await page.getByText('Signed SHA-256').waitFor();
    await page.getByText(/^Tried: \d+$/).waitFor();
  });

  it('has the checklist of one that the gateway broke', async () => {
    const { headers } = await oci.send(signer, { target: '/_oci/v1/a' });
    const page = await open(`/journal/${String(headers['x-request-id'])}`);
    const checklist = page.getByRole('list', { name: 'Checklist' });
    await checklist.getByText('Did host reach the back end as it was signed?').waitFor();
    expect(await checklist.locator('.refused').count()).toBeGreaterThan(1);
  });

  it('is good where nothing refuses', async () => {
    const { headers } = await oci.list(signer);
    const page = await open(`/journal/${String(headers['x-request-id'])}`);
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByRole('list', { name: 'Signing string of what came' }).waitFor();
    expect(await page.locator('.explanation > .verdict').getAttribute('class')).toBe('verdict good');
  });
});
