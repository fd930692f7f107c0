/** Fault rules as they are asked for. */
import { ServiceError } from '../../errors.ts';
import { emulatorRefusals as refusals } from '../errors.ts';
import { placed, type Path } from '../seeds/seed-mistakes.ts';

export interface FaultRule {
  /** Such as `kms.sign`, `kms.*` or `*`. */
  readonly operation: string;
  readonly projectId: string | undefined;
  /** As the request names it. */
  readonly keyId: string | undefined;
  readonly phase: 'before' | 'after';
  /** Matching calls that pass first. */
  readonly skip: number;
  /** Calls that it spoils at most. */
  readonly times: number | undefined;
  /** 0 to 1. */
  readonly probability: number;
  /** Of what is left to chance, 0 to 2^32 - 1; chosen when the rule is added where undefined. */
  readonly seed: number | undefined;
  /** Empty where there is a sequence. */
  readonly effect: FaultEffect;
  /** One for each call, in this order, once; an empty one lets the call pass. */
  readonly sequence: readonly FaultEffect[] | undefined;
}

export interface FaultEffect {
  /** A refusal, by its name or its code. */
  readonly error?: string;
  readonly connection?: 'reset' | 'truncated';
  readonly latency?: FaultLatency;
}

/** Milliseconds: `fixed`, or `min` and `max`, or `mean` and `deviation`. */
export type FaultLatency = Readonly<Partial<Record<'fixed' | 'min' | 'max' | 'mean' | 'deviation', number>>>;

/** What is wrong with a rule, and where in it. */
export class FaultMistake extends ServiceError {
  readonly place: Path;
  readonly words: string;

  constructor(place: Path, words: string) {
    super(refusals.invalidFault, placed(place, words));
    this.place = place;
    this.words = words;
  }
}
