import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { project, seededKeys, token } from '../support/identity.ts';
import { useConsole } from './browser.ts';

const { signet, open } = await useConsole();
const { url } = signet;

it('the client signs on a page of the same origin, and throws refusals there', async () => {
  const { outputFiles } = await build({
    entryPoints: ['src/client/client.ts'],
    ...{ bundle: true, write: false, platform: 'browser', format: 'iife', globalName: 'signetClient' },
  });
  const page = await open();
  const body = `<!doctype html><script>${outputFiles[0]?.text}</script>`;
  await page.route(`${url}/page.html`, (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.goto(`${url}/page.html`);

  const sign = (keyId: string): Promise<unknown> => {
    const options = { url, token, projectId: project.id };
    const message = { message: 'aGVsbG8g', signing_algorithm: 'ED25519_SHA_512', message_type: 'RAW' };
    return page.evaluate(`(async () => {
      const { createClient, SignetError } = signetClient;
      try {
        return await createClient(${JSON.stringify(options)}).kms.sign(${JSON.stringify({ key_id: keyId, ...message })});
      } catch (error) {
        return { isSignetError: error instanceof SignetError, code: error.code, requestId: error.requestId };
      }
    })()`);
  };
  expect(await sign(seededKeys.ED25519)).toEqual({
    key_id: seededKeys.ED25519,
    signature: expect.stringMatching(/^[A-Za-z0-9+/]{86}==$/) as string,
  });
  expect(await sign(seededKeys.SM2)).toEqual({
    ...{ isSignetError: true, code: 'KMS.0332', requestId: expect.stringMatching(/^[0-9a-f]{32}$/) as string },
  });
});
