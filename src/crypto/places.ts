/** How much work may wait for a processor before more of it is refused at once: a queue without an end is latency without an end. */
import { Overloaded } from '../errors.ts';

export interface Places {
  /**
   * Takes a place for work that begins or waits; what it returns gives it back, once.
   * @param cost milliseconds that the work takes a core, about; 1 where nothing is said
   * @throws Overloaded when what is there already leaves no time for it; where nothing is there, any work has a place
   */
  take(cost?: number): () => void;
  /** A place for as long as this work takes. @throws Overloaded as `take` does */
  hold<Result>(cost: number | undefined, work: () => Promise<Result>): Promise<Result>;
  /** Milliseconds of work that have a place. */
  readonly taken: () => number;
}

/**
 * @param most milliseconds of work that may have a place at once
 * @param what they are, in a word or two, for whoever is refused
 */
export function createPlaces(most: number, what: string): Places {
  let taken = 0;
  let holders = 0;
  function take(cost = 1): () => void {
    if (holders > 0 && taken + cost > most) throw new Overloaded(what);
    taken += cost;
    holders += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      holders -= 1;
      // Not what rounding leaves of many fractions.
      taken = holders === 0 ? 0 : taken - cost;
    };
  }
  return {
    take,
    async hold(cost, work) {
      const leave = take(cost);
      try {
        return await work();
      } finally {
        leave();
      }
    },
    taken: () => taken,
  };
}

/** What a signature takes a core, and what checking one takes, in milliseconds by key spec: the most of RAW and DIGEST. */
const costs: Readonly<Record<'sign' | 'verify', Readonly<Record<string, number>>>> = {
  sign: {
    ...{ RSA_2048: 0.25, RSA_3072: 0.7, RSA_4096: 1.5 },
    ...{ EC_P256: 0.05, EC_P384: 0.6, SECP256K1: 0.5, SM2: 0.5, ED25519: 1 },
  },
  verify: {
    ...{ RSA_2048: 0.02, RSA_3072: 0.04, RSA_4096: 0.07 },
    ...{ EC_P256: 1, EC_P384: 2.5, SECP256K1: 1, SM2: 1, ED25519: 1 },
  },
};

/** Milliseconds of a core, about. */
export const costOfSignature = (keySpec: string, operation: 'sign' | 'verify' = 'sign'): number =>
  costs[operation][keySpec] ?? 1;

/**
 * Work on libuv's pool, which a process has one of: signatures of whole messages, password hashes. Two seconds of it are one second of waiting
 * on two cores: some 1,300 signatures with RSA_4096, or 8,000 with RSA_2048.
 */
export const poolPlaces = createPlaces(2000, 'thread pool');

/** RSA keys are generated one after the other: ten seconds are some 25 of RSA_4096, or 280 of RSA_2048. */
export const keyPlaces = createPlaces(10_000, 'new RSA keys');
