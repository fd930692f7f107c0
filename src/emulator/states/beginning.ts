/** What a Signet begins with, and goes back to. */
import type { Contents } from '../../store/store.ts';
import type { FaultRule } from '../faults/rules.ts';
import { contentsOfSeed } from '../seeds/seed-contents.ts';
import { loadSeed, SeedError, type SeedChecks } from '../seeds/seed.ts';

export interface Beginning {
  /** With ids and key material for all that the seed gives none. */
  readonly contents: Contents;
  readonly faults: readonly FaultRule[];
  /** The seed's, in clear. */
  readonly tokens: readonly string[];
}

export interface BeginningOptions {
  /** The setting `seed`. */
  readonly seed: string;
  readonly newId: () => string;
  /** Milliseconds since 1970, by the real time. */
  readonly now: () => number;
  /** The form in which the store keeps tokens. */
  readonly hashToken: (token: string) => string;
  readonly checks: SeedChecks;
  /** How many rules the seed may have: there are those of the setting `faults` too. */
  readonly mostFaults: number;
  /** Decides what a rule leaves to chance. */
  readonly settleFault: (rule: FaultRule) => FaultRule;
}

/** @throws SeedError */
export async function readBeginning({
  seed,
  newId,
  now,
  hashToken,
  checks,
  mostFaults,
  settleFault,
}: BeginningOptions): Promise<Beginning> {
  const { faults, tokens, ...rest } = await loadSeed(seed, newId, checks);
  if (faults.length > mostFaults) {
    const message = `faults: ${faults.length} rules, and there is room for ${mostFaults} beside those of SIGNET_FAULTS`;
    throw new SeedError(seed, [{ line: 1, message }]);
  }
  const contents = await contentsOfSeed({ ...rest, faults, tokens }, now, hashToken);
  return { contents, faults: faults.map(settleFault), tokens: tokens.map(({ token }) => token) };
}
