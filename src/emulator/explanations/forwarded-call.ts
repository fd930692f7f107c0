import type { Observation } from '../../contract/observation.ts';
import type { Explanation } from './explainer.ts';

/** Whether API Gateway's data plane took the request, and not an operation. */
export const isForwardedCall = ({ checks }: Observation): boolean => checks.includes('gateway');

/** The data plane has said why itself: nothing is looked at again. */
export function explainForwardedCall({ checks, refusal, complaints = [] }: Observation): Explanation {
  const said = refusal === undefined ? [] : [`${refusal.code} ${refusal.text}`];
  return {
    summary: [...said, ...complaints, 'GET /_signet/apigw/requests has what was sent and signed.'].join(' '),
    accepted: refusal === undefined,
    checks: checks.map((check, index) => ({
      check,
      verdict: refusal !== undefined && index === checks.length - 1 ? 'refused' : 'passed',
      ...(check === 'gateway' && complaints.length > 0 && { detail: complaints.join(' ') }),
    })),
    ...{ operation: undefined, refusal, signature: undefined, token: undefined, kms: undefined },
  };
}
