/** What became of a request for OCI, or would become of it, check by check. */
import type { Check, Observation } from '../../contract/observation.ts';
import { isOciAuthorization } from '../../crypto/oci/authorization.ts';
import { headerValues } from '../../crypto/oci/signed-request.ts';
import { asText } from '../../crypto/text-bytes.ts';
import type { ToldCheck } from '../explanations/check-details.ts';
import type { Explanation } from '../explanations/explainer.ts';
import type { GivenRequest } from '../explanations/given-request.ts';
import { withoutSecrets } from '../explanations/masking.ts';
import { refusing } from '../explanations/summary.ts';
import type { Outcome } from '../explanations/trial.ts';
import type { Examination } from './examination.ts';
import { secretsOf } from './secrets.ts';
import { ociSummary, tellOciChecks } from './told-checks.ts';
import { explanationBody } from './wire.ts';

export interface OciFacts extends Examination {
  readonly given: GivenRequest;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whether whoever asks may know who the users are. */
  readonly namesOthers: boolean;
  readonly outcome: Outcome;
  /** Undefined of a request that was not sent. */
  readonly observation: Observation | undefined;
}

const ofSignature: ReadonlySet<Check> = new Set([
  ...(['authorization', 'signed headers', 'signing time', 'api key', 'signature', 'body digest'] as const),
]);

/** Whether what is found out today about a signature is what was found when it came. */
export function isToldToday({ verdict, outcome: { checks, refusal } }: OciFacts, isWhole: boolean): boolean {
  if (!checks.some((check) => ofSignature.has(check))) return true;
  const last = checks.at(-1);
  const then = refusal !== undefined && last !== undefined && ofSignature.has(last) ? last : undefined;
  const today = verdict.accepted || (!isWhole && verdict.check === 'body digest') ? undefined : verdict.check;
  return then === today || (!isWhole && then === 'body digest' && today === undefined);
}

export function tellOutcome(facts: OciFacts, isToday: boolean): Explanation {
  const { outcome, authorization, request } = facts;
  const { route, accepted, refusal } = outcome;
  const checks = tellChecks(facts, isToday);
  const operation = route?.operation?.operationId;
  const oci = authorization && isToday ? { oci: explanationBody(facts) } : {};
  const shown = { summary: summaryOf(facts, checks, isToday), accepted, operation, checks, refusal, ...oci };
  return { ...withoutSecrets(shown, secretsOf(request)), signature: undefined, token: undefined, kms: undefined };
}

function tellChecks(facts: OciFacts, isToday: boolean): ToldCheck[] {
  const { checks, refusal, complaints } = facts.outcome;
  const ofToday = new Map(tellOciChecks(facts).map((told) => [told.check, told]));
  return checks.map((check, index) => {
    const isRefused = refusal !== undefined && index === checks.length - 1;
    const verdict = isRefused ? 'refused' : 'passed';
    const today = isToday ? ofToday.get(check) : undefined;
    const known = today?.verdict === verdict ? today.detail : details[check]?.(facts, isRefused);
    const said = isRefused ? (complaints.length > 0 ? complaints.join(' ') : refusal.text) : undefined;
    const detail = known ?? said;
    return { check, verdict, ...(detail !== undefined && detail !== '' && { detail }) };
  });
}

/** Of all checks but those of the signature. */
const details: Readonly<Partial<Record<Check, (facts: OciFacts, isRefused: boolean) => string | undefined>>> = {
  route({ given: { method, target }, outcome: { route } }, isRefused) {
    const path = asText(target.split('?', 1)[0] ?? '');
    if (isRefused)
      return `No operation of OCI has the path ${path}. The echo service takes any below its own (SIGNET_OCI_ECHO).`;
    if (route === undefined) return `${path} is below the path of the echo service.`;
    return route.operation && `${method} ${path} is ${route.operation.operationId}.`;
  },
  method: ({ given: { method }, outcome: { route } }) => `${route?.path ?? 'The path'} does not take ${method}.`,
  credential: ({ request }) => {
    const [text = ''] = headerValues(request, 'authorization');
    if (isOciAuthorization(text)) return 'It is signed as OCI has it.';
    return text === '' ? 'It has no Authorization header.' : 'Authorization is no signature of OCI.';
  },
  admission({ outcome: { caller, route }, namesOthers }, isRefused) {
    if (caller === undefined || !namesOthers) return undefined;
    const { user } = caller;
    return isRefused
      ? `${user.name} is no administrator, and not the user ${route?.params['userId'] ?? 'of the path'}.`
      : `${user.name} is let in.`;
  },
};

const CHANGED = 'API keys have changed since.';

function summaryOf(facts: OciFacts, checks: readonly ToldCheck[], isToday: boolean): string {
  const { given, outcome, observation, verdict, namesOthers } = facts;
  const { caller, accepted, refusal, complaints, route } = outcome;
  const what = route?.operation?.operationId ?? 'the echo service';
  const who = namesOthers && caller !== undefined ? `${caller.user.name} calls ${what}` : `it is for ${what}`;
  const last = checks.at(-1);
  const isOfSignature = last !== undefined && ofSignature.has(last.check);
  const said = (): readonly (string | undefined)[] => {
    if (refusal === undefined) return [`The credential is accepted: ${who}.`, ...warningsIn(facts)];
    if (isOfSignature) return [isToday ? ociSummary(facts) : last.detail];
    if (accepted)
      return [
        `The credential is accepted, and ${refusing(last, what)} refuses:`,
        refusal.code,
        refusal.text,
        ...complaints,
      ];
    // Where nobody has the path, that the signature is right is worth knowing, too.
    const isTold = isToday && facts.authorization !== undefined && (!verdict.accepted || last?.check === 'route');
    return [last?.detail, ...(isTold ? [ociSummary(facts)] : [])];
  };
  const isTried = observation !== undefined || refusal !== undefined || route === undefined;
  return [
    ...said(),
    isTried ? undefined : 'What the operation itself would say was not tried.',
    isToday ? undefined : CHANGED,
    ...given.notes,
  ]
    .filter((part) => part !== undefined)
    .join(' ');
}

const warningsIn = ({ verdict }: OciFacts): readonly string[] => (verdict.accepted ? verdict.warnings.map(asText) : []);
