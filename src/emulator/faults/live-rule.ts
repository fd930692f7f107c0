import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import type { Effect, Spoilable } from '../../contract/faults.ts';
import { refusalOf } from '../../errors.ts';
import { drawLatency, type Random } from './latencies.ts';
import type { Plan } from './plans.ts';
import type { FaultEffect, FaultRule } from './rules.ts';

/** A rule, and how often it has matched and acted. */
export interface Fault {
  readonly id: string;
  readonly rule: FaultRule & { readonly seed: number };
  readonly matched: number;
  readonly acted: number;
}

/** A rule at work. What it leaves to chance depends on its seed and on the calls that it was asked about, and on nothing else. */
export class LiveRule implements Fault {
  readonly id: string;
  readonly rule: Fault['rule'];
  matched = 0;
  acted = 0;
  readonly #plan: Plan;
  readonly #random: Random;
  /** Effects that were given, of a sequence also those that let the call pass. */
  #given = 0;

  constructor(id: string, rule: Fault['rule'], plan: Plan) {
    this.id = id;
    this.rule = rule;
    this.#plan = plan;
    const generator = mersenne(rule.seed);
    this.#random = () => uniformFloat64(generator);
  }

  /** What becomes of the call; undefined where this rule leaves it alone. */
  ask(call: Spoilable): Effect | undefined {
    const { skip, probability } = this.rule;
    if (!this.#isFor(call)) return undefined;
    this.matched++;
    if (this.matched <= skip) return undefined;
    const effect = this.#next();
    if (effect === undefined || (probability < 1 && this.#random() >= probability)) return undefined;
    this.#given++;
    return this.#make(effect, call);
  }

  #isFor({ operation, projectId, keyId }: Spoilable): boolean {
    const { rule } = this;
    return (
      this.#plan.operations.has(operation) &&
      (rule.projectId === undefined || rule.projectId === projectId) &&
      (rule.keyId === undefined || rule.keyId === keyId)
    );
  }

  #next(): FaultEffect | undefined {
    const { effect, sequence, times = Infinity } = this.rule;
    if (sequence !== undefined) return sequence[this.#given];
    return this.#given < times ? effect : undefined;
  }

  #make({ error, connection, latency }: FaultEffect, call: Spoilable): Effect | undefined {
    if (error === undefined && connection === undefined && latency === undefined) return undefined;
    this.acted++;
    const { id, rule } = this;
    const refusal = error === undefined ? undefined : this.#plan.refusal(call.operation, error);
    const refused = refusal && ({ kind: 'refused', error: refusalOf(refusal, subjectOf(call)) } as const);
    const broken = connection && ({ kind: connection } as const);
    const delay = latency === undefined ? 0 : drawLatency(latency, this.#random);
    return { id, phase: rule.phase, delay, end: refused ?? broken };
  }
}

/** What stands for `%(key)s` in a refusal: the most precise thing that the request names. */
const subjectOf = ({ keyId, projectId, operation }: Spoilable): string => keyId ?? projectId ?? operation;
