/** What a Signet begins with, and goes back to. */
import { createHash } from 'node:crypto';
import type { Contents, Document, Store } from '../../store/store.ts';
import type { FaultRule } from '../faults/rules.ts';
import { contentsOfSeed } from '../seeds/seed-contents.ts';
import { SeedError, seedText, understandSeed, type SeedChecks } from '../seeds/seed.ts';
import type { StateFile } from './snapshot-format.ts';
import { asItIs } from './snapshot-materials.ts';
import { writeOci } from './snapshot-oci-writing.ts';
import { readContents } from './snapshot-reading.ts';
import { present } from './snapshot-values.ts';
import { writeDomains } from './snapshot-writing.ts';

export interface Beginning {
  /** With ids and key material for all that the seed gives none. */
  readonly contents: Contents;
  /** What they leave to chance is decided: it is the same each time that they begin. */
  readonly faults: readonly FaultRule[];
  /** Hashes of the seed's tokens, which stay when they have expired: they may have been made for that. */
  readonly lasting: readonly string[];
  /** The seed's tokens, in clear, where this process has read it. */
  readonly tokens: readonly string[];
}

export interface BeginningsOptions {
  readonly store: Store;
  /** The setting `seed`. */
  readonly seed: string;
  /** Rules that every beginning has, behind those of the seed. */
  readonly faults: readonly FaultRule[];
  readonly newId: () => string;
  /** Milliseconds since 1970, by the real time. */
  readonly now: () => number;
  /** The form in which the store keeps tokens. */
  readonly hashToken: (token: string) => string;
  readonly checks: SeedChecks;
  /** How many rules there may be. */
  readonly mostFaults: number;
  /** Decides what a rule leaves to chance. */
  readonly settleFault: (rule: FaultRule) => FaultRule;
}

/** Of the documents in which they are kept; their names are fingerprints of what they were read from. */
const kind = 'beginning';

interface Kept extends Pick<Beginning, 'faults' | 'lasting'> {
  readonly state: StateFile;
}

/** Reads the beginning when it is first asked for, and no more than once. A state that outlives the process keeps it, so that all who reset it make the same of it. */
export class Beginnings {
  readonly #options: BeginningsOptions;
  #known: Beginning | undefined;

  constructor(options: BeginningsOptions) {
    this.#options = options;
  }

  /** @throws SeedError */
  readonly read = async (): Promise<Beginning> => (this.#known ??= await this.#find());

  async #find(): Promise<Beginning> {
    const { store, seed, faults, now } = this.#options;
    const text = await seedText(seed);
    if (!store.durable) return this.#make(text);
    const name = createHash('sha256')
      .update(JSON.stringify([seed === 'none', text, faults]))
      .digest('hex');
    const kept = await store.documents.get(kind, name);
    if (kept !== undefined) return beginningFrom(kept);
    const made = await this.#make(text);
    return store.transaction(async ({ documents }) => {
      // Another process may have made one meanwhile.
      const other = await documents.get(kind, name);
      if (other !== undefined) return { ...(await beginningFrom(other)), tokens: made.tokens };
      for (const old of await documents.list(kind)) await documents.remove(kind, old.name);
      await documents.put({ kind, name, createdAt: now(), content: contentOf(made) });
      return made;
    });
  }

  async #make(text: string): Promise<Beginning> {
    const { seed, newId, now, hashToken, checks, mostFaults, settleFault, faults: kept } = this.#options;
    const { faults, tokens, ...rest } = await understandSeed(seed, text, newId, checks);
    const room = mostFaults - kept.length;
    if (faults.length > room) {
      const message = `faults: ${faults.length} rules, and there is room for ${room} beside those of SIGNET_FAULTS`;
      throw new SeedError(seed, [{ line: 1, message }]);
    }
    const contents = await contentsOfSeed({ ...rest, faults, tokens }, now, hashToken);
    const clear = tokens.map(({ token }) => token);
    return { contents, faults: [...faults, ...kept].map(settleFault), lasting: clear.map(hashToken), tokens: clear };
  }
}

function contentOf({ contents, faults, lasting }: Beginning): Uint8Array {
  const { region } = contents;
  const state = present<StateFile>({ region, domains: writeDomains(contents), oci: writeOci(contents) });
  return Buffer.from(JSON.stringify({ state, faults, lasting } satisfies Kept));
}

async function beginningFrom({ content }: Document): Promise<Beginning> {
  const { state, ...rest } = JSON.parse(Buffer.from(content).toString()) as Kept;
  const contents = await readContents(state, asItIs, new AbortController().signal);
  return { contents, ...rest, tokens: [] };
}
