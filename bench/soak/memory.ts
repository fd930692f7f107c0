/** Whether a program that is at work all the time needs ever more memory. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Program } from '../programs.ts';
import { median } from '../statistics.ts';

export interface Sample {
  /** MiB, of all processes: what is held on to after a garbage collection, and what is resident. */
  readonly held: number;
  readonly resident: number;
  readonly processes: number;
}

export interface Growth {
  readonly name: string;
  /** MiB: the medians of the second and of the last third of the run. The first third is for what is made once: compiled code, full caches. */
  readonly before: number;
  readonly after: number;
  /** What `after` may be. */
  readonly most: number;
}

/**
 * MiB for each process. What is held differs from sample to sample by the requests that are under way, an export of the state being the largest
 * with some 100 KiB, and grows by code that is compiled late; the medians of ten and more samples differ by less than 2 MiB where nothing
 * leaks. 4 MiB are 40 bytes for each of 100,000 requests, as many as ten minutes have on a slow machine.
 */
const heldMore = 4;
/** Besides, V8 lets garbage lie as long as there is room, and the allocator keeps pages in pieces: a quarter up and down is usual. */
const residentBound = (before: number): number => before * 1.25 + 16;

const attempts = 200;

export async function sample({ process: { pid }, workers, memory }: Program, folder: string): Promise<Sample> {
  const resident = memory();
  let bytes = 0;
  const ids = [pid!, ...workers()];
  for (const id of ids) {
    const file = join(folder, String(id));
    rmSync(file, { force: true });
    process.kill(id, 'SIGUSR2');
    for (let attempt = 0; attempt < attempts && !existsSync(file); attempt++) await pause(50);
    // Without an answer it has ended, which others tell.
    if (existsSync(file)) bytes += Number(readFileSync(file, 'utf8'));
  }
  return { held: bytes / 2 ** 20, resident, processes: ids.length };
}

export function growthOf(samples: readonly Sample[]): readonly Growth[] {
  const processes = samples.at(-1)!.processes;
  const third = Math.floor(samples.length / 3);
  const [middle, last] = [samples.slice(third, 2 * third), samples.slice(2 * third)];
  const of = (name: string, value: (sample: Sample) => number, bound: (before: number) => number): Growth => {
    const before = median(middle.map(value));
    return { name, before, after: median(last.map(value)), most: bound(before) };
  };
  return [
    of(
      'held after a collection',
      ({ held }) => held,
      (before) => before + heldMore * processes,
    ),
    of('resident', ({ resident }) => resident, residentBound),
  ];
}
