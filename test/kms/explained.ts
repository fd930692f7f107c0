/** What Signet says of a request to sign or to verify that it was sent. */
import type { components } from '../../src/contract/openapi.ts';
import { send } from '../support/http.ts';
import { token } from '../support/identity.ts';
import { kmsPath, type KmsClient } from '../support/kms.ts';

export type KmsExplanation = components['schemas']['KmsExplanation'];

export type Explain = (
  action: 'sign' | 'verify',
  body: Readonly<Record<string, unknown>>,
) => Promise<KmsExplanation | undefined>;

/** Sends the request, and asks for the explanation by its id. */
export const explainer =
  (url: string, kms: KmsClient): Explain =>
  async (action, body) => {
    const { headers } = await kms.post(action, body);
    const {
      status,
      body: explanation,
      text,
    } = await send(url, 'get', `/_signet/journal/${headers['x-request-id']}/explanation`);
    if (status !== 200) throw new Error(text);
    return (explanation as components['schemas']['Explanation']).kms;
  };

/** Asks what would become of the request, without sending it. */
export async function explainText(
  url: string,
  action: 'sign' | 'verify',
  body: Readonly<Record<string, unknown>>,
): Promise<KmsExplanation | undefined> {
  const lines = [`POST ${kmsPath(action)} HTTP/1.1`, `Host: ${new URL(url).host}`, `X-Auth-Token: ${token}`];
  const request = [...lines, 'Content-Type: application/json', '', JSON.stringify(body)].join('\r\n');
  const headers = { 'Content-Type': 'application/json' };
  const answer = await send(url, 'post', '/_signet/explain', { headers, body: { request } });
  if (answer.status !== 200) throw new Error(answer.text);
  return (answer.body as components['schemas']['Explanation']).kms;
}
