/** Why a request was refused, or what was signed. Nothing that is asked here changes anything. */
import type { Observation } from '../../contract/observation.ts';
import type { components } from '../../contract/openapi.ts';
import { makeRoutes } from '../../contract/routes.ts';
import { secretHeaders } from '../../contract/secret-headers.ts';
import {
  MalformedSignature,
  isSdkAuthorization,
  readSdkAuthorization,
  signingTime,
  type SdkAuthorization,
} from '../../crypto/sdk-hmac.ts';
import type { AccessKeyDetails, Store } from '../../store/store.ts';
import { tellChecks, type ToldCheck } from './check-details.ts';
import { explainForwardedCall, explainUnsentCall, isForwardedCall, isUnsentCall } from './forwarded-call.ts';
import { headerLookup, observedRequest, rawRequest, type GivenRequest } from './given-request.ts';
import { knownOf } from './hindsight.ts';
import { withoutSecrets } from './masking.ts';
import { signingCall } from './signing-call.ts';
import { explainSignature, unchecked, type SignatureExplanation } from './signature-explanation.ts';
import { knownKeys, knownProjects, maySee, operationsWith, type Asker, type KnownKeys } from './surroundings.ts';
import { summaryOf } from './summary.ts';
import { explainToken, type TokenExplanation } from './token-explanation.ts';
import { tryRequest, type Outcome, type TrialOptions } from './trial.ts';

type KmsExplanation = components['schemas']['KmsExplanation'];

export interface ExplainerOptions extends Omit<TrialOptions, 'findRoute'> {
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly region: () => string;
  /** The form in which the store keeps tokens. */
  readonly hashToken: (token: string) => string;
  /** What `kms.sign` signed, or why `kms.verify` says false. */
  readonly explainSigning: (
    operation: string,
    projectId: string,
    body: Readonly<Record<string, unknown>>,
  ) => Promise<KmsExplanation | undefined>;
}

/** Who wants to know, and where they reach this Signet. */
export interface Question {
  /** The project whose token asks, and which sees nothing else; undefined: the admin. */
  readonly scope: string | undefined;
  readonly baseUrl: string;
}

export interface Explanation {
  readonly summary: string;
  readonly accepted: boolean;
  readonly operation: string | undefined;
  readonly checks: readonly ToldCheck[];
  readonly refusal: Outcome['refusal'];
  readonly signature: SignatureExplanation | undefined;
  readonly token: TokenExplanation | undefined;
  readonly kms: KmsExplanation | undefined;
  readonly oci?: components['schemas']['OciExplanation'];
}

const noKeys: KnownKeys = { visible: [], secrets: [] };

export class Explainer {
  readonly #options: ExplainerOptions;
  #trial: TrialOptions | undefined;

  constructor(options: ExplainerOptions) {
    this.#options = options;
  }

  /** What becomes of a request that was not sent, at this instant or now. */
  readonly explain = async (
    given: GivenRequest,
    question: Question,
    at = this.#options.now(),
  ): Promise<Explanation> => {
    if (isUnsentCall(given)) return explainUnsentCall();
    return this.#tell(given, question, at, await tryRequest(given, at, this.#trialOptions()));
  };

  /** What became of a request. */
  readonly explainObserved = async (observation: Observation, question: Question): Promise<Explanation> => {
    if (isForwardedCall(observation)) return explainForwardedCall(observation);
    const { at, checks, refusal, complaints = [], caller, bodyLength, body } = observation;
    const given = observedRequest(observation);
    const tried = await tryRequest(given, at, this.#trialOptions());
    const accepted =
      caller === undefined
        ? tried.accepted && refusal === undefined
        : !isAboutCredential(checks.at(-1)) || refusal === undefined;
    const outcome = { ...tried, checks, refusal, complaints, caller, accepted };
    const isCut = body.length < bodyLength;
    const notes = isCut
      ? [
          `The journal keeps ${body.length} of the body's ${bodyLength} bytes, so the signature was not looked at again.`,
        ]
      : [];
    return this.#tell({ ...given, notes }, question, at, outcome, observation);
  };

  #trialOptions(): TrialOptions {
    return (this.#trial ??= { ...this.#options, findRoute: makeRoutes(this.#options.document) });
  }

  async #tell(
    given: GivenRequest,
    question: Question,
    at: number,
    outcome: Outcome,
    observation?: Observation,
  ): Promise<Explanation> {
    const header = headerLookup(given);
    const asker = await this.#askerOf(question);
    const { authorization, key, keys, isForeign } = await this.#signerOf(given, outcome, asker);
    const isWhole = observation === undefined || observation.body.length === observation.bodyLength;
    const canCheck =
      authorization !== undefined && key !== undefined && !isForeign && isToBeChecked(outcome) && isWhole;
    const signature =
      authorization &&
      (canCheck
        ? explainSignature(
            given,
            authorization,
            key,
            await this.#surroundings(given, question, asker, key, keys, outcome),
          )
        : unchecked(given, authorization));
    const token = await this.#tokenOf(header('x-auth-token'), at, outcome, asker);
    const found = {
      ...{ given, header, at, authorization, keys, signature, token },
      outcome: seenBy(asker, outcome),
      key: isForeign ? undefined : key,
      signedAt: signedAtOf(given, authorization),
    };
    const call = signingCall(given, question.scope, outcome, observation);
    const told = call && (await this.#options.explainSigning(...call));
    const { facts, kms } = knownOf(found, told, isForeign, observation);
    const checks = tellChecks(facts);
    const summary = summaryOf(facts, checks, kms);
    const sent = secretHeaders.filter((name) => name !== 'authorization').map(header);
    const operation = outcome.route?.operation?.operationId;
    const { refusal, accepted } = outcome;
    const shown = { summary, accepted, operation, checks, refusal, signature: facts.signature, token: facts.token };
    return { ...withoutSecrets(shown, [...keys.secrets, key?.secret ?? '', ...sent]), kms };
  }

  async #askerOf({ scope }: Question): Promise<Asker | undefined> {
    if (scope === undefined) return undefined;
    const project = await this.#options.store.identity.project(scope);
    return { domainId: project?.domain.id ?? '' };
  }

