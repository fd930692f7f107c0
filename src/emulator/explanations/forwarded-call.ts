import type { Observation } from '../../contract/observation.ts';
import type { Explanation } from './explainer.ts';
import type { GivenRequest } from './given-request.ts';

/** Whether API Gateway's data plane took the request, and not an operation. */
export const isForwardedCall = ({ checks }: Observation): boolean => checks.includes('gateway');

/** The data plane has said why itself: nothing is looked at again. */
export function explainForwardedCall({ checks, refusal, complaints = [], status, path }: Observation): Explanation {
  const answer = status === undefined ? [] : [`The answer has the status ${status}.`];
  const said = refusal === undefined ? answer : [`${refusal.code} ${refusal.text.replace(/\.?$/, '.')}`];
  // Of a call that came to no API there is nothing more.
  const more = 'project_id' in path ? ['GET /_signet/apigw/requests has what was sent and signed.'] : [];
  return {
    summary: [...said, ...complaints, ...more].join(' '),
    accepted: refusal === undefined,
    checks: checks.map((check, index) => ({
      check,
      verdict: refusal !== undefined && index === checks.length - 1 ? 'refused' : 'passed',
      ...(check === 'gateway' && complaints.length > 0 && { detail: complaints.join(' ') }),
    })),
    ...{ operation: undefined, refusal, signature: undefined, token: undefined, kms: undefined },
  };
}

/** What a request would come to that was not sent: only by sending it is it found out. */
export const explainUnsentCall = (): Explanation => ({
  summary:
    'This is a call of an API of API Gateway: what becomes of it is told when it is made. POST /_signet/apigw/verify checks what a backend received.',
  accepted: true,
  checks: [],
  ...{ operation: undefined, refusal: undefined, signature: undefined, token: undefined, kms: undefined },
});

export const isUnsentCall = ({ target }: GivenRequest): boolean => target.startsWith('/_apig/');
