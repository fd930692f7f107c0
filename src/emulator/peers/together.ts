/** The requests of all processes as if one had answered them. */
import type { ForwardedRequest } from '../../contract/forwarded.ts';
import type { Observation } from '../../contract/observation.ts';
import type { components } from '../../contract/openapi.ts';
import type { Patience as Waiting, Wanted } from '../journal/journal.ts';
import type { Scope } from '../journal/visible.ts';
import type { ForwardedOci } from '../oci/forwarded-oci-requests.ts';
import { noPeers, type Peers } from './peers.ts';
import { questions, type Memory, type Question } from './questions.ts';

type Entry = components['schemas']['JournalEntry'];

/** What the journal, the gateways and the counters of every process have; each says the same as the one of a process that is alone. */
export interface SharedMemory {
  readonly journal: {
    /** `last`: what `after` takes next. */
    readonly list: (wanted: Wanted) => Promise<{ readonly entries: Entry[]; readonly last: number }>;
    /** @throws ServiceError tooManyWaiters */
    readonly wait: (wanted: Wanted, patience: Waiting) => Promise<void>;
    readonly show: (requestId: string, scope: Scope | undefined) => Promise<Entry | undefined>;
    readonly find: (requestId: string, projectId: string | undefined) => Promise<Observation | undefined>;
    readonly clear: (scope: Scope | undefined) => Promise<void>;
  };
  readonly forwarded: {
    readonly list: (projectId: string | undefined, limit: number) => Promise<readonly ForwardedRequest[]>;
    readonly find: (requestId: string, projectId: string | undefined) => Promise<ForwardedRequest | undefined>;
    readonly signedAs: (signature: string, projectId: string | undefined) => Promise<ForwardedRequest | undefined>;
    readonly clear: (projectId: string | undefined) => Promise<void>;
  };
  readonly forwardedOci: {
    readonly list: (limit: number) => Promise<readonly ForwardedOci[]>;
    readonly find: (requestId: string) => Promise<ForwardedOci | undefined>;
    readonly clear: () => Promise<void>;
  };
  readonly metrics: { readonly text: () => Promise<string> };
}

/** Milliseconds that a process may take; one that is busy for longer counts as one that has nothing. */
const PATIENCE = 2000;

type AnyQuestion = Question<unknown[], unknown, unknown>;
const names = new Map<unknown, string>(Object.entries(questions).map(([name, question]) => [question, name]));
const nameOf = (question: unknown): string => names.get(question) ?? '';
const byName = new Map(Object.entries(questions) as unknown as [string, AnyQuestion][]);

/** `memory` is that of this process, which from now on answers its peers as well. */
export function together(memory: Memory, peers: Peers): SharedMemory {
  const never = new AbortController().signal;
  peers.answer((name, args, signal) => byName.get(name)?.answer(memory, signal, ...args));

  async function ask<Args extends unknown[], One, All>(
    question: Question<Args, One, All>,
    ...args: Args
  ): Promise<All> {
    const own = await question.answer(memory, never, ...args);
    if (question.isEnough?.(own) === true) return question.merge([own], args);
    const others = await Promise.all(peers.ask(nameOf(question), args, { milliseconds: PATIENCE }));
    return question.merge([own, ...(others.filter((one) => one !== undefined) as One[])], args);
  }

  /** Until there are so many in all processes: one of them must have seen its share of them by then. */
  async function wait(wanted: Wanted, { atLeast, milliseconds, signal }: Waiting): Promise<void> {
    const end = performance.now() + milliseconds;
    let { after } = wanted;
    let missing = atLeast;
    let joined = Promise.withResolvers<undefined>();
    const forget = peers.onJoined(() => joined.resolve(undefined));
    try {
      for (;;) {
        // Who comes from here on has not been asked.
        joined = Promise.withResolvers<undefined>();
        const upTo = memory.journal.mark(peers.now());
        missing -= await ask(questions.countJournal, { ...wanted, after, upTo });
        after = upTo;
        const left = Math.ceil(end - performance.now());
        if (missing <= 0 || left <= 0 || signal.aborted) return;
        const share = Math.ceil(missing / (peers.count() + 1));
        await untilOneHas(share, { ...wanted, after }, { milliseconds: left, signal }, joined.promise);
      }
    } finally {
      forget();
    }
  }

  async function untilOneHas(
    share: number,
    wanted: Wanted,
    { milliseconds, signal }: Omit<Waiting, 'atLeast'>,
    joined: Promise<undefined>,
  ): Promise<void> {
    const question = questions.awaitJournal;
    const args: [Wanted, number, number] = [wanted, share, milliseconds];
    const done = new AbortController();
    const end = (): void => done.abort();
    signal.addEventListener('abort', end);
    try {
      const others = peers.ask(nameOf(question), args, { milliseconds: milliseconds + PATIENCE, signal: done.signal });
      const first = await Promise.race([question.answer(memory, done.signal, ...args), ...others, joined]);
      await question.merge([first !== false], args);
    } finally {
      signal.removeEventListener('abort', end);
      end();
    }
  }

  return {
    journal: {
      list: async (wanted) => {
        const upTo = memory.journal.mark(peers.now());
        return { entries: await ask(questions.listJournal, { ...wanted, upTo }), last: upTo };
      },
      // What one process waits for, it counts as it comes.
      wait: peers === noPeers ? (wanted, waiting) => memory.journal.wait(wanted, waiting) : wait,
      show: (requestId, scope) => ask(questions.showEntry, requestId, scope),
      find: (requestId, projectId) => ask(questions.findRequest, requestId, projectId),
      clear: (scope) => ask(questions.clearJournal, scope),
    },
    forwarded: {
      list: (projectId, limit) => ask(questions.listForwarded, projectId, limit),
      find: async (requestId, projectId) => (await ask(questions.findForwarded, requestId, projectId))?.call,
      signedAs: async (signature, projectId) => (await ask(questions.forwardedAs, signature, projectId))?.call,
      clear: (projectId) => ask(questions.clearForwarded, projectId),
    },
    forwardedOci: {
      list: (limit) => ask(questions.listForwardedOci, limit),
      find: async (requestId) => (await ask(questions.findForwardedOci, requestId))?.call,
      clear: () => ask(questions.clearForwardedOci),
    },
    metrics: { text: () => ask(questions.metrics) },
  };
}
