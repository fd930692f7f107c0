/** What the journal's entries hold on to, as a multiple of what it counts for them when it decides how many to keep. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { keep } from '../src/emulator/journal/kept.ts';
import { type HeavyRequest, heavyRequests, observed } from '../test/support/heavy-requests.ts';
import { median } from './statistics.ts';

export interface JournalMemory {
  readonly name: string;
  readonly ratio: number;
}

const entries = 500;

export function journalMemory(rounds: number): JournalMemory[] {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held = (): number => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const ratio = (request: HeavyRequest): number => {
    const before = held();
    const kept = Array.from({ length: entries }, () => keep(observed(request)));
    const bytes = held() - before;
    return bytes / kept.reduce((sum, { weight }) => sum + weight, 0);
  };
  return heavyRequests.map((request) => ({
    name: request.name,
    ratio: median(Array.from({ length: rounds }, () => ratio(request))),
  }));
}
