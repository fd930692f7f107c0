import { parentPort, workerData } from 'node:worker_threads';
import { diagnose } from './diagnosis.ts';
import type { Question } from './question.ts';

/** What a thread for one diagnosis runs. */
parentPort?.postMessage(diagnose(workerData as Question));
