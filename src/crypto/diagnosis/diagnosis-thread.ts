import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import pLimit from 'p-limit';
import type { Diagnosis, Question } from './question.ts';

/** The same file name from sources (.ts) and from the build (.js). */
const workerFile = new URL(`./diagnosis-worker${extname(import.meta.url)}`, import.meta.url);

/** One at a time, so that signatures keep the other cores. */
const inTurn = pLimit(1);

/** Diagnoses in a thread that ends with it: 0.1 s to start, and up to a second of CPU. */
export const diagnoseInThread = (question: Question): Promise<Diagnosis> => inTurn(() => run(question));

function run(question: Question): Promise<Diagnosis> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile, { workerData: question, execArgv: [] });
    worker.unref();
    worker.once('message', resolve).once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The diagnosis ended with ${code} and without an answer.`)));
  });
}
