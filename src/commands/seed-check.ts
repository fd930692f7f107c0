import { randomUUID } from 'node:crypto';
import { readSeed, SeedError, type Seed } from '../emulator/seeds/seed.ts';
import { seedChecks } from '../seed-checks.ts';
import type { Given } from './command.ts';
import { readInput } from './input.ts';

export async function seedCheck({ words: [file = '-'] }: Given): Promise<number> {
  const text = (await readInput(file)).toString('utf8');
  try {
    process.stdout.write(`${summary(await readSeed(text, file, randomUUID, seedChecks))}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof SeedError)) throw error;
    process.stdout.write(`${error.message}\n`);
    return 1;
  }
}

function summary(seed: Seed): string {
  const counts: readonly (readonly [number, string])[] = [
    [seed.domains.length, 'domain'],
    [seed.projects.length, 'project'],
    [seed.users.length, 'user'],
    [seed.accessKeys.length, 'access key'],
    [seed.tokens.length, 'token'],
    [seed.keys.length, 'key'],
    ...(seed.signatureKeys.length > 0 ? [[seed.signatureKeys.length, 'signature key'] as const] : []),
    ...(seed.apis.length > 0 ? [[seed.apis.length, 'API'] as const] : []),
    ...(seed.ociUsers.length > 0 ? [[seed.ociUsers.length, 'OCI user'] as const] : []),
    ...(seed.ociApiKeys.length > 0 ? [[seed.ociApiKeys.length, 'OCI API key'] as const] : []),
    ...(seed.ociDeployments.length > 0 ? [[seed.ociDeployments.length, 'OCI deployment'] as const] : []),
    ...(seed.faults.length > 0 ? [[seed.faults.length, 'fault rule'] as const] : []),
  ];
  return `region ${seed.region}: ${counts.map(([count, what]) => `${count} ${what}${count === 1 ? '' : 's'}`).join(', ')}`;
}
