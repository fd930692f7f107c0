import type { Differences, Recovered } from '../../crypto/diagnosis/question.ts';
import type { SigningAlgorithm } from '../../crypto/signing-algorithms.ts';

/** What was asked, in the words of the causes. */
export interface Asked {
  readonly algorithm: SigningAlgorithm;
  /** A title. */
  readonly hash: string;
  /** Hex of what the signature had to be of; undefined where the whole message is signed. */
  readonly digest: string | undefined;
}

type Phrase<Name extends keyof Differences> = (value: Exclude<Differences[Name], undefined>, asked: Asked) => string;

/** Why in the world each difference comes about, as far as that is known: the part of a sentence that begins with "It is valid". */
const phrases: { readonly [Name in keyof Differences]-?: Phrase<Name> } = {
  keyId: (id) => `as one of the key ${id}`,
  algorithm: (name, { algorithm }) => `with ${name} in place of ${algorithm.name}`,
  scheme: (name) => `as ${name}, which no algorithm of this key does`,
  hash: (title, { hash }) =>
    title === 'none' ? 'without any hash of the message' : `with the hash ${title} in place of ${hash}`,
  type: (type) =>
    type === 'RAW'
      ? 'with message_type RAW: what came as a digest was hashed before it was signed'
      : 'with message_type DIGEST: what came as a message was signed as a digest',
  message: (form) =>
    form.includes('digest') ? `for the message ${form}: it was hashed twice` : `for the message ${form}`,
  signature: (form) => `once the signature is taken ${form}`,
  padding: (form) => `with PKCS#1 v1.5 ${form}`,
  saltLength: (length, { algorithm }) => `with a salt of ${length} bytes in place of ${algorithm.hash.length}`,
  mgf1Hash: (title, { hash }) => `with MGF1 over ${title} in place of ${hash}`,
  userId: (id) => (id === null ? 'without Z(A) before the message' : `with the user id ${JSON.stringify(id)} in Z(A)`),
};

/** One sentence of what would make a signature valid. */
export function causeOf(differences: Differences, asked: Asked): string {
  const told = phrases as Readonly<Record<string, (value: unknown, asked: Asked) => string>>;
  const parts = Object.entries(differences).map(([name, value]) => told[name]?.(value, asked) ?? name);
  return `The signature is valid ${parts.join(', and ')}.`;
}

/** One sentence of what a signature shows that is of another message. */
export function causeShown({ keyId, signature, padding, hash, digest, saltLength }: Recovered, asked: Asked): string {
  const form = signature === undefined ? '' : `, taken ${signature},`;
  const key = keyId === undefined ? 'of this key' : `of the key ${keyId}`;
  const salt = saltLength === undefined ? '' : ` and a salt of ${saltLength} bytes`;
  const sent =
    asked.digest === undefined ? '' : `, and that of the message that was sent is ${asked.hash} ${asked.digest}`;
  const over = digest === undefined ? '' : `: the digest that was signed is ${hash} ${digest}${sent}`;
  return `The signature${form} is one ${key} with ${padding}, ${hash}${salt}, but over another message${over}.`;
}
