/** Fault rules: which calls go wrong, and how. */
import { LRUCache } from 'lru-cache';
import type { Effect, Spoil, Spoilable } from '../../contract/faults.ts';
import { randomHex } from '../../crypto/random-hex.ts';
import { ServiceError } from '../../errors.ts';
import type { Store } from '../../store/store.ts';
import { Agreed } from '../agreed.ts';
import { emulatorRefusals as refusals } from '../errors.ts';
import { LiveRule, type Fault, type FaultState } from './live-rule.ts';
import { planOf, type Plan, type Spoilables } from './plans.ts';
import { FaultMistake, type FaultRule } from './rules.ts';

export type { Fault, FaultState } from './live-rule.ts';

export interface FaultsOptions extends Spoilables {
  readonly newId: () => string;
}

/** So many that every call can ask all of them. */
export const MOST_RULES = 1000;

/** The rules that there are, and how far they are: the same for every process over one state, and after a restart where that is kept. */
export class Faults {
  readonly #options: FaultsOptions;
  readonly #agreed: Agreed<readonly FaultState[]>;
  /** By id. */
  readonly #live = new LRUCache<string, LiveRule>({ max: 2 * MOST_RULES });

  constructor(options: FaultsOptions, agreed = new Agreed<readonly FaultState[]>([])) {
    this.#options = options;
    this.#agreed = agreed;
  }

  /** @throws FaultMistake for a rule that cannot be */
  check(rule: FaultRule): void {
    planOf(rule, this.#options);
  }

  /** Puts it behind all others. @throws FaultMistake */
  async add(rule: FaultRule): Promise<Fault> {
    return this.#agreed.change((rules) => {
      if (rules.length >= MOST_RULES) throw new FaultMistake([], `there are ${MOST_RULES} rules already`);
      const added = this.#begin(rule);
      return [[...rules, added], added];
    });
  }

  /** In the order in which they are asked. */
  list(): readonly Fault[] {
    return this.#agreed.value;
  }

  /** @throws ServiceError 404 */
  find(id: string): Fault {
    return found(this.#agreed.value, id);
  }

  /** @throws ServiceError 404 */
  async remove(id: string): Promise<void> {
    await this.#agreed.change((rules) => {
      const gone = found(rules, id);
      return [rules.filter((rule) => rule !== gone), undefined];
    });
    this.#live.delete(id);
  }

  async clear(): Promise<void> {
    await this.#agreed.change(() => [[], undefined]);
    this.#live.clear();
  }

  /**
   * These in place of all that there are, as if just added, in the caller's transaction: `list()` gives what to bring back later. What it
   * gives is to be called when that is committed.
   * @throws FaultMistake
   */
  put(inner: Store, rules: readonly FaultRule[]): Promise<() => void> {
    const begun = rules.map((rule) => this.#begin(rule));
    return this.#agreed.put(inner, begun);
  }

  /** The rule with a seed, where it has none: what is left to chance is the same each time that it begins. */
  settle(rule: FaultRule): Fault['rule'] {
    return { ...rule, seed: rule.seed ?? parseInt(randomHex(this.#options.newId, 8), 16) };
  }

  /** The first rule that matches and acts decides. Only where one is for the call does it take a transaction, and that only where others decide, too. */
  readonly spoil: Spoil = (call) => {
    const isForIt = this.#agreed.value.some((fault) => this.#liveRule(fault).isFor(call));
    return isForIt ? this.#agreed.change((faults) => this.#decide(faults, call)) : undefined;
  };

  #decide(faults: readonly FaultState[], call: Spoilable): readonly [readonly FaultState[], Effect | undefined] {
    const after = [...faults];
    for (const [index, fault] of faults.entries()) {
      const rule = this.#liveRule(fault);
      if (!rule.isFor(call)) continue;
      const [asked, effect] = rule.ask(call, fault);
      after[index] = asked;
      if (effect !== undefined) return [after, effect];
    }
    return [after, undefined];
  }

  #begin(rule: FaultRule): FaultState {
    const state = { id: this.#options.newId(), rule: this.settle(rule), matched: 0, acted: 0, given: 0, drawn: 0 };
    this.#live.set(state.id, new LiveRule(state.rule, planOf(rule, this.#options)));
    return state;
  }

  #liveRule({ id, rule }: Fault): LiveRule {
    const known = this.#live.get(id);
    if (known !== undefined) return known;
    const live = new LiveRule(rule, this.#planOf(rule));
    this.#live.set(id, live);
    return live;
  }

  /** A rule that came with the state may be for what another release has, and this one has not. */
  #planOf(rule: FaultRule): Plan {
    try {
      return planOf(rule, this.#options);
    } catch (error) {
      if (!(error instanceof FaultMistake)) throw error;
      return { operations: new Set(), refusal: () => undefined };
    }
  }
}

function found(rules: readonly FaultState[], id: string): FaultState {
  const rule = rules.find((each) => each.id === id);
  if (rule === undefined) throw new ServiceError(refusals.noSuchFault);
  return rule;
}
