import type { Observation } from '../../contract/observation.ts';
import type { GivenRequest } from './given-request.ts';
import type { Outcome } from './trial.ts';

export type SigningCall = readonly [operation: string, projectId: string, body: Readonly<Record<string, unknown>>];

const signing = ['kms.sign', 'kms.verify'];

/**
 * The call of `sign` or `verify` that a request is, with the signature that it was answered, where that is known; undefined for any other
 * request, and for one that was not let in, or is of another project than the one that asks.
 */
export function signingCall(
  { body }: Pick<GivenRequest, 'body'>,
  scope: string | undefined,
  { route, accepted, caller }: Outcome,
  observation: Observation | undefined,
): SigningCall | undefined {
  const operation = route?.operation?.operationId ?? '';
  const projectId = caller?.project?.id;
  if (!accepted || projectId === undefined || !signing.includes(operation)) return undefined;
  if (scope !== undefined && scope !== projectId) return undefined;
  const parsed = observation?.parsed ?? objectIn(body);
  const { answer } = observation ?? {};
  const { signature } = (typeof answer === 'object' ? answer : {}) as { signature?: unknown };
  return parsed && [operation, projectId, operation === 'kms.sign' ? { ...parsed, signature } : parsed];
}

function objectIn(body: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString());
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
