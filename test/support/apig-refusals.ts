/** The refusals of API Gateway's control plane, as the spec has them. */
import { expect } from 'vitest';
import type { Answer } from './http.ts';
import { expectAnswerHeaders } from './refusals.ts';

const documentation = 'Please refer to the support documentation';

/** By code; `%s` is what it is about. */
const texts = {
  'APIG.1000': [401, 'The token is missing.'],
  'APIG.1001': [401, 'Session expired. Please try again later.'],
  'APIG.1002': [401, 'Incorrect token or token resolution failed'],
  'APIG.1003': [401, 'Token contains no project information'],
  'APIG.1005': [403, 'No permissions to request this method'],
  'APIG.2000': [400, 'Parameter error: Serialization error: unexpected end of JSON input'],
  'APIG.2001': [400, `The request parameters must be specified,parameterName:%s. ${documentation}`],
  'APIG.2011': [400, `Invalid parameter value,parameterName:%s. ${documentation}`],
  'APIG.2012': [400, `Invalid parameter value,parameterName:%s. ${documentation}`],
  'APIG.2026': [400, 'The request path parameters are not defined'],
  'APIG.2027': [400, 'The backend path parameters are not defined'],
  'APIG.2028': [400, 'The request parameters mapped to the backend parameters are not defined'],
  'APIG.3001': [404, 'API group %s does not exist'],
  'APIG.3002': [404, 'API %s does not exist'],
  'APIG.3003': [404, 'Environment %s does not exist'],
  'APIG.3015': [404, 'The API publication record does not exist'],
  'APIG.3017': [404, 'Signature key %s does not exist'],
  'APIG.3018': [404, 'The signature key binding record does not exist'],
  'APIG.3030': [404, 'The instance does not exist;id:%s'],
  'APIG.3101': [403, 'The number of API groups exceeds the maximum allowed limit'],
  'APIG.3102': [403, 'The number of APIs exceeds the maximum allowed limit'],
  'APIG.3104': [403, 'The number of environments exceeds the maximum allowed limit'],
  'APIG.3105': [403, 'The number of signature keys exceeds the maximum allowed limit'],
  'APIG.3201': [400, 'The API group name already exists'],
  'APIG.3202': [400, 'The API name already exists, api_name:%s'],
  'APIG.3205': [400, 'The environment name already exists'],
  'APIG.3207': [400, 'The signature key name already exists'],
  'APIG.3209': [400, 'The parameter name already exists'],
  'APIG.3301': [400, 'The API already exists'],
  'APIG.3415': [412, 'The API group cannot be deleted because it contains APIs,id:%s'],
  'APIG.3416': [409, 'The API cannot be deleted because it has been published'],
  'APIG.3418': [403, 'The environment contains published APIs'],
  'APIG.3548': [412, 'sign_type=public_key not supported by instance %s'],
  'APIC.7106': [403, 'No permissions to request for the method'],
  'APIC.7302': [404, 'Instance not found'],
} as const satisfies Record<string, readonly [status: number, text: string]>;

export type ApigCode = keyof typeof texts;

export const isApigCode = (code: string): code is ApigCode => code in texts;

/** A refusal of API Gateway itself: flat, and without the request's id. @param about what it names, where it names something */
export function expectApigRefusal(answer: Answer, code: ApigCode, about = ''): void {
  const [status, text] = texts[code];
  expect(answer.body).toStrictEqual({ error_code: code, error_msg: text.replace('%s', () => about) });
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toMatch(/^application\/json(;|$)/);
  expectAnswerHeaders(answer);
}
