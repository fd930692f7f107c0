import type { components } from '../../contract/openapi.ts';
import type { Facts, ToldCheck } from './check-details.ts';
import type { SignatureExplanation } from './signature-explanation.ts';

/** In short, for a person. */
export function summaryOf(
  facts: Facts,
  checks: readonly ToldCheck[],
  kms: components['schemas']['KmsExplanation'] | undefined,
): string {
  const { refusal } = facts.outcome;
  const isWhole = refusal !== undefined || kms !== undefined || facts.outcome.checks.includes('operation');
  const notTried =
    isWhole || facts.outcome.caller === undefined ? [] : ['What the operation itself would say was not tried.'];
  const said = refusal === undefined ? ofAccepted(facts) : ofRefused(facts, refusal, checks.at(-1));
  return [said, kms?.cause ?? verdicts[kms?.verdict ?? ''], ...notTried, ...facts.given.notes]
    .filter((part) => part !== undefined)
    .join(' ');
}

const verdicts: Readonly<Record<string, string>> = { valid: 'The signature is valid.' };

function ofAccepted({ outcome: { route, accepted, caller, checks } }: Facts): string {
  const operation = route?.operation?.operationId ?? 'nothing';
  if (caller !== undefined) return `The credential is accepted: ${caller.user.name} calls ${operation}.`;
  if (operation.startsWith('emulator.'))
    return `${operation} is one of Signet's own operations: it asks for no access key and no token of a user.`;
  if (!accepted) return `The credential does not count, and ${operation} can do without one.`;
  return checks.includes('admission') ? 'The credential is accepted.' : `${operation} needs no credential.`;
}

function ofRefused(
  { outcome, signature }: Facts,
  refusal: NonNullable<Facts['outcome']['refusal']>,
  last: ToldCheck | undefined,
): string {
  const ofSignature = signature && aboutSignature(signature);
  if (last?.check === 'signature' && ofSignature !== undefined) return ofSignature;
  if (outcome.accepted)
    return `The credential is accepted, and ${refusing(last, outcome.route?.operation?.operationId ?? 'the operation')} refuses: ${[refusal.code, refusal.text, ...outcome.complaints].join(' ')}`;
  const said = last?.detail ?? refusal.text;
  return ofSignature === undefined ? said : `${said} ${ofSignature}`;
}

/** Who says no to a credential that is accepted. */
export const refusing = (last: Pick<ToldCheck, 'check'> | undefined, operation: string): string =>
  last?.check === 'fault' ? 'a fault rule' : operation;

function aboutSignature({ verdict, cause, tried }: SignatureExplanation): string | undefined {
  if (cause !== undefined) return cause.explanation;
  if (verdict !== 'unknown') return undefined;
  const task = 'compare the canonical request with the one that the client builds.';
  return `The signature is wrong, and none of the ${tried.length} causes that were tried explains it: ${task} Where they are the same, the secret is another one.`;
}
