import { expect } from 'vitest';
import type { components } from '../../src/contract/openapi.ts';
import { send, type Answer } from '../support/http.ts';
import { token } from '../support/identity.ts';
import { expectAnswerHeaders } from '../support/refusals.ts';
import type { Credential } from '../support/sdk-signer.ts';

type TemporaryKeyBody = components['schemas']['TemporaryAccessKeyResponse'];

export const credentialsPath = '/v3.0/OS-CREDENTIAL/securitytokens';

/** The part of a request that says for whom the key is to be. */
export const identity = (methods: unknown, parts: object = {}): object => ({
  auth: { identity: { methods, ...parts } },
});
export const byToken = (parts?: object): object => identity(['token'], parts && { token: parts });
export const byAgency = (role?: object): object => identity(['assume_role'], role && { assume_role: role });

/** Asks for a temporary access key with this token, the default identity's unless said otherwise; null: with none. */
export const askForKey = (url: string, body: unknown, secret: string | null = token): Promise<Answer> =>
  send(url, 'post', credentialsPath, { body, headers: secret === null ? {} : { 'X-Auth-Token': secret } });

/** A key, and the security token that must come with it. */
export interface TemporaryKey extends Required<Pick<Credential, 'access' | 'secret'>> {
  readonly securityToken: string;
}

export async function issueKey(url: string, body: unknown = byToken(), secret?: string): Promise<TemporaryKey> {
  return keyIn(await askForKey(url, body, secret));
}

export function keyIn({ status, text, body }: Answer): TemporaryKey {
  expect(status, text).toBe(201);
  const { access, secret, securitytoken } = (body as TemporaryKeyBody).credential;
  return { access, secret, securityToken: securitytoken };
}

/** A refusal of IAM's v3.0: flat, without the request's id. */
export function expectFlatRefusal(answer: Answer, status: number, code: string, text: string): void {
  expect(answer.body).toStrictEqual({ error_msg: text, error_code: code });
  expect(answer.status).toBe(status);
  expectAnswerHeaders(answer);
}
