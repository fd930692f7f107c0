import { curves, type CurveName } from '../curves.ts';
import { keySpecs } from '../key-specs.ts';
import { signingAlgorithms } from '../signing-algorithms.ts';
import { candidates } from './candidates.ts';
import { titleOf } from './known-hashes.ts';
import { messageForms, type Form } from './message-forms.ts';
import { open, openSm2, parsed, recoverKeys } from './openings.ts';
import type { Candidate, Diagnosis, Differences, Making, PublicKey, Question, Recovered } from './question.ts';
import { openRsa } from './rsa-opening.ts';
import { signatureForms } from './signature-forms.ts';

/** Things that may differ at once; more is no explanation any more. */
const MOST_DIFFERENCES = 3;
/** The same where each try costs a multiplication on a curve. */
const MOST_ON_CURVES = 2;

const vendorsHashes = new Set<string>(Object.values(signingAlgorithms).map(({ hash }) => hash.name));

const isRsa = ({ spec }: PublicKey): boolean => spec.startsWith('RSA');
const isOnCurve = ({ spec }: PublicKey): boolean => spec in curves;

/**
 * Finds out what would have to be different for a signature to be valid: all that is found is proved by the signature itself. Takes up to
 * a second of CPU, so it belongs into a thread.
 */
export function diagnose(question: Question): Diagnosis {
  const { key, others, signature } = question;
  const forms = signatureForms(signature, key.spec);
  const own = best(withKey(question, key, forms));
  if (own !== undefined) return { found: own };
  const foreign = best(others.flatMap((other) => withOther(question, other)));
  const found = foreign ?? best(withRecoveredKeys(question));
  if (found !== undefined) return { found };
  const shown = [key, ...others].filter(isRsa).flatMap((one) => shownBy(one, question));
  return shown[0] === undefined ? {} : { recovered: shown[0] };
}

const countOf = (differences: Differences): number => Object.keys(differences).length;

/** The one with the fewest differences; one without any explains nothing. */
const best = (found: readonly Differences[]): Differences | undefined =>
  found.filter((one) => countOf(one) > 0).sort((one, other) => countOf(one) - countOf(other))[0];

function withKey(question: Question, key: PublicKey, forms: readonly Form[]): readonly Differences[] {
  const most = isRsa(key) ? MOST_DIFFERENCES : MOST_ON_CURVES;
  const likely = inOrder(question, key, most, messageForms(question.message));
  return forms.flatMap((form) => {
    const opening = open(key, form.bytes);
    for (const candidate of likely) {
      const making = opening(candidate);
      const differences = making && differencesOf(question, key, form, candidate, making);
      if (differences !== undefined) return countOf(differences) <= MOST_DIFFERENCES ? [differences] : [];
    }
    return [];
  });
}

/** Candidates that differ little first; those of which the scheme takes the same bytes only once. */
function inOrder(question: Question, key: PublicKey, most: number, given: readonly Form[]): readonly Candidate[] {
  const ordered = candidates(given, key)
    .map((candidate) => ({ candidate, count: distance(question, candidate) }))
    .filter(({ count }) => count <= most)
    .sort((one, other) => one.count - other.count);
  const unique = new Map<string, Candidate>();
  for (const { candidate } of ordered) {
    const { digest, hash, userId } = candidate;
    const id = `${isOnCurve(key) ? typeof userId : (hash ?? '')} ${Buffer.from(digest).toString('latin1')}`;
    if (!unique.has(id)) unique.set(id, candidate);
  }
  return [...unique.values()];
}

const asItCame = ({ message }: Question): Form => ({ name: undefined, bytes: message });

/** In how many ways a candidate is not what the question says was signed. */
function distance({ algorithm, type }: Question, candidate: Candidate): number {
  const { hash, scheme } = signingAlgorithms[algorithm];
  const isHashOther = scheme === null ? candidate.hash !== null : candidate.hash !== hash.name;
  const isHashRare = candidate.hash !== null && !vendorsHashes.has(candidate.hash);
  const { message, userId } = candidate;
  const all = [isHashOther, isHashRare, candidate.type !== type, message !== undefined, userId !== undefined];
  return all.filter(Boolean).length;
}