  /** The access key that a request names, and where its signature was refused, those that may be meant. */
  async #signerOf(given: GivenRequest, outcome: Outcome, asker: Asker | undefined): Promise<Signer> {
    const header = headerLookup(given);
    const none = { authorization: undefined, key: undefined, keys: noKeys, isForeign: false };
    const text = header('authorization');
    if (header('x-auth-token') !== '' || !isSdkAuthorization(text)) return none;
    const authorization = readSdkAuthorization(text);
    const key = authorization && (await this.#options.store.identity.accessKey(authorization.access));
    const isForeign = key !== undefined && !maySee(asker, key);
    const keys =
      outcome.caller === undefined ? await knownKeys(this.#options.store, asker, key?.user.domain.id) : noKeys;
    return { authorization, key, keys, isForeign };
  }

  async #surroundings(
    given: GivenRequest,
    { baseUrl }: Question,
    asker: Asker | undefined,
    key: AccessKeyDetails,
    keys: KnownKeys,
    { route }: Outcome,
  ) {
    const { store, document, region } = this.#options;
    const ownFirst = (one: AccessKeyDetails): number => Number(one.userId !== key.userId);
    const projectIds = await knownProjects(store, asker, key.user.domain.id);
    const inPath = given.target.split(/[/?]/).find((segment) => projectIds.includes(segment));
    return {
      otherKeys: keys.visible
        .filter(({ access }) => access !== key.access)
        .toSorted((one, other) => ownFirst(one) - ownFirst(other)),
      ...{ projectIds, domainId: key.user.domain.id, region: region() },
      hosts: [new URL(baseUrl).host, given.host].filter((host) => host !== ''),
      operations: operationsWith(document, { ...(inPath !== undefined && { project_id: inPath }), ...route?.params }),
    };
  }

  async #tokenOf(
    token: string,
    at: number,
    { route }: Outcome,
    asker: Asker | undefined,
  ): Promise<TokenExplanation | undefined> {
    if (token === '') return undefined;
    const { store, hashToken, services } = this.#options;
    const projectId = route?.params['project_id'];
    const needsProject =
      services[route?.owner.operationId.split('.')[0] ?? '']?.admit !== undefined && projectId !== undefined;
    return explainToken(token, { at, projectId, needsProject }, { store, hashToken, asker });
  }
}

interface Signer {
  readonly authorization: SdkAuthorization | undefined;
  readonly key: AccessKeyDetails | undefined;
  readonly keys: KnownKeys;
  /** Whether the key is of a domain that whoever asks may not see. */
  readonly isForeign: boolean;
}

/** A signature that was looked at, or is all that tells why a path is not what the client meant. */
const isToBeChecked = ({ checks }: Outcome): boolean =>
  checks.includes('signature') || ['route', 'method'].includes(checks.at(-1) ?? '');

/** Without a caller whom whoever asks may not see. */
const seenBy = (asker: Asker | undefined, outcome: Outcome): Outcome =>
  outcome.caller === undefined || maySee(asker, outcome.caller) ? outcome : { ...outcome, caller: undefined };

/** Checks that tell who sends a request, and whether that counts here. */
const credentialChecks: readonly (string | undefined)[] = [
  ...['http', 'route', 'door', 'method', 'credential', 'token', 'access key', 'security token', 'signing time'],
  ...['body digest', 'signature', 'admission'],
];
const isAboutCredential = (check: string | undefined): boolean => credentialChecks.includes(check);

function orUndefined<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedSignature) return undefined;
    throw error;
  }
}

const signedAtOf = (given: GivenRequest, authorization: SdkAuthorization | undefined): number | undefined =>
  authorization &&
  orUndefined(() =>
    signingTime(
      rawRequest(given, {}, () => undefined),
      authorization,
    ),
  );
