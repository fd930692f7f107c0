/** What is asked about the requests of all processes, how each answers, and how the answers become one. */
import type { Observation } from '../../contract/observation.ts';
import type { components } from '../../contract/openapi.ts';
import { ServiceError } from '../../errors.ts';
import { emulatorRefusals as refusals } from '../errors.ts';
import type { ForwardedRequests } from '../gateway/forwarded-requests.ts';
import type { Numbered } from '../gateway/recent-calls.ts';
import type { Journal, Wanted } from '../journal/journal.ts';
import type { Scope } from '../journal/visible.ts';
import type { ForwardedOciRequests } from '../oci/forwarded-oci-requests.ts';
import type { Metrics, MetricSamples } from '../status/metrics.ts';

type Entry = components['schemas']['JournalEntry'];

/** What one process keeps. */
export interface Memory {
  readonly journal: Journal;
  readonly forwarded: ForwardedRequests;
  readonly forwardedOci: ForwardedOciRequests;
  readonly metrics: Metrics;
}

export interface Question<Args extends unknown[], One, All> {
  readonly answer: (memory: Memory, signal: AbortSignal, ...args: Args) => One | Promise<One>;
  /** Of one's own answer and those of the peers; `args` are what was asked. */
  readonly merge: (answers: readonly One[], args: Args) => All | Promise<All>;
  /** Whether this answer alone is enough. */
  readonly isEnough?: (answer: One) => boolean;
}

const question = <Args extends unknown[], One, All>(
  answer: Question<Args, One, All>['answer'],
  merge: Question<Args, One, All>['merge'],
): Question<Args, One, All> => ({ answer, merge });

/** Of something that is in one process, or in none. */
const whereItIs = <Args extends unknown[], Found>(
  answer: (memory: Memory, signal: AbortSignal, ...args: Args) => Found | undefined,
): Question<Args, Found | undefined, Found | undefined> => ({
  answer,
  merge: (answers) => answers.find((one) => one !== undefined),
  isEnough: (one) => one !== undefined,
});

/** Of something that every process does. */
const everywhere = <Args extends unknown[]>(
  act: (memory: Memory, signal: AbortSignal, ...args: Args) => void,
): Question<Args, true, undefined> => ({
  answer: (memory, signal, ...args) => {
    act(memory, signal, ...args);
    return true;
  },
  merge: () => undefined,
});

const newestFirst = <Item>(lists: readonly (readonly Item[])[], numberOf: (item: Item) => number, most: number) =>
  lists
    .flat()
    .toSorted((one, other) => numberOf(other) - numberOf(one))
    .slice(0, most);
const entryNumber = ({ sequence }: Entry): number => sequence;
const callNumber = ({ number }: Numbered<unknown>): number => number;

export const questions = {
  /** Entries up to a number which no later entry of any process is below. */
  listJournal: question(
    ({ journal }, _signal, wanted: Wanted) => {
      journal.mark(wanted.upTo);
      return journal.list(wanted);
    },
    (lists, [{ limit }]) => newestFirst(lists, entryNumber, limit),
  ),
  countJournal: question(
    ({ journal }, _signal, wanted: Wanted) => {
      journal.mark(wanted.upTo);
      return journal.count(wanted);
    },
    (counts) => counts.reduce((sum, count) => sum + count, 0),
  ),
  /** False: too many wait there. */
  awaitJournal: question(
    ({ journal }, signal, wanted: Wanted, atLeast: number, milliseconds: number) =>
      journal.wait(wanted, { atLeast, milliseconds, signal }).then(() => true, isTooMany),
    (answers) => {
      if (answers.includes(false)) throw new ServiceError(refusals.tooManyWaiters);
    },
  ),
  showEntry: whereItIs(({ journal }, _signal, requestId: string, scope: Scope | undefined) =>
    journal.show(requestId, scope),
  ),
  findRequest: whereItIs(
    ({ journal }, _signal, requestId: string, projectId: string | undefined): Observation | undefined =>
      journal.find(requestId, projectId),
  ),
  clearJournal: everywhere(({ journal }, _signal, scope: Scope | undefined) => journal.clear(scope)),

  listForwarded: question(
    ({ forwarded }, _signal, projectId: string | undefined, limit: number) => forwarded.list(projectId, limit),
    (lists, [, limit]) => newestFirst(lists, callNumber, limit).map(({ call }) => call),
  ),
  findForwarded: whereItIs(({ forwarded }, _signal, requestId: string, projectId: string | undefined) =>
    forwarded.find(requestId, projectId),
  ),
  /** The last one of all. */
  forwardedAs: question(
    ({ forwarded }, _signal, signature: string, projectId: string | undefined) =>
      forwarded.signedAs(signature, projectId),
    (found) => newestFirst([found.filter((one) => one !== undefined)], callNumber, 1)[0],
  ),
  clearForwarded: everywhere(({ forwarded }, _signal, projectId: string | undefined) => forwarded.clear(projectId)),

  listForwardedOci: question(
    ({ forwardedOci }, _signal, limit: number) => forwardedOci.list(limit),
    (lists, [limit]) => newestFirst(lists, callNumber, limit).map(({ call }) => call),
  ),
  findForwardedOci: whereItIs(({ forwardedOci }, _signal, requestId: string) => forwardedOci.find(requestId)),
  clearForwardedOci: everywhere(({ forwardedOci }) => forwardedOci.clear()),

  metrics: question(
    ({ metrics }) => metrics.samples(),
    async (samples: readonly MetricSamples[]) => {
      const { expositionOf } = await import('../status/exposition.ts');
      return expositionOf(samples);
    },
  ),
} as const;

function isTooMany(error: unknown): false {
  if (error instanceof ServiceError && error.refusal === refusals.tooManyWaiters) return false;
  throw error;
}
