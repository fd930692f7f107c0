import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import pLimit from 'p-limit';
import { createPlaces } from '../places.ts';
import type { Diagnosis, Question } from './question.ts';

/** The same file name from sources (.ts) and from the build (.js). */
const workerFile = new URL(`./diagnosis-worker${extname(import.meta.url)}`, import.meta.url);

/** Milliseconds: ten times what the longest one takes on a slow machine. */
const LONGEST = 10_000;
/** Milliseconds of most of them, and of all that may wait. */
const [USUAL, QUEUE] = [500, 10_000];

/** Diagnoses in threads that end with them: 0.1 s to start, and up to a second of CPU. */
export class DiagnosisThreads {
  /** One at a time, so that signatures keep the other cores. */
  readonly #inTurn = pLimit(1);
  readonly #places = createPlaces(QUEUE, 'searches for a cause');
  readonly #longest: number;
  #worker: Worker | undefined;
  #isClosed = false;

  /** @param longest milliseconds after which a diagnosis is given up */
  constructor(longest = LONGEST) {
    this.#longest = longest;
  }

  /**
   * @returns undefined where it was given up, or this was closed before it came to an end
   * @throws Overloaded when too many wait for their turn
   */
  readonly diagnose = (question: Question): Promise<Diagnosis | undefined> =>
    this.#places.hold(USUAL, () => this.#inTurn(async () => (this.#isClosed ? undefined : this.#run(question))));

  /** Ends the diagnosis under way; those that wait are not begun. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
  }

  async #run(question: Question): Promise<Diagnosis | undefined> {
    const worker = new Worker(workerFile, { workerData: question, execArgv: [] });
    this.#worker = worker;
    const limit = setTimeout(() => void worker.terminate(), this.#longest).unref();
    try {
      return await new Promise((resolve, reject) => {
        worker.once('message', resolve).once('error', reject);
        worker.once('exit', () => resolve(undefined));
        // After the listeners: one for messages keeps the process alive again.
        worker.unref();
      });
    } finally {
      clearTimeout(limit);
      this.#worker = undefined;
    }
  }
}
