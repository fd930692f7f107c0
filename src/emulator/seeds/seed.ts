/** What an empty store begins with: identities, tokens, keys, API gateways and OCI's tenancies from a seed file. */
import { fileURLToPath } from 'node:url';
import type { Contents, Store } from '../../store/store.ts';
import { signingAlgorithms } from '../../crypto/signing-algorithms.ts';
import { packaged } from '../packaged.ts';
import { builtSeed } from './built-seed.ts';
import { contentsOfSeed } from './seed-contents.ts';
import { checkForm } from './seed-form.ts';
import type { SeedFile } from './seed-format.ts';
import { understand } from './seed-meaning.ts';
import type { Seed, SeedChecks } from './seed-meaning.ts';
import { readText } from './seed-text.ts';
import type { ParsedFile } from './yaml-file.ts';

export type { Seed, SeedChecks } from './seed-meaning.ts';
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

const defaultSeed = fileURLToPath(packaged('seeds/default.yaml'));
/** What everybody knows of the default seed. */
const publicToken = 'signet-token';
const publicAccessKey = 'SIGNETACCESSKEY00001';
const publicApiKey = {
  userId: 'ocid1.user.oc1..aaaaaaaasignetpublictestuseraaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  fingerprint: 'd0:93:98:e3:2f:34:f9:56:df:2a:03:3b:0d:e1:38:8d',
} as const;

/**
 * Reads and checks a seed.
 * @param fileName for the messages
 * @param newId makes a UUID, for entries without an id
 * @throws SeedError that names every mistake with its line
 */
export async function readSeed(
  text: string,
  fileName: string,
  newId: () => string,
  checks?: SeedChecks,
): Promise<Seed> {
  const parsed = await parsedSeed(text, fileName);
  await checkForm(parsed);
  return understand(parsed, newId, checks);
}

/**
 * The seed that a setting names: a file, `none` for the default identity and gateway without keys, or nothing for the default seed.
 * @throws SeedError, also for a file that cannot be read
 */
export async function loadSeed(setting: string, newId: () => string, checks?: SeedChecks): Promise<Seed> {
  return understandSeed(setting, await seedText(setting), newId, checks);
}

/** @throws SeedError for a file that cannot be read */
export const seedText = (setting: string): Promise<string> =>
  readText(isDefault(setting) ? defaultSeed : setting, 'the seed');

/**
 * What `loadSeed` makes of the text. The tests have checked the form of the default seed: doing it again would take a tenth of the time that
 * Signet needs to start.
 * @throws SeedError
 */
export async function understandSeed(
  setting: string,
  text: string,
  newId: () => string,
  checks?: SeedChecks,
): Promise<Seed> {
  if (!isDefault(setting)) return readSeed(text, setting, newId, checks);
  const seed = understand(builtSeed(text, defaultSeed) ?? (await parsedSeed(text, defaultSeed)), newId);
  return setting === 'none' ? withoutKeys(seed) : seed;
}

/** Loads what reads YAML at the first text that has to be read. @throws SeedError */
async function parsedSeed(text: string, fileName: string): Promise<ParsedFile<SeedFile>> {
  const { parseYaml } = await import('./yaml-file.ts');
  return parseYaml<SeedFile>(text, fileName);
}

const isDefault = (setting: string): boolean => setting === '' || setting === 'none';

/** The identities alone, and gateways with nothing in them: as `noKeys` of the store leaves it. */
function withoutKeys(seed: Seed): Seed {
  const unpublished = { apis: [], publications: [], signatureBindings: [], ociDeployments: [] };
  return { ...seed, ...unpublished, keys: [], signatureKeys: [], environments: [], apiGroups: [] };
}

/**
 * Writes the seed into an empty store, in one transaction; keys without material get it now. False, and nothing written, when the
 * store is not empty (any more).
 */
export async function applySeed(seed: Seed, { store, now, hashToken }: SeedContext): Promise<boolean> {
  if (!(await store.isEmpty())) return false;
  const contents = await contentsOfSeed(seed, now, hashToken);
  return store.transaction((inner) => plant(inner, contents));
}

/** What `contentsOfSeed` made of a seed, in a transaction. False, and nothing written, where the store is not empty (any more). */
export async function plant(inner: Store, contents: Contents): Promise<boolean> {
  if (!(await inner.isEmpty())) return false;
  await inner.contents.replace(contents);
  return true;
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

/** Whether a token, an access key or an API key of the default seed opens this store: everybody knows them. */
export async function hasPublicIdentity({ store, hashToken }: SeedContext): Promise<boolean> {
  const { identity, oci, tokens } = store;
  const found = [
    await tokens.find(hashToken(publicToken)),
    await identity.accessKey(publicAccessKey),
    await oci.apiKey(publicApiKey.userId, publicApiKey.fingerprint),
  ];
  return found.some((credential) => credential !== undefined);
}
