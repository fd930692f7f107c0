/** Fault rules: which calls go wrong, and how. */
import type { Spoil } from '../../contract/faults.ts';
import { randomHex } from '../../crypto/random-hex.ts';
import { ServiceError } from '../../errors.ts';
import { emulatorRefusals as refusals } from '../errors.ts';
import { LiveRule, type Fault } from './live-rule.ts';
import { planOf, type Spoilables } from './plans.ts';
import { FaultMistake, type FaultRule } from './rules.ts';

export type { Fault } from './live-rule.ts';

export interface FaultsOptions extends Spoilables {
  readonly newId: () => string;
}

/** So many that every call can ask all of them. */
const MOST_RULES = 1000;

/** The rules that there are. They live in this process alone: other replicas have their own, and a restart begins anew. */
export class Faults {
  readonly #options: FaultsOptions;
  #rules: readonly LiveRule[] = [];
  #kept: readonly FaultRule[] = [];

  constructor(options: FaultsOptions) {
    this.#options = options;
  }

  /** @throws FaultMistake for a rule that cannot be */
  check(rule: FaultRule): void {
    planOf(rule, this.#options);
  }

  /** Puts it behind all others. @throws FaultMistake */
  add(rule: FaultRule): Fault {
    if (this.#rules.length >= MOST_RULES) throw new FaultMistake([], `there are ${MOST_RULES} rules already`);
    const added = this.#begin(rule);
    this.#rules = [...this.#rules, added];
    return added;
  }

  /** In the order in which they are asked. */
  list(): readonly Fault[] {
    return this.#rules;
  }

  /** @throws ServiceError 404 */
  find(id: string): Fault {
    const found = this.#rules.find((rule) => rule.id === id);
    if (found === undefined) throw new ServiceError(refusals.noSuchFault);
    return found;
  }

  /** @throws ServiceError 404 */
  remove(id: string): void {
    const gone = this.find(id);
    this.#rules = this.#rules.filter((rule) => rule !== gone);
  }

  /** These in place of all that there are, as if just added: `list()` gives what to bring back later. @throws FaultMistake, and changes nothing */
  replace(rules: readonly FaultRule[]): void {
    this.#rules = rules.map((rule) => this.#begin(rule));
  }

  /** The rule with a seed, where it has none: what is left to chance is the same each time that it begins. */
  settle(rule: FaultRule): Fault['rule'] {
    return { ...rule, seed: rule.seed ?? parseInt(randomHex(this.#options.newId, 8), 16) };
  }

  /** Rules that every beginning has, behind those of the seed. */
  keep(rules: readonly FaultRule[]): void {
    this.#kept = rules.map((rule) => this.settle(rule));
  }

  /** How many rules a seed may bring. */
  get room(): number {
    return MOST_RULES - this.#kept.length;
  }

  /** Back to a beginning: the rules of the seed and those that are kept. @throws FaultMistake, and changes nothing */
  begin(seeded: readonly FaultRule[]): void {
    this.replace([...seeded, ...this.#kept]);
  }

  /** The first rule that matches and acts decides. */
  readonly spoil: Spoil = (call) => {
    for (const rule of this.#rules) {
      const effect = rule.ask(call);
      if (effect !== undefined) return effect;
    }
    return undefined;
  };

  #begin(rule: FaultRule): LiveRule {
    const { newId } = this.#options;
    return new LiveRule(newId(), this.settle(rule), planOf(rule, this.#options));
  }
}
