/** How much more CPU the same request takes in one program than in another. */
import { post } from './load.ts';
import { projectId } from './plan.ts';
import type { Program } from './programs.ts';
import { median } from './statistics.ts';

/** What is asked. */
export interface Question {
  readonly operation: string;
  readonly body: object;
}

/** The median of the rounds; the two take turns in each, so that a busy moment hits both alike. */
export async function cpuRatio(
  [one, other]: readonly [Program, Program],
  { operation, body }: Question,
  rounds: number,
  seconds: number,
): Promise<number> {
  const cpu = async (program: Program): Promise<number> => {
    const before = program.cpu();
    const { requests } = await post(`${program.url}/v1.0/${projectId}/kms/${operation}`, body, seconds);
    return (program.cpu() - before) / requests;
  };
  for (const program of [one, other]) await cpu(program); // warms up
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = await cpu(one);
    ratios.push((await cpu(other)) / before);
  }
  return median(ratios);
}
