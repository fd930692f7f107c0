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

/** A rule, and how far it is: plain data, from which any process can go on. */
export interface FaultState extends Fault {
  /** Effects that were given, of a sequence also those that let the call pass. */
  readonly given: number;
  /** Numbers that were drawn from its seed. */
  readonly drawn: number;
}

/** A rule at work. What it leaves to chance depends on its seed and on the calls that it was asked about, and on nothing else. */
export class LiveRule {
  readonly #plan: Plan;
  readonly #rule: Fault['rule'];
  #draws: Draws | undefined;

  constructor(rule: Fault['rule'], plan: Plan) {
    this.#rule = rule;
    this.#plan = plan;
  }

  isFor({ operation, projectId, keyId }: Spoilable): boolean {
    const rule = this.#rule;
    return (
      this.#plan.operations.has(operation) &&
      (rule.projectId === undefined || rule.projectId === projectId) &&
      (rule.keyId === undefined || rule.keyId === keyId)
    );
  }

  /** How far it is after this call that it is for, and what becomes of the call; undefined where this rule leaves it alone. */
  ask(call: Spoilable, fault: FaultState): readonly [FaultState, Effect | undefined] {
    const { skip, probability } = this.#rule;
    const asked = { ...fault, matched: fault.matched + 1 };
    const wanted = asked.matched <= skip ? undefined : this.#next(fault.given);
    if (wanted === undefined) return [asked, undefined];
    const draws = this.#drawsAfter(fault.drawn);
    const isSpared = probability < 1 && draws.next() >= probability;
    const effect = isSpared ? undefined : this.#make(wanted, call, draws.next);
    const given = fault.given + (isSpared ? 0 : 1);
    return [
      { ...asked, given, acted: fault.acted + (effect === undefined ? 0 : 1), drawn: draws.count },
      withId(effect, fault),
    ];
  }

  #next(given: number): FaultEffect | undefined {
    const { effect, sequence, times = Infinity } = this.#rule;
    if (sequence !== undefined) return sequence[given];
    return given < times ? effect : undefined;
  }

  #make({ error, connection, latency }: FaultEffect, call: Spoilable, random: Random): Omit<Effect, 'id'> | undefined {
    if (error === undefined && connection === undefined && latency === undefined) return undefined;
    const refusal = error === undefined ? undefined : this.#plan.refusal(call.operation, error);
    const refused = refusal && ({ kind: 'refused', error: refusalOf(refusal, subjectOf(call)) } as const);
    const broken = connection && ({ kind: connection } as const);
    const delay = latency === undefined ? 0 : drawLatency(latency, random);
    return { phase: this.#rule.phase, delay, end: refused ?? broken };
  }

  /** Another process may have drawn meanwhile. */
  #drawsAfter(count: number): Draws {
    if (this.#draws === undefined || this.#draws.count > count) this.#draws = new Draws(this.#rule.seed);
    while (this.#draws.count < count) this.#draws.next();
    return this.#draws;
  }
}

/** Numbers from a seed, and how many were taken. */
class Draws {
  count = 0;
  readonly #seed: number;
  /** It takes 16 KiB, and most rules leave nothing to chance. */
  #generator: ReturnType<typeof mersenne> | undefined;

  constructor(seed: number) {
    this.#seed = seed;
  }

  readonly next: Random = () => {
    this.count++;
    return uniformFloat64((this.#generator ??= mersenne(this.#seed)));
  };
}

const withId = (effect: Omit<Effect, 'id'> | undefined, { id }: Fault): Effect | undefined =>
  effect && { id, ...effect };

/** What stands for `%(key)s` in a refusal: the most precise thing that the request names. */
const subjectOf = ({ keyId, projectId, operation }: Spoilable): string => keyId ?? projectId ?? operation;
