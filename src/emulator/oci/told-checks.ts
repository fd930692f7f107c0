/** A sentence or two about each check of an OCI signature. */
import { bodyClaims } from '../../crypto/oci/body-digest.ts';
import type { OciCheck } from '../../crypto/oci/check-signature.ts';
import { keyIdOf } from '../../crypto/oci/key-id.ts';
import { readSigningTime } from '../../crypto/oci/signing-time.ts';
import { asText } from '../../crypto/text-bytes.ts';
import type { ToldCheck } from '../explanations/check-details.ts';
import { signedAgo } from '../explanations/spans.ts';
import { shownKeyId, type Examination } from './examination.ts';

type Facts = Examination & {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whether whoever asks may know who the users are. */
  readonly namesOthers: boolean;
};

/** Of those that passed. */
const details: Readonly<Record<OciCheck, (facts: Facts) => string | undefined>> = {
  authorization: ({ authorization }) =>
    authorization && `It is signed with ${authorization.algorithm}, by ${shownKeyId(authorization)}.`,
  'signed headers': ({ authorization }) =>
    authorization && `Signed are ${asText(authorization.headers.join(', ').toLowerCase())}.`,
  'signing time': ({ request, at }) => {
    const time = readSigningTime(request);
    return 'why' in time
      ? undefined
      : `${signedAgo(time.date, at)} ${time.name} says so; 5 minutes are allowed either way.`;
  },
  'api key': ({ verdict: { key }, namesOthers }) => {
    if (key === undefined) return undefined;
    if (key.details === undefined) return 'The public key is one that was given with the request.';
    const { user, tenancy } = key.details;
    return namesOthers ? `The API key is ${user.name}'s, of the tenancy ${tenancy.name}.` : undefined;
  },
  signature: () => 'The signature is right.',
  'body digest': ({ authorization }) => {
    const claims = bodyClaims((authorization?.headers ?? []).map((name) => name.toLowerCase()));
    return claims.length === 0
      ? 'The body is not signed.'
      : `What is signed of the body is right: ${claims.join(', ')}.`;
  },
};

/** The checks in their order; the last one refused where the request is not accepted. */
export function tellOciChecks(facts: Facts): ToldCheck[] {
  const { checks, verdict } = facts;
  return checks.map((check, index) => {
    const isRefused = !verdict.accepted && index === checks.length - 1;
    const detail = isRefused ? whyNot(facts) : details[check](facts);
    return { check, verdict: isRefused ? 'refused' : 'passed', ...(detail !== undefined && { detail }) };
  });
}

/** Why it is refused, and whose signature it is where the key that it names did not make it. */
const whyNot = ({ why, maker }: Examination): string =>
  [
    why,
    ...(maker === undefined
      ? []
      : [`The signature is right for the API key ${keyIdOf(maker)}: keyId has to name that one.`]),
  ].join(' ');

/** In short, for a person. */
export function ociSummary(facts: Facts): string {
  const { verdict, diagnosis } = facts;
  if (!verdict.accepted) return [whyNot(facts), diagnosis?.summary].filter((part) => part !== undefined).join(' ');
  const { details: known } = verdict.key;
  const owner = known === undefined || !facts.namesOthers ? '' : ` of ${known.user.name}`;
  return [
    `The signature is right: it is by the API key ${verdict.id.fingerprint}${owner}.`,
    ...verdict.warnings.map(asText),
  ].join(' ');
}
