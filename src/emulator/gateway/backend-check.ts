/** What a backend received, and what it computed, beside what API Gateway signed: where they begin to differ, and why. */
import type { ForwardedRequest } from '../../contract/forwarded.ts';
import { signedTarget } from '../../crypto/backend-signature.ts';
import type { Difference } from '../../crypto/first-difference.ts';
import {
  canonicalRequest,
  plainForm,
  readSdkAuthorization,
  stringToSign,
  type SdkAuthorization,
} from '../../crypto/sdk-hmac.ts';
import { asText } from '../../crypto/text-bytes.ts';
import { canonicalDifference, stringDifference } from '../explanations/difference.ts';
import { headerLookup, type GivenRequest } from '../explanations/given-request.ts';
import { withoutSecrets } from '../explanations/masking.ts';
import type { Cause } from '../explanations/search.ts';
import { explainSignature } from '../explanations/signature-explanation.ts';
import { judged, type Judgement, type JudgingOptions } from './backend-judgement.ts';
import { backendSummary } from './backend-summary.ts';
import { mistakeOf } from './reading-mistakes.ts';

/** What the backend computed, as far as it says; a byte in each character. */
export interface Computed {
  readonly canonicalRequest: string | undefined;
  readonly stringToSign: string | undefined;
}

export interface CheckOptions extends JudgingOptions {
  readonly computed: Computed;
  /** What this Signet signed with this signature. */
  readonly signedAs: (signature: string) => Promise<ForwardedRequest | undefined>;
}

/** The two strings that are computed from a request. */
interface Strings {
  readonly canonicalRequest: string;
  readonly stringToSign: string;
}

export interface Comparison {
  /** Of what was received; undefined where nothing was, or nothing is signed with HMAC. */
  readonly arrived: Strings | undefined;
  /** The call that was signed so, where this Signet did it. */
  readonly record: ForwardedRequest | undefined;
  /** Between what was signed and what the backend computed, or else what was received. */
  readonly difference: Difference | undefined;
  /** Whether the backend computed what it received: the difference is not its own. */
  readonly isOnTheWay: boolean;
  /** Whether all that the backend computed is what was signed; undefined where it gave nothing. */
  readonly computedMatches: boolean | undefined;
  readonly cause: Cause | undefined;
  readonly tried: readonly string[] | undefined;
}

export interface BackendVerdict extends Comparison {
  readonly summary: string;
  readonly accepted: boolean;
  /** As the vendor's demos say it. */
  readonly refusal: string | undefined;
}

export async function checkForBackend(given: GivenRequest, options: CheckOptions): Promise<BackendVerdict> {
  const judgement = await judged(given, options);
  const authorization = readSdkAuthorization(headerLookup(given)(options.signatureHeader.toLowerCase()));
  const record = authorization && (await options.signedAs(authorization.signature));
  const arrived = authorization && stringsOf(given, authorization);
  const compared = compare(arrived, record, options.computed);
  const isSought = judgement.refusal !== undefined && record === undefined && compared.difference === undefined;
  const found = isSought && authorization ? sought(given, authorization, judgement) : undefined;
  const comparison = { ...compared, ...found };
  const { refusal, secrets } = judgement;
  const summary = backendSummary(comparison, { ...judgement, given, at: options.at });
  return withoutSecrets({ summary, accepted: refusal === undefined, refusal, ...comparison }, secrets);
}

/** The same for a call that this Signet forwarded: what was received is not asked. */
export function checkForwarded(record: ForwardedRequest, computed: Computed): BackendVerdict {
  const comparison = compare(undefined, record, computed);
  const accepted = record.signature !== undefined && record.defect === undefined;
  return { summary: backendSummary(comparison, undefined), accepted, refusal: undefined, ...comparison };
}

const readAsSigned = (given: GivenRequest): GivenRequest => ({ ...given, target: signedTarget(given.target) });

function stringsOf(given: GivenRequest, { signedHeaders }: SdkAuthorization): Strings {
  const { method, target, body } = readAsSigned(given);
  const header = headerLookup(given);
  const canonical = canonicalRequest({ method, target, header, body }, signedHeaders);
  return {
    canonicalRequest: canonical,
    stringToSign: stringToSign(plainForm, header('x-sdk-date'), undefined, canonical),
  };
}

function compare(arrived: Strings | undefined, record: ForwardedRequest | undefined, computed: Computed): Comparison {
  const signed = record?.signature ?? arrived;
  const own = signed && differenceOf(signed, computed);
  const onTheWay = signed && arrived && canonicalDifference(signed.canonicalRequest, arrived.canonicalRequest);
  const isGiven = computed.canonicalRequest !== undefined || computed.stringToSign !== undefined;
  const isOnTheWay = computed.canonicalRequest === undefined || computed.canonicalRequest === arrived?.canonicalRequest;
  const difference = own ?? onTheWay;
  return {
    ...{ arrived, record, difference, isOnTheWay: difference !== undefined && onTheWay !== undefined && isOnTheWay },
    computedMatches: isGiven && signed ? own === undefined : undefined,
    cause: own && !isOnTheWay ? mistakeOf(own) : undefined,
    tried: undefined,
  };
}

function differenceOf(signed: Strings, computed: Computed): Difference | undefined {
  const { canonicalRequest: canonical = signed.canonicalRequest, stringToSign: text = signed.stringToSign } = computed;
  return canonicalDifference(signed.canonicalRequest, canonical) ?? stringDifference(signed.stringToSign, text);
}

/** Of a signature that somebody else made. */
function sought(given: GivenRequest, authorization: SdkAuthorization, { secret }: Judgement) {
  if (secret === undefined) return undefined;
  const key = { access: authorization.access, secret };
  const { cause, difference, tried } = explainSignature(readAsSigned(given), authorization, key, nothingAround);
  return { cause, difference, tried };
}

/** A backend knows no projects, and no names but the one that it was called by. */
const nothingAround = { otherKeys: [], projectIds: [], domainId: '', region: '', hosts: [], operations: [] };

/** As it is shown. */
export const shownStrings = ({ canonicalRequest: canonical, stringToSign: text }: Strings): Strings => ({
  canonicalRequest: asText(canonical),
  stringToSign: asText(text),
});