/** Another key: of RSA all is tried, since it costs nothing; of the others what was asked. */
function withOther(question: Question, other: PublicKey): readonly Differences[] {
  const isWanted = isRsa(other) || other.spec === 'SM2' || other.spec === 'ED25519';
  if (!isWanted) return [];
  const forms = signatureForms(question.signature, other.spec);
  if (isRsa(other)) return withKey(question, other, forms);
  const likely = inOrder(question, other, 1, [asItCame(question)]);
  return forms.slice(0, 3).flatMap((form) => {
    const opening = other.spec === 'SM2' ? openSm2(other, form.bytes) : open(other, form.bytes);
    return likely.flatMap((candidate) => {
      const making = opening(candidate);
      return making === undefined ? [] : [differencesOf(question, other, form, candidate, making)];
    });
  });
}

/** ECDSA: the keys that would have made the signature are computed, and looked for among the others. */
function withRecoveredKeys(question: Question): readonly Differences[] {
  const curvesOfOthers = new Set(question.others.filter(isOnCurve).map(({ spec }) => spec));
  return [...curvesOfOthers]
    .filter((spec) => spec !== 'SM2')
    .flatMap((spec) => {
      const keys = question.others.filter((other) => other.spec === spec);
      const likely = inOrder(question, keys[0] ?? question.key, 1, [asItCame(question)]);
      return signatureForms(question.signature, spec)
        .slice(0, 3)
        .flatMap((form) =>
          likely.flatMap((candidate) => {
            const points = recoverKeys(spec as CurveName, form.bytes, candidate.digest).map((point) =>
              Buffer.from(point),
            );
            const key = keys.find(({ spki }) => points.some((point) => point.equals(keySpecs[spec].barePublic(spki))));
            const making = { scheme: 'ECDSA', hash: candidate.hash } as const;
            return key === undefined ? [] : [differencesOf(question, key, form, candidate, making)];
          }),
        );
    });
}

function differencesOf(
  question: Question,
  key: PublicKey,
  form: Form,
  candidate: Candidate,
  making: Making,
): Differences {
  const { saltLength, mgf1Hash, padding, userId } = making;
  return {
    ...(key.id !== question.key.id && { keyId: key.id }),
    ...algorithmOf(question, key, making),
    ...(candidate.type !== question.type && { type: candidate.type }),
    ...(candidate.message !== undefined && { message: candidate.message }),
    ...(form.name !== undefined && { signature: form.name }),
    ...(padding !== undefined && { padding }),
    ...(saltLength !== undefined && { saltLength }),
    ...(mgf1Hash !== undefined && { mgf1Hash: titleOf(mgf1Hash) }),
    ...(userId !== undefined && { userId }),
  };
}

/** The vendor's algorithm that does it, or its scheme and hash where the vendor has none. */
function algorithmOf({ algorithm }: Question, { spec }: PublicKey, { scheme, hash }: Making): Differences {
  const asked = signingAlgorithms[algorithm];
  const isSame = (asked.scheme ?? 'ED25519') === scheme;
  if (isSame && (asked.hash.name === hash || hash === null)) return hash === null ? { hash: 'none' } : {};
  const vendors = Object.values(signingAlgorithms).find(
    (one) => (one.scheme ?? 'ED25519') === scheme && one.hash.name === hash && one.keySpecs.includes(spec),
  );
  if (vendors !== undefined) return { algorithm: vendors.name };
  return { ...(!isSame && { scheme }), hash: hash === null ? 'none' : titleOf(hash) };
}

function shownBy(key: PublicKey, question: Question): readonly Recovered[] {
  return signatureForms(question.signature, key.spec).flatMap((form) => {
    const { recovered: shown } = openRsa(parsed(key), form.bytes);
    const from = key.id === question.key.id ? {} : { keyId: key.id };
    const as = form.name === undefined ? {} : { signature: form.name };
    return shown === undefined ? [] : [{ ...shown, ...from, ...as }];
  });
}
