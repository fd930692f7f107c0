/** What an RSA signature shows of itself when it is opened with a public key, before anything is known of what was signed. */
import type { KeyObject } from 'node:crypto';
import { knownHashes } from '../../diagnosis/known-hashes.ts';
import { openRsa, type RsaOpening } from '../../diagnosis/rsa-opening.ts';
import { rsaSignatureForms } from '../../diagnosis/signature-forms.ts';
import { modulusLength } from '../../rsa-keys.ts';
import { readBareContent } from './bare-contents.ts';
import { digestOf } from './digest-of.ts';
import {
  bareCause,
  digestInfoCause,
  hashCause,
  lengthCause,
  otherKeyCause,
  pssCause,
  unknownKeyCause,
  unpaddedCause,
  writingCause,
} from './opening-causes.ts';
import type { OciCause, OciRecovered, OtherKey } from './question.ts';

export interface Opened {
  /** What is wrong with it, whatever was signed. */
  readonly causes: readonly OciCause[];
  /** What is wrong with it where this was signed, a byte in each character; undefined where it was not. */
  readonly madeOf: (message: string) => readonly OciCause[] | undefined;
  readonly recovered: OciRecovered | undefined;
  /** How many times longer a candidate takes than one whose digest is compared. */
  readonly weight: number;
  /** Whether one of the keys made it: certainly, perhaps, certainly not. */
  readonly isByKey: boolean | undefined;
}

/** Other keys that are tried; of keys with more bits there are fewer, since each takes longer. */
const MOST_KEYS = 20;
const BITS = 3072;
/** With a greater one, opening takes as long as signing. */
const GREATEST_EXPONENT = 2n ** 32n;
/** Forms in which the signature is opened with the key that is named; the same goes for them. */
const MOST_FORMS = 4;
/** Characters of a signature beyond which it is none: as many as two of 16,384 bits have in hex. */
const LONGEST = 8192;

/**
 * Opens a signature with the key that is named, in any form in which signatures are written by mistake, or else with another stored key.
 * @param text as the header Authorization has it
 */
export function open(text: string, key: KeyObject, others: readonly OtherKey[]): Opened {
  const forms = formsOf(text, key).slice(0, mostOf(MOST_FORMS, modulusLength(key)));
  let uncertain: Opened | undefined;
  for (const { name, bytes } of forms) {
    const opened = read(openRsa(key, bytes), name === undefined ? [] : [writingCause(name)]);
    if (opened.isByKey === true) return opened;
    if (opened.isByKey === undefined) uncertain ??= opened;
  }
  const candidates = comparable(others, text);
  const foreign = openWithOthers(text, candidates) ?? uncertain;
  if (foreign !== undefined) return foreign;
  const bytes = Buffer.from(text, 'base64');
  const isOfLength = forms.some(({ name = '' }) => !ofAnotherLength.some((form) => name.endsWith(form)));
  return notOpened(
    isOfLength
      ? unknownKeyCause(candidates.length)
      : lengthCause(bytes.length, modulusLength(key), bytes.toString('base64') === text),
  );
}

interface Form {
  readonly name: string | undefined;
  readonly bytes: Uint8Array;
}

/** A signature as it may have been meant, where that is as long as the modulus. */
function formsOf(text: string, key: KeyObject): readonly Form[] {
  if (text.length > LONGEST) return [];
  const length = Math.ceil(modulusLength(key) / 8);
  return written(text).flatMap(([name, one]) => {
    const isStrict = Buffer.from(one, 'base64').toString('base64') === one;
    return rsaSignatureForms(one, length).map((form): Form => {
      const lax = isStrict || form.name !== undefined ? [] : ['as Base64 that is not written strictly'];
      const names = [name, form.name, ...lax].filter((part) => part !== undefined);
      return { name: names.length === 0 ? undefined : names.join(', '), bytes: form.bytes };
    });
  });
}

/** The hashes of RSASSA-PSS in libraries. */
const usual = ['sha256', 'sha384', 'sha512', 'sha1'];

/** The forms in which a signature is not as long as it is written. */
const ofAnotherLength = ['cut to its length', 'without what stands before it', 'with the zeros at its front'];

/** What is done to Base64 where it is taken for a part of a URL or of a form. */
const written = (text: string): readonly (readonly [name: string | undefined, text: string])[] => [
  [undefined, text],
  ...(text.includes(' ') ? [['with a plus for each blank', text.replaceAll(' ', '+')] as const] : []),
  ...(/%(?:2[BbFf]|3[Dd])/.test(text)
    ? [['percent-decoded', text.replaceAll(/%(2[BbFf]|3[Dd])/g, (_, hex: string) => unescaped(hex))] as const]
    : []),
];
const unescaped = (hex: string): string => String.fromCharCode(Number.parseInt(hex, 16));

