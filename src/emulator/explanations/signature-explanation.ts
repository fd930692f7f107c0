import { queryPairs } from '../../crypto/canonical-query.ts';
import type { Difference } from '../../crypto/first-difference.ts';
import type { SdkAuthorization } from '../../crypto/sdk-hmac.ts';
import { asText } from '../../crypto/text-bytes.ts';
import type { Derive, KeyPair, Subject, Surroundings } from './candidate.ts';
import { differenceOf } from './difference.ts';
import { headerLookup, type GivenRequest } from './given-request.ts';
import { masked } from './masking.ts';
import { search, type Cause, type Start } from './search.ts';
import { dialects, expectedText, hmacKey, type Dialect, type HmacKey, type SignedText } from './signed-text.ts';

export interface SignatureExplanation {
  readonly algorithm: string;
  readonly access: string;
  readonly verdict: 'right' | 'proved' | 'unknown' | 'unchecked';
  readonly cause?: Cause;
  readonly expected: string;
  readonly received?: string;
  readonly difference?: Difference;
  readonly tried: readonly string[];
}

const shown = (text: SignedText): string => {
  const safe = masked(text);
  return asText(safe.join(safe));
};

/** Of a signature that was not looked at, or that may not be: what it would be checked over. */
export function unchecked(request: GivenRequest, authorization: SdkAuthorization): SignatureExplanation {
  const { access, form } = authorization;
  const expected = shown(expectedText(request, authorization, '', dialects.standard));
  return { algorithm: form.algorithm, access: asText(access), verdict: 'unchecked', expected, tried: [] };
}

/** Checks a signature, and finds out what it is of where it is wrong. */
export function explainSignature(
  request: GivenRequest,
  authorization: SdkAuthorization,
  key: KeyPair,
  surroundings: Surroundings,
): SignatureExplanation {
  const { form, signature } = authorization;
  const derive = remembering();
  const texts = dialectsOf(form.golangsdk).map((dialect) => {
    const expected = expectedText(request, authorization, key.secret, dialect);
    return { dialect, expected, canonical: expected.join(expected) };
  });
  // Mostly both dialects say the same.
  const told = texts.filter(({ canonical }, index) => index === 0 || canonical !== texts[0]?.canonical);
  const starts = told.map(({ dialect, expected }): Start => {
    return [subjectOf(request, authorization, key, surroundings, { dialect, derive }), expected];
  });
  const { finding, tried } = search(starts, signature);
  const known = { algorithm: form.algorithm, access: asText(authorization.access), tried };
  const standard = expectedText(request, authorization, key.secret, dialects.standard);
  if (finding === undefined) return { ...known, verdict: 'unknown', expected: shown(standard) };
  const { causes, expected, received } = finding;
  if (causes.length === 0) return { ...known, verdict: 'right', expected: shown(expected), tried: [] };
  const difference = differenceOf(expected, received);
  return {
    ...known,
    ...{ verdict: 'proved', cause: joined(causes), expected: shown(expected), received: shown(received) },
    ...(difference && { difference }),
  };
}

/** Clients of the plain form speak the standard dialect; golangsdk is tried after it. */
const dialectsOf = (golangsdk: boolean): readonly Dialect[] =>
  golangsdk ? [dialects.standard, dialects.golangsdk] : [dialects.standard];

function subjectOf(
  request: GivenRequest,
  authorization: SdkAuthorization,
  key: KeyPair,
  surroundings: Surroundings,
  { dialect, derive }: Pick<Subject, 'dialect' | 'derive'>,
): Subject {
  const at = request.target.indexOf('?');
  const path = at < 0 ? request.target : request.target.slice(0, at);
  const query = at < 0 ? '' : request.target.slice(at + 1);
  const header = headerLookup(request);
  return {
    ...surroundings,
    request,
    header,
    path,
    query,
    pairs: queryPairs(query),
    authorization,
    key,
    dialect,
    derive,
  };
}

function remembering(): Derive {
  const known = new Map<string, HmacKey>();
  return (form, secret, access, scope) => {
    const name = [form.algorithm, form.field, secret, access, scope].join('\n');
    const key = known.get(name) ?? hmacKey(form.key(secret, access, scope));
    known.set(name, key);
    return key;
  };
}

/** Two causes are told as one. */
const joined = (causes: readonly Cause[]): Cause => ({
  name: causes.map(({ name }) => name).join(' + '),
  explanation: asText(causes.map(({ explanation }) => explanation).join(' And: ')),
  remedy: [...new Set(causes.map(({ remedy }) => remedy))].join(' '),
});
