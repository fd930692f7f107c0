import { expect } from 'vitest';
import { send, type Answer, type Method } from './http.ts';
import { expectAnswerHeaders } from './refusals.ts';
import { sign, type Credential, type ToSign } from './sdk-signer.ts';

/** A request to sign; with the default identity's access key, POST and now where nothing is said. */
export interface Signed extends Partial<ToSign> {
  /** What arrives in place of what was signed. */
  readonly sent?: Partial<Pick<ToSign, 'method' | 'target' | 'headers' | 'body'>>;
  /** Makes another Authorization of the right one. */
  readonly spoil?: (authorization: string) => string;
}

export type SignedClient = (request: Signed) => Promise<Answer>;

/** Signs and sends requests; Host is signed, too, unless `signed` leaves it out. */
export const signedClient =
  (url: string, now: () => number, credential: Partial<Credential> = {}): SignedClient =>
  ({ sent = {}, spoil = (right) => right, ...request }) => {
    const headers = { Host: new URL(url).host, 'Content-Type': 'application/json', ...request.headers };
    const toSign = { method: 'POST', target: '/', at: now(), ...credential, ...request, headers };
    const { method, target, body } = { ...toSign, ...sent };
    const { Authorization = '', ...signed } = sign(toSign);
    const all = { ...signed, Authorization: spoil(Authorization), ...sent.headers };
    return send(url, method.toLowerCase() as Method, target, { headers: asBytes(all), body });
  };

/** Node sends the characters of a header as bytes. */
const asBytes = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text).toString('latin1')]));

/** The gateway's refusal of a signature, whatever service the request was for. */
export function expectSignatureRefusal(answer: Answer, why: string): void {
  expect(answer.body).toStrictEqual({
    error_msg: `Incorrect IAM authentication information: ${why}`,
    error_code: 'APIGW.0301',
    request_id: answer.headers['x-request-id'],
  });
  expect(answer.status).toBe(401);
  expectAnswerHeaders(answer);
}
