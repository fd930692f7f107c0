/** What of a state everybody knows, since it stands in the default seed. */
import { verifyPassword } from '../../crypto/passwords.ts';
import type { Contents } from '../../store/store.ts';
import type { Seed } from './seed-meaning.ts';
import { loadSeed } from './seed.ts';

/** Tells what is public, a few words each; empty for a state that nobody knows. */
export type FindPublic = (contents: Contents) => Promise<readonly string[]>;

/** Kinds of credentials and keys: which of these contents stand in the default seed. */
type Finder = (contents: Contents, known: Seed, hashToken: (token: string) => string) => readonly string[];

const finders: readonly Finder[] = [
  ({ tokens, users }, known, hashToken) => {
    const hashes = new Set(known.tokens.map(({ token }) => hashToken(token)));
    return tokens.filter(({ hash }) => hashes.has(hash)).map(({ userId }) => `a token of ${nameOf(users, userId)}`);
  },
  ({ accessKeys }, known) => {
    const values = new Set(known.accessKeys.flatMap(({ access, secret }) => [access, secret]));
    return accessKeys
      .filter(({ access, secret }) => values.has(access) || values.has(secret))
      .map(({ access }) => `the access key ${access}`);
  },
  ({ keys, materials }, known) => {
    const secrets = new Set(known.keys.flatMap(({ material }) => (material === null ? [] : hexOf(material.secret))));
    const ids = new Set(materials.filter(({ secret }) => secrets.has(hexOf(secret))).map(({ keyId }) => keyId));
    return keys.filter(({ id }) => ids.has(id)).map(({ name }) => `the material of the key ${name}`);
  },
  ({ signatureKeys }, known) => {
    const secrets = new Set(known.signatureKeys.map(({ secret }) => secret));
    return signatureKeys.filter(({ secret }) => secrets.has(secret)).map(({ name }) => `the signature key ${name}`);
  },
  ({ ociApiKeys, ociUsers }, known) => {
    const fingerprints = new Set(known.ociApiKeys.map(({ fingerprint }) => fingerprint));
    return ociApiKeys
      .filter(({ fingerprint }) => fingerprints.has(fingerprint))
      .map(({ userId }) => `an OCI API key of ${nameOf(ociUsers, userId)}`);
  },
];

export interface FindPublicOptions {
  readonly newId: () => string;
  /** The form in which the store keeps tokens. */
  readonly hashToken: (token: string) => string;
}

export function makeFindPublic({ newId, hashToken }: FindPublicOptions): FindPublic {
  let loaded: Promise<Seed> | undefined;
  return async (contents) => {
    const known = await (loaded ??= loadSeed('', newId));
    const found = finders.flatMap((find) => find(contents, known, hashToken));
    return [...(await publicPasswords(contents, known)), ...found];
  };
}

async function publicPasswords({ users }: Contents, known: Seed): Promise<string[]> {
  const passwords = known.users.flatMap(({ password }) => (password === null ? [] : [password]));
  const people = users.filter(({ trustedDomainId }) => trustedDomainId === null);
  const found: string[] = [];
  // One after the other: each takes a core for a while, and so many at once would be refused.
  for (const { name, passwordHash } of people)
    for (const password of passwords)
      if (await verifyPassword(password, passwordHash)) found.push(`the password of the user ${name}`);
  return found;
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const nameOf = (people: readonly { readonly id: string; readonly name: string }[], id: string): string =>
  `the user ${people.find((person) => person.id === id)?.name ?? id}`;
