/** The last requests and what became of them. */
import type { ContractDocument } from '../../contract/document.ts';
import type { Observation, Observe } from '../../contract/observation.ts';
import type { components } from '../../contract/openapi.ts';
import { describing, type Described } from './described.ts';
import { makeTest, type Filter } from './filter.ts';
import { keep, type Kept } from './kept.ts';
import { Ring } from './ring.ts';
import { callerSeenBy, type Scope } from './visible.ts';
import { Waiters } from './waiters.ts';
import { entryBody } from './wire.ts';

type Entry = components['schemas']['JournalEntry'];

export interface JournalOptions {
  readonly document: ContractDocument;
  /** Requests that are kept. */
  readonly size: number;
}

/** Which entries, and how many of them. */
export interface Wanted {
  readonly filter: Partial<Filter>;
  /** A project that sees only its own; undefined: all. */
  readonly scope: Scope | undefined;
  /** The number of the entry after which they came. */
  readonly after: number;
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

  constructor({ document, size }: JournalOptions) {
    this.#document = document;
    this.#size = size;
    this.#describe = describing(document);
    this.#ring = new Ring(size, HEAVIEST);
  }

  readonly observe: Observe = (observation) => {
    if (this.#size === 0) return;
    const kept = keep(observation);
    this.#ring.add(kept);
    this.#waiters.tell(kept);
  };

  /** The number of the newest entry; 0 before there was one. */
  get last(): number {
    return this.#ring.last;
  }

  /** Newest first, as they may be shown. */
  list({ filter, scope, after, limit }: Wanted): Entry[] {
    const isWanted = makeTest(filter, scope);
    return this.#ring
      .newestFirst(after)
      .filter(([, kept]) => isWanted(kept))
      .slice(0, limit)
      .map(([number, kept]) => this.#show(number, kept, scope));
  }

  /**
   * Until there are so many, or nobody wants to wait any more.
   * @throws ServiceError tooManyWaiters
   */
  async wait({ filter, scope, after }: Wanted, { atLeast, milliseconds, signal }: Patience): Promise<void> {
    const isWanted = makeTest(filter, scope);
    const found = this.#ring.newestFirst(after).filter(([, kept]) => isWanted(kept)).length;
    if (found >= atLeast || milliseconds === 0) return;
    await this.#waiters.wait(isWanted, atLeast - found, milliseconds, signal);
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
