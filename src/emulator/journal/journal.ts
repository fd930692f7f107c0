/** The last requests and what became of them. */
import type { ContractDocument } from '../../contract/document.ts';
import type { Observation, Observe } from '../../contract/observation.ts';
import type { components } from '../../contract/openapi.ts';
import { describing, type Described } from './described.ts';
import { makeTest, type Filter } from './filter.ts';
import { keep, type Kept } from './kept.ts';
import { Ring, type Numbering } from './ring.ts';
import { callerSeenBy, type Scope } from './visible.ts';
import { Waiters } from './waiters.ts';
import { entryBody } from './wire.ts';

type Entry = components['schemas']['JournalEntry'];

export interface JournalOptions {
  readonly document: ContractDocument;
  /** Requests that are kept. */
  readonly size: number;
  readonly numbering?: Numbering;
}

/** Which entries, and how many of them. */
export interface Wanted {
  readonly filter: Partial<Filter>;
  /** A project that sees only its own; undefined: all. */
  readonly scope: Scope | undefined;
  /** The number of the entry after which they came. */
  readonly after: number;
  /** The highest number; undefined: no limit. */
  readonly upTo?: number;
  readonly limit: number;
}

/** How long to wait for how many. */
export interface Patience {
  readonly atLeast: number;
  readonly milliseconds: number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/** Bytes that all requests together may hold on to, more or less; the oldest go first. */
const HEAVIEST = 64 * 1024 * 1024;

export class Journal {
  readonly #document: ContractDocument;
  readonly #size: number;
  readonly #describe: (operation: string | undefined) => Described;
  readonly #ring: Ring<Kept>;
  readonly #waiters = new Waiters<Kept>();

  constructor({ document, size, numbering }: JournalOptions) {
    this.#document = document;
    this.#size = size;
    this.#describe = describing(document);
    this.#ring = new Ring(size, HEAVIEST, numbering);
  }

  readonly observe: Observe = (observation) => {
    if (this.#size === 0) return;
    const kept = keep(observation);
    this.#ring.add(kept);
    this.#waiters.tell(kept);
  };

  /** The number of the newest entry; 0 before there was one. Those that come get higher ones, also than `least`. */
  mark(least?: number): number {
    return this.#ring.mark(least);
  }

  /** Newest first, as they may be shown. */
  list(wanted: Wanted): Entry[] {
    const { scope, limit } = wanted;
    return this.#find(wanted)
      .slice(0, limit)
      .map(([number, kept]) => this.#show(number, kept, scope));
  }

  /** How many there are, whatever the limit. */
  count(wanted: Wanted): number {
    return this.#find(wanted).length;
  }

  /**
   * Until there are so many, or nobody wants to wait any more.
   * @throws ServiceError tooManyWaiters
   */
  async wait(wanted: Wanted, { atLeast, milliseconds, signal }: Patience): Promise<void> {
    const found = this.count(wanted);
    if (found >= atLeast || milliseconds <= 0) return;
    await this.#waiters.wait(makeTest(wanted.filter, wanted.scope), atLeast - found, milliseconds, signal);
  }

  /** One request, as it may be shown; by its id, or an opc-request-id that holds it. */
  show(requestId: string, scope: Scope | undefined): Entry | undefined {
    const [number, kept] = this.#look(requestId, scope?.id) ?? [];
    return number === undefined || kept === undefined ? undefined : this.#show(number, kept, scope);
  }

  /** One request as it was, with its secrets: not to be shown. Of a long one, its body may be cut short. */
  find(requestId: string, projectId?: string): Observation | undefined {
    return this.#look(requestId, projectId)?.[1].observation;
  }

  /** Forgets all, or those of a project. */
  clear(scope: Scope | undefined): void {
    this.#ring.remove(makeTest({}, scope));
  }

  #find({ filter, scope, after, upTo }: Wanted): (readonly [number: number, kept: Kept])[] {
    const isWanted = makeTest(filter, scope);
    return this.#ring.newestFirst(after, upTo).filter(([, kept]) => isWanted(kept));
  }

  #look(asked: string, projectId: string | undefined): readonly [number, Kept] | undefined {
    const requestId = requestIdIn(asked);
    return this.#ring
      .newestFirst()
      .find(
        ([, kept]) =>
          kept.observation.requestId === requestId && (projectId === undefined || kept.projectId === projectId),
      );
  }

  #show(number: number, kept: Kept, scope: Scope | undefined): Entry {
    const caller = callerSeenBy(kept, scope);
    return entryBody(this.#document, this.#describe(kept.observation.operation), number, kept, caller);
  }
}

/** OCI names a request with three parts, in capitals: the one in the middle is its id. */
function requestIdIn(asked: string): string {
  const [id = asked] = asked.split('/').slice(-2);
  return id.toLowerCase();
}
