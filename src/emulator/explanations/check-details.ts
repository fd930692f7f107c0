/** A sentence or two about each check of a request. */
import type { Check } from '../../contract/observation.ts';
import { bodyWithDigest } from '../../crypto/body-changes.ts';
import type { SdkAuthorization } from '../../crypto/sdk-hmac.ts';
import { asText } from '../../crypto/text-bytes.ts';
import type { AccessKeyDetails } from '../../store/store.ts';
import type { GivenRequest } from './given-request.ts';
import { isNearly } from './nearest.ts';
import type { SignatureExplanation } from './signature-explanation.ts';
import { iso, signedAgo, span } from './spans.ts';
import type { KnownKeys } from './surroundings.ts';
import type { TokenExplanation } from './token-explanation.ts';
import type { Outcome } from './trial.ts';

/** What is known of a request when its checks are told. */
export interface Facts {
  readonly given: GivenRequest;
  readonly header: (name: string) => string;
  readonly at: number;
  readonly outcome: Outcome;
  /** Undefined where Authorization cannot be read, or is of another kind. */
  readonly authorization: SdkAuthorization | undefined;
  /** The key that the request names; undefined also where whoever asks may not see it. */
  readonly key: AccessKeyDetails | undefined;
  readonly keys: KnownKeys;
  /** When the request says that it was signed. */
  readonly signedAt: number | undefined;
  readonly token: TokenExplanation | undefined;
  readonly signature: SignatureExplanation | undefined;
  /** Checks of which today says something else than what was found. */
  readonly stale: ReadonlySet<Check>;
}

const details: Readonly<Partial<Record<Check, (facts: Facts) => string | undefined>>> = {
  route: ({ given: { method, target }, outcome: { route } }) => {
    const path = asText(target.split('?')[0] ?? '');
    if (route === undefined) return `No operation has the path ${path}.`;
    return route.operation === undefined
      ? `${path} is ${route.path}.`
      : `${method} ${path} is ${route.operation.operationId}.`;
  },
  method: ({ given: { method }, outcome: { route } }) => `${route?.path ?? ''} does not take ${method}.`,
  credential: ({ header }) => {
    if (header('x-auth-token') !== '') return 'It brings a token in X-Auth-Token.';
    const authorization = header('authorization');
    if (/^(?:SDK|V11)-/.test(authorization)) return 'It is signed with an access key.';
    const hint = hints.find(([pattern]) => pattern.test(authorization));
    return `It brings neither a token in X-Auth-Token nor a signature of the SDKs in Authorization.${hint === undefined ? '' : ` ${hint[1]}`}`;
  },
  token: ({ token }) => token?.explanation,
  'access key': accessKeyDetail,
  'security token': ({ key, at, header }) => {
    if (key === undefined) return undefined;
    if (header('x-security-token') === '') return 'The access key is a temporary one, and X-Security-Token is missing.';
    const { expiresAt } = key;
    if (expiresAt === null) return undefined;
    return expiresAt > at
      ? `The key expires at ${iso(expiresAt)}.`
      : `The key expired at ${iso(expiresAt)}, ${span(at - expiresAt)} ago.`;
  },
  'signing time': ({ signedAt, at }) =>
    signedAt === undefined ? undefined : `${signedAgo(signedAt, at)} 15 minutes are allowed either way.`,
  'body digest': ({ header, given }) => {
    const declared = header('x-sdk-content-sha256');
    if (!/^[0-9a-f]{64}$/i.test(declared))
      return `X-Sdk-Content-Sha256 says ${asText(declared)}: the body is not signed.`;
    return bodyWithDigest(given.body, declared.toLowerCase())?.explanation;
  },
  signature: ({ signature }) =>
    signature?.cause?.explanation ?? (signature?.verdict === 'right' ? 'The signature is right.' : undefined),
  contract: ({ outcome: { complaints } }) => complaints.join(' '),
  admission: ({ outcome: { caller, route } }) => {
    const permission = route?.operation?.['x-permission'];
    if (caller === undefined) return undefined;
    const where = caller.project === null ? 'no project' : `the project ${caller.project.id} (${caller.project.name})`;
    return `${caller.user.name} is let in for ${where}${permission === undefined ? '' : `; the operation asks for ${permission.action}`}.`;
  },
};

/** What stands in Authorization in place of a signature. */
const hints: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/^Bearer /i, 'Authorization has a bearer token: this API takes it in X-Auth-Token.'],
  [/^AWS4-/, 'Authorization is of AWS: use the signer of an SDK of this cloud.'],
  [/^Signature /, 'Authorization is a signature of OCI: this path is none of its.'],
  [/^Basic /i, 'Authorization is Basic: ask POST /v3/auth/tokens for a token with name and password.'],
];

function accessKeyDetail({ authorization, header, key, keys, at, outcome }: Facts): string | undefined {
  if (authorization === undefined)
    return `Authorization cannot be read: ${(outcome.refusal?.text ?? '').replace(/^.*calc aksk signature fail:/, '')}.`;
  const name = asText(authorization.access);
  if (key?.lockedUntil && key.lockedUntil > at && outcome.checks.at(-1) === 'access key')
    return `The access key is locked until ${iso(key.lockedUntil)}, after too many wrong signatures.`;
  if (key !== undefined) return `The access key is ${key.user.name}'s.`;
  if (outcome.checks.at(-1) !== 'access key') return 'The access key is of another account.';
  const swapped = keys.visible.find(({ secret }) => secret === name);
  if (swapped !== undefined) return `This is the secret of the access key ${swapped.access}: the two are changed over.`;
  const near = keys.visible.find(({ access }) => isNearly(name, access));
  const token = header('x-security-token') === '' ? '' : ' It may be a temporary one that expired long ago.';
  return `There is no access key of this name.${near === undefined ? token : ` There is one called ${near.access}.`}`;
}

export interface ToldCheck {
  readonly check: Check;
  readonly verdict: 'passed' | 'refused';
  readonly detail?: string;
}

/** The checks in their order; the last one refused where there is a refusal. */
export function tellChecks(facts: Facts): ToldCheck[] {
  const { checks, refusal } = facts.outcome;
  return checks.map((check, index) => {
    const isRefused = refusal !== undefined && index === checks.length - 1;
    const isUntold = (isRefused && check === 'admission') || facts.stale.has(check);
    const own = isUntold ? undefined : details[check]?.(facts);
    const detail = own ?? (isRefused ? refusal.text : undefined);
    return {
      check,
      verdict: isRefused ? 'refused' : 'passed',
      ...(detail !== undefined && detail !== '' && { detail }),
    };
  });
}
