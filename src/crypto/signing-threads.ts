import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { costOfSignature, createPlaces } from './places.ts';
import type { SignJob, VerifyJob } from './prehashed.ts';

/** Threads that sign and verify digests, so that the event loop stays free. */
export interface SigningThreads {
  /**
   * Rejects with what the job threw, or with an Error when its thread ended or the threads were closed; with Overloaded at once when it would wait
   * for more than about a second.
   */
  run(job: SignJob): Promise<Uint8Array>;
  run(job: VerifyJob): Promise<boolean>;
  /** Jobs that no thread has begun. */
  readonly waiting: () => number;
  /** Ends the threads; jobs that are not done are rejected. */
  close(): Promise<void>;
}

/** What a thread answers to a job. */
export type Outcome = { readonly value: Uint8Array | boolean } | { readonly error: Error };

interface Task {
  readonly job: SignJob | VerifyJob;
  resolve(value: Uint8Array | boolean): void;
  reject(error: Error): void;
}

interface Thread {
  readonly worker: Worker;
  /** Posted and not answered, in the order in which the thread answers. */
  readonly tasks: Task[];
}

/** One job at work and one at hand, so that a thread never waits for the event loop. */
const tasksPerThread = 2;
/** Of work that may wait for each thread. */
const MOST_MILLISECONDS = 1000;

/** The same file name from sources (.ts) and from the build (.js). */
const workerFile = new URL(`./signing-worker${extname(import.meta.url)}`, import.meta.url);

/**
 * Starts threads when they are first needed. Idle ones do not keep the process alive; one that ends is replaced.
 * @param size most threads at once; more than cores only adds latency
 * @param file what the threads run, without the flags of this process (--input-type would stop them)
 */
export function createSigningThreads(size = availableParallelism(), file = workerFile): SigningThreads {
  const threads = new Set<Thread>();
  const places = createPlaces(size * MOST_MILLISECONDS, 'signing threads');
  let waiting: Task[] = [];
  let closed = false;

  function dispatch(): void {
    for (let task = waiting[0]; task; task = waiting[0]) {
      const thread = freeThread();
      if (!thread) return;
      waiting.shift();
      give(thread, task);
    }
  }

  function give(thread: Thread, task: Task): void {
    try {
      thread.worker.postMessage(task.job);
      thread.worker.ref();
      thread.tasks.push(task);
    } catch (error) {
      task.reject(new Error('the job cannot be posted to a thread', { cause: error }));
    }
  }

  function freeThread(): Thread | undefined {
    const [thread] = [...threads].sort((one, other) => one.tasks.length - other.tasks.length);
    if (thread?.tasks.length === 0) return thread;
    if (threads.size < size) return startThread();
    return thread && thread.tasks.length < tasksPerThread ? thread : undefined;
  }

  function startThread(): Thread {
    const thread: Thread = { worker: new Worker(file, { execArgv: [] }), tasks: [] };
    let reason = 'it exited';
    thread.worker.unref();
    thread.worker.on('message', (outcome: Outcome) => {
      settle(thread.tasks.shift(), outcome);
      if (thread.tasks.length === 0) thread.worker.unref();
      dispatch();
    });
    thread.worker.on('error', (error) => (reason = String(error)));
    thread.worker.on('exit', () => {
      threads.delete(thread);
      settle(thread.tasks.shift(), { error: new Error(`the signing thread ended: ${reason}`) });
      waiting = [...thread.tasks, ...waiting];
      dispatch();
    });
    threads.add(thread);
    return thread;
  }

  function run(job: SignJob): Promise<Uint8Array>;
  function run(job: VerifyJob): Promise<boolean>;
  async function run(job: SignJob | VerifyJob): Promise<Uint8Array | boolean> {
    if (closed) throw new Error('the signing threads are closed');
    const ended = () =>
      new Promise<Uint8Array | boolean>((resolve, reject) => {
        waiting.push({ job, resolve, reject });
        dispatch();
      });
    return places.hold(costOfSignature(job.key.keySpec, job.operation), ended);
  }

  return {
    run,
    waiting: () => waiting.length,
    async close() {
      closed = true;
      const undone = [...[...threads].flatMap(({ tasks }) => tasks.splice(0)), ...waiting.splice(0)];
      undone.forEach((task) => task.reject(new Error('the signing threads were closed')));
      await Promise.all([...threads].map(({ worker }) => worker.terminate()));
    },
  };
}

function settle(task: Task | undefined, outcome: Outcome): void {
  if ('error' in outcome) task?.reject(outcome.error);
  else task?.resolve(outcome.value);
}
