/** Why a request for OCI was refused. Nothing that is asked here changes anything. */
import type { Check, Observation } from '../../contract/observation.ts';
import { makeRoutes } from '../../contract/routes.ts';
import { isOciAuthorization } from '../../crypto/oci/authorization.ts';
import { ServiceError, gatewayRefusals, type Refusal } from '../../errors.ts';
import type { Explainer, Explanation, Question } from '../explanations/explainer.ts';
import { isUnsentCall } from '../explanations/forwarded-call.ts';
import { headerLookup, observedRequest, rawRequest, type GivenRequest } from '../explanations/given-request.ts';
import { tryRequest, type Outcome, type TrialOptions } from '../explanations/trial.ts';
import type { SharedMemory } from '../peers/together.ts';
import { examine, type OciContext } from './examination.ts';
import { explainForwarded, explainUnsent } from './explained-forwarding.ts';
import { ociRequest } from './given-side.ts';
import { isToldToday, tellOutcome, type OciFacts } from './told-outcome.ts';

export interface OciExplainerOptions extends Omit<TrialOptions, 'findRoute' | 'noSuchPath'> {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly oci: OciContext;
  /** Who of OCI answers a target that no other service takes. */
  readonly placeOf: (target: string) => 'operations' | 'echo' | 'gateway' | undefined;
  /** The target by which an operation is looked for. */
  readonly routedAs: (target: string) => string;
  readonly noSuchPath: Refusal;
  readonly forwarded: Pick<SharedMemory['forwardedOci'], 'find'>;
}

/** Explains requests for OCI itself, and those signed for a path that nobody has, and leaves all others to the one for the rest. */
export function withOci(
  others: Pick<Explainer, 'explain' | 'explainObserved'>,
  options: OciExplainerOptions,
): Pick<Explainer, 'explain' | 'explainObserved'> {
  const { now, oci, routedAs, forwarded } = options;
  const route = makeRoutes(options.document);
  const findRoute: typeof route = (method, target) => route(method, routedAs(target));
  const trial: TrialOptions = {
    ...options,
    findRoute,
    tryContract: (request) => options.tryContract({ ...request, target: routedAs(request.target) }),
  };

  function placeOf(given: GivenRequest) {
    const operation = findRoute(given.method, given.target)?.owner.operationId;
    if (operation !== undefined && !operation.startsWith('oci.')) return undefined;
    const isMeant = isOciAuthorization(headerLookup(given)('authorization')) && !isUnsentCall(given);
    return options.placeOf(given.target) ?? (isMeant ? 'nobody' : undefined);
  }

  return {
    async explain(given, question, at = now()) {
      const place = placeOf(given);
      if (place === undefined) return others.explain(given, question, at);
      if (place === 'gateway') return explainUnsent();
      const noSuchPath = place === 'nobody' ? gatewayRefusals.noSuchApi : options.noSuchPath;
      const outcome = await (place === 'echo'
        ? trySignature(given, at)
        : tryRequest(given, at, { ...trial, noSuchPath }));
      return tell({ given, at, outcome, isWhole: true }, question);
    },

    async explainObserved(observation, question) {
      const { at, checks, refusal, complaints = [], caller, body, bodyLength } = observation;
      const given = observedRequest(observation);
      const place = checks.includes('gateway') ? undefined : placeOf(given);
      if (place === undefined) return others.explainObserved(observation, question);
      if (place === 'gateway') return explainForwarded(observation, await forwarded.find(observation.requestId));
      const accepted = caller !== undefined && (refusal === undefined || checks.at(-1) !== 'admission');
      const outcome = { route: findRoute(given.method, given.target), checks, refusal, complaints, caller, accepted };
      return tell({ given, at, outcome, isWhole: body.length === bodyLength, observation }, question);
    },
  };

  async function tell(asked: Asked, { scope }: Question): Promise<Explanation> {
    const { given, at, outcome, isWhole, observation } = asked;
    const namesOthers = scope === undefined;
    const found = await examine(ociRequest(given), { ...oci, at, namesOthers });
    // Without its end, a body tells nothing: what was found out at once holds.
    const why = outcome.complaints.length > 0 ? outcome.complaints.join(' ') : found.why;
    const examination = isWhole || found.verdict.accepted ? found : { ...found, diagnosis: undefined, why };
    const facts: OciFacts = { ...examination, given, at, namesOthers, outcome, observation };
    return tellOutcome(facts, isToldToday(facts, isWhole));
  }

  /** What the echo service would say: nothing but the signature counts there. */
  async function trySignature(given: GivenRequest, at: number): Promise<Outcome> {
    const checks: Check[] = ['route'];
    const outcome = { route: undefined, checks, complaints: [] };
    try {
      const raw = rawRequest(given, {}, (check) => checks.push(check));
      const caller = await options.authenticateAt(at)(raw);
      return { ...outcome, caller, accepted: true, refusal: undefined };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const refusal = { code: error.refusal.code, text: error.message };
      return { ...outcome, caller: undefined, accepted: false, refusal };
    }
  }
}

interface Asked {
  readonly given: GivenRequest;
  readonly at: number;
  readonly outcome: Outcome;
  /** Whether the body is there as a whole. */
  readonly isWhole: boolean;
  readonly observation?: Observation;
}
