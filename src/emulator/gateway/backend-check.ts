/** Requests as a backend received them: whether API Gateway signed them so, and if not, where they begin to differ. */
import type { ForwardedRequest } from '../../contract/forwarded.ts';
import { signedTarget } from '../../crypto/backend-signature.ts';
import { canonicalRequest, isSdkAuthorization, parseSdkAuthorization } from '../../crypto/sdk-hmac.ts';
import { MalformedSignature, type SdkAuthorization } from '../../crypto/sdk-hmac.ts';
import { checkGatewaySignature } from '../../verify-gateway/check-signature.ts';
import { canonicalDifference, type Difference } from '../explanations/difference.ts';
import { asText, headerLookup, type GivenRequest } from '../explanations/given-request.ts';
import { withoutSecrets } from '../explanations/masking.ts';
import type { Cause } from '../explanations/search.ts';
import { explainSignature } from '../explanations/signature-explanation.ts';

export interface CheckOptions {
  /** sign_secrets of a sign_key: several keys may have the same. */
  readonly secretsOf: (key: string) => Promise<readonly string[]>;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The header in which the signature stands. */
  readonly signatureHeader: string;
  /** The canonical request that the backend computed, a byte in each character. */
  readonly computed: string | undefined;
  /** What this Signet signed with this signature. */
  readonly signedAs: (signature: string) => ForwardedRequest | undefined;
}

export interface BackendVerdict extends Comparison {
  readonly summary: string;
  readonly accepted: boolean;
  /** As the vendor's demos say it. */
  readonly refusal: string | undefined;
}

interface Comparison {
  /** Of what was received. */
  readonly canonicalRequest?: string;
  readonly signed?: Signed;
  readonly difference?: Difference;
  readonly cause?: Cause;
  readonly tried?: readonly string[];
}

interface Signed {
  readonly requestId: string;
  readonly canonicalRequest: string;
  readonly stringToSign: string;
}

export async function checkForBackend(given: GivenRequest, options: CheckOptions): Promise<BackendVerdict> {
  const { secrets, secret, refusal } = await judged(given, options);
  const authorization = parsed(headerLookup(given)(options.signatureHeader.toLowerCase()));
  const comparison = authorization && compare(given, authorization, secret, refusal !== undefined, options);
  const told = { accepted: refusal === undefined, refusal, ...comparison };
  return withoutSecrets({ summary: summaryOf(told, options.computed !== undefined), ...told }, secrets);
}

interface Judgement {
  /** All that the key may have. */
  readonly secrets: readonly string[];
  /** The one that the request was judged by. */
  readonly secret: string | undefined;
  /** In the words of the vendor's demos; undefined where they would accept it. */
  readonly refusal: string | undefined;
}

/** By the secret with which it is right, or else by the first. */
async function judged(given: GivenRequest, { secretsOf, at, signatureHeader }: CheckOptions): Promise<Judgement> {
  const { method, target, body } = given;
  const received = { method, target, headers: headersOf(given), body };
  let secrets: readonly string[] = [];
  const judge = async (index: number): Promise<Judgement> => {
    const keys = async (key: string) => (secrets = await secretsOf(key))[index];
    const verdict = await checkGatewaySignature(received, { keys, now: () => at, header: signatureHeader });
    return { secrets, secret: secrets[index], refusal: 'key' in verdict ? undefined : verdict.text };
  };
  const first = await judge(0);
  for (let index = 1; index < secrets.length; index++) {
    const other = await judge(index);
    if (other.refusal === undefined) return other;
  }
  return first;
}

function headersOf({ headers, host }: GivenRequest): Record<string, string[]> {
  const others = headers.filter(([name]) => name.toLowerCase() !== 'host');
  const grouped = Map.groupBy([...others, ['Host', host] as const], ([name]) => name.toLowerCase());
  return Object.fromEntries(Array.from(grouped, ([name, lines]) => [name, lines.map(([, value]) => value)]));
}

/** undefined for Basic, and for what is malformed. */
function parsed(text: string): SdkAuthorization | undefined {
  try {
    return isSdkAuthorization(text) ? parseSdkAuthorization(text) : undefined;
  } catch (error) {
    if (error instanceof MalformedSignature) return undefined;
    throw error;
  }
}

/** What was signed is known where this Signet did it; otherwise it is looked for. */
function compare(
  given: GivenRequest,
  authorization: SdkAuthorization,
  secret: string | undefined,
  isRefused: boolean,
  { computed, signedAs }: CheckOptions,
): Comparison {
  const read = { ...given, target: signedTarget(given.target) };
  const { method, target, body } = read;
  const arrived = canonicalRequest({ method, target, header: headerLookup(read), body }, authorization.signedHeaders);
  const { requestId = '', signature } = signedAs(authorization.signature) ?? {};
  const differs = canonicalDifference(signature?.canonicalRequest ?? arrived, computed ?? arrived);
  const found =
    isRefused && secret !== undefined
      ? explainSignature(read, authorization, { access: authorization.access, secret }, nothingAround)
      : undefined;
  const difference = differs ?? found?.difference;
  return {
    canonicalRequest: asText(arrived),
    ...(signature && {
      signed: {
        requestId,
        canonicalRequest: asText(signature.canonicalRequest),
        stringToSign: asText(signature.stringToSign),
      },
    }),
    ...(difference && { difference }),
    ...(found?.cause && { cause: found.cause }),
    ...(found && { tried: found.tried }),
  };
}

/** A backend knows no projects, and no names but the one that it was called by. */
const nothingAround = { otherKeys: [], projectIds: [], domainId: '', region: '', hosts: [], operations: [] };

function summaryOf(
  { refusal, difference, cause, signed }: Omit<BackendVerdict, 'summary' | 'accepted'>,
  isComputed: boolean,
): string {
  const verdict =
    refusal === undefined ? 'The request is as it was signed.' : `The vendor's demos refuse this: ${refusal}`;
  const sides = isComputed ? 'what the backend computed' : 'what was received';
  const place =
    difference && (isComputed || signed)
      ? `Line ${difference.line} of the canonical request, ${difference.what}, is where ${sides} begins to differ from what was signed.`
      : undefined;
  return [verdict, place, cause?.explanation, cause?.remedy].filter((part) => part !== undefined).join(' ');
}
