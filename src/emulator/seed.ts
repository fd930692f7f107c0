/** What an empty store begins with: identities, tokens and keys from a seed file. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { hashPassword } from '../crypto/passwords.ts';
import { untouched, type NewKey, type Store } from '../store/store.ts';
import { signingAlgorithms } from '../crypto/signing-algorithms.ts';
import { checkForm } from './seed-form.ts';
import { parseSeed } from './seed-format.ts';
import type { SeedKey } from './seed-keys.ts';
import { understand } from './seed-meaning.ts';
import type { Seed } from './seed-meaning.ts';
import { SeedError } from './seed-mistakes.ts';

export type { Seed } from './seed-meaning.ts';
export { SeedError } from './seed-mistakes.ts';

export interface SeedContext {
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The form in which the store keeps tokens. */
  readonly hashToken: (token: string) => string;
}

/** All that a first signature takes. */
export interface SigningExample {
  readonly projectId: string;
  readonly token: string;
  readonly keyId: string;
  /** One that takes RAW. */
  readonly signingAlgorithm: string;
}

const defaultSeed = fileURLToPath(new URL('../../seeds/default.yaml', import.meta.url));
const dayMs = 86_400_000;
/** What everybody knows of the default seed. */
const publicToken = 'signet-token';
const publicAccessKey = 'SIGNETACCESSKEY00001';

/**
 * Reads and checks a seed.
 * @param fileName for the messages
 * @param newId makes a UUID, for entries without an id
 * @throws SeedError that names every mistake with its line
 */
export async function readSeed(text: string, fileName: string, newId: () => string): Promise<Seed> {
  const parsed = parseSeed(text, fileName);
  await checkForm(parsed);
  return understand(parsed, newId);
}

/**
 * The seed that a setting names: a file, `none` for the default identity without keys, or nothing for the default seed. The tests
 * have checked the form of the default seed: doing it again would take a tenth of the time that Signet needs to start.
 * @throws SeedError, also for a file that cannot be read
 */
export async function loadSeed(setting: string, newId: () => string): Promise<Seed> {
  if (setting !== '' && setting !== 'none') return readSeed(await readText(setting), setting, newId);
  const seed = understand(parseSeed(await readFile(defaultSeed, 'utf8'), defaultSeed), newId);
  return setting === 'none' ? withoutKeys(seed) : seed;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new SeedError(file, [{ line: 1, message: `the seed cannot be read (${String(error)})` }]);
  }
}

/** The identities alone. */
function withoutKeys(seed: Seed): Seed {
  return { ...seed, keys: [] };
}

/**
 * Writes the seed into an empty store, in one transaction; keys without material get it now. False, and nothing written, when the
 * store is not empty (any more).
 */
export async function applySeed(seed: Seed, { store, now, hashToken }: SeedContext): Promise<boolean> {
  if (!(await store.isEmpty())) return false;
  const users = await Promise.all(
    seed.users.map(async ({ password, ...user }) => ({
      ...user,
      passwordHash: password === null ? '' : await hashPassword(password),
    })),
  );
  const start = now();
  // As if made one after the other, the first one last: lists show them in the order of the file.
  const keys = await Promise.all(seed.keys.map((key, index) => newKey(key, start - index)));
  return store.transaction(async (inner) => {
    if (!(await inner.isEmpty())) return false;
    await inner.setRegion(seed.region);
    for (const domain of seed.domains) await inner.identity.addDomain(domain);
    for (const project of seed.projects) await inner.identity.addProject(project);
    for (const user of users) await inner.identity.addUser(user);
    for (const accessKey of seed.accessKeys) await inner.identity.addAccessKey(accessKey);
    for (const { token, expiresAt, ...scope } of seed.tokens) {
      const issuedAt = Math.min(start, (expiresAt ?? Infinity) - dayMs);
      const life = { methods: ['password'], issuedAt, expiresAt, assumedBy: null };
      await inner.tokens.add({ ...scope, ...life, hash: hashToken(token) });
    }
    for (const key of keys) await inner.keys.add(key);
    for (const key of seed.keys) await addBelongings(inner, key, start);
    return true;
  });
}

/**
 * A token and a key with which somebody can sign at once: the newest enabled signing key of the first project that one of these tokens
 * opens. Undefined when there is none.
 * @param tokens those of the seed; after a restart the public one is the only one that can be known
 */
export async function signingExample(
  { store, now, hashToken }: SeedContext,
  tokens: readonly string[] = [publicToken],
): Promise<SigningExample | undefined> {
  for (const token of tokens) {
    const details = await store.tokens.find(hashToken(token));
    if (!details?.project || (details.expiresAt ?? Infinity) <= now()) continue;
    const projectId = details.project.id;
    const { items } = await store.keys.list(projectId, { state: 2 }, 0, 100);
    for (const { id, spec, usage } of items) {
      const algorithm = usage === 'SIGN_VERIFY' ? rawAlgorithm(spec) : undefined;
      if (algorithm) return { projectId, token, keyId: id, signingAlgorithm: algorithm };
    }
  }
  return undefined;
}

const rawAlgorithm = (spec: string): string | undefined =>
  Object.values(signingAlgorithms).find(
    ({ keySpecs, rawByDefault }) => rawByDefault && keySpecs.some((known) => known === spec),
  )?.name;

/** Whether a token or an access key of the default seed opens this store: everybody knows them. */
export async function hasPublicIdentity({ store, hashToken }: SeedContext): Promise<boolean> {
  const token = await store.tokens.find(hashToken(publicToken));
  return token !== undefined || (await store.identity.accessKey(publicAccessKey)) !== undefined;
}

async function addBelongings({ aliases, tags, grants }: Store, key: SeedKey, start: number): Promise<void> {
  const { projectId, id: keyId } = key;
  const instants = { createdAt: start, updatedAt: start };
  for (const alias of key.aliases) await aliases.add({ projectId, alias, keyId, ...instants });
  if (key.tags.length > 0) await tags.set(keyId, key.tags);
  for (const grant of key.grants) await grants.add({ ...grant, keyId, createdAt: start });
}

async function newKey(
  { aliases: _aliases, tags: _tags, grants: _grants, material, spec, rotationDays, ...key }: SeedKey,
  start: number,
): Promise<NewKey> {
  const made = key.state === 5 ? null : (material ?? (await spec.generate()));
  const createdAt = key.createdAt ?? start;
  return {
    ...untouched,
    ...key,
    createdAt,
    spec: spec.name,
    enterpriseProjectId: '0',
    publicKey: made?.publicKey ?? null,
    material: made?.secret ?? null,
    materialVersion: made === null ? 0 : 1,
    ...(rotationDays !== null && { rotationDays, nextRotationAt: createdAt + rotationDays * dayMs }),
  };
}