const mostOf = (count: number, bits: number): number => (bits <= BITS ? count : Math.ceil(count * (BITS / bits) ** 2));

/** The keys whose signatures are as long as this one. */
const comparable = (others: readonly OtherKey[], text: string): readonly OtherKey[] => {
  const bits = 8 * Buffer.from(text.slice(0, LONGEST), 'base64').length;
  const fits = ({ publicKey }: OtherKey): boolean =>
    8 * Math.ceil(modulusLength(publicKey) / 8) === bits &&
    (publicKey.asymmetricKeyDetails?.publicExponent ?? 0n) < GREATEST_EXPONENT;
  return others.slice(0, MOST_KEYS).filter(fits).slice(0, mostOf(MOST_KEYS, bits));
};

/** With the other keys the signature is taken as it is written, since each takes as long as a verification. */
function openWithOthers(text: string, others: readonly OtherKey[]): Opened | undefined {
  // All of them are of the same length.
  const form = others[0] && formsOf(text, others[0].publicKey)[0];
  if (form === undefined) return undefined;
  const writing = form.name === undefined ? [] : [writingCause(form.name)];
  for (const { id, publicKey } of others) {
    const opened = read(openRsa(publicKey, form.bytes), [...writing, otherKeyCause(id)]);
    if (opened.isByKey === true) return opened;
  }
  return undefined;
}

const notOpened = (why: OciCause): Opened => ({
  ...{ causes: [why], madeOf: () => undefined, recovered: undefined },
  ...{ weight: 1, isByKey: false },
});

/** @param given causes that are known already */
function read(opening: RsaOpening, given: readonly OciCause[]): Opened {
  const { recovered, content, isUnpadded } = opening;
  if (recovered?.padding === 'PKCS#1 v1.5') return readDigest(opening, recovered, given);
  if (content !== undefined) return readBare(content, given);
  if (recovered !== undefined) return readPss(opening, recovered, given);
  // PSS whose salt fills the block looks nearly as if another key had made it.
  const pssHashes = opening.pssHashes.filter((hash) => usual.includes(hash));
  return {
    causes: [],
    recovered: undefined,
    weight: 16,
    isByKey: isUnpadded || pssHashes.length > 0 ? undefined : false,
    madeOf: makings(opening, [...new Set(['sha256', ...pssHashes])], given),
  };
}

type Recovered = NonNullable<RsaOpening['recovered']>;

const nameOf = (title: string): string => knownHashes.find((hash) => hash.title === title)?.name ?? 'sha256';

function readDigest(opening: RsaOpening, { hash, digest = '' }: Recovered, given: readonly OciCause[]): Opened {
  const name = nameOf(hash);
  const making = opening.made({ digest: Buffer.from(digest, 'hex'), hash: name, type: 'RAW' });
  const causes = [
    ...given,
    ...(name === 'sha256' ? [] : [hashCause(name)]),
    ...(making?.padding === undefined ? [] : [digestInfoCause]),
  ];
  const madeOf = (message: string): readonly OciCause[] | undefined =>
    digestOf(name, message) === digest ? causes : undefined;
  return { causes, madeOf, recovered: { padding: 'PKCS#1 v1.5', hash, digest }, weight: 1, isByKey: true };
}

function readBare(content: Uint8Array, given: readonly OciCause[]): Opened {
  const { what, whatOf } = readBareContent(content);
  return {
    causes: [...given, what === undefined ? digestInfoCause : bareCause(what)],
    madeOf: (message) => {
      const made = whatOf(message);
      return made === undefined ? undefined : [...given, bareCause(made)];
    },
    recovered: { padding: 'PKCS#1 v1.5', digest: Buffer.from(content).toString('hex') },
    ...{ weight: 2, isByKey: true },
  };
}

function readPss(opening: RsaOpening, { hash, saltLength = 0 }: Recovered, given: readonly OciCause[]): Opened {
  return {
    causes: [...given, pssCause(nameOf(hash), saltLength)],
    madeOf: makings(opening, [nameOf(hash)], given),
    recovered: { padding: 'PSS', hash },
    ...{ weight: 4, isByKey: true },
  };
}

/** For what does not show the digest itself. */
const makings =
  (opening: RsaOpening, names: readonly string[], given: readonly OciCause[]): Opened['madeOf'] =>
  (message) => {
    for (const hash of names) {
      const digest = Buffer.from(digestOf(hash, message), 'hex');
      const making = opening.made({ digest, hash, type: 'RAW' });
      if (making === undefined) continue;
      const isPss = making.scheme === 'RSASSA_PSS';
      return [...given, isPss ? pssCause(hash, making.saltLength ?? digest.length) : unpaddedCause];
    }
    return undefined;
  };
