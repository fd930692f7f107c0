import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { startSignet, type Signet, type SignetOptions } from '../../src/index.ts';
import { freshPostgres } from './postgres-database.ts';

const memory = 'sqlite::memory:';

/** SIGNET_TEST_DATABASE=postgres: what would be kept in memory is kept in Postgres. */
const database = async ({ databaseUrl = memory }: SignetOptions): Promise<SignetOptions> =>
  process.env['SIGNET_TEST_DATABASE'] === 'postgres' && databaseUrl === memory
    ? { databaseUrl: await freshPostgres(), masterKey: Buffer.alloc(32, 7).toString('base64') }
    : {};

/** Starts Signet as users do, on a free port, every answer checked against the contract; stops it after the file's tests. */
export async function useSignet(options: SignetOptions = {}): Promise<Signet> {
  const faults: unknown[][] = [];
  const signet = await startSignet({
    port: 0,
    validateResponses: true,
    // Given, so that none is printed: what Signet logs in a test is a fault.
    adminToken: 'of-the-tests',
    log: (...fault) => faults.push(fault),
    ...options,
    ...(await database(options)),
  });
  afterAll(async () => {
    await signet.stop();
    expect(faults, 'faults of Signet itself').toEqual([]);
  });
  return signet;
}

/** A folder that is gone after the file's tests. */
export function useFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signet-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a seed as YAML text; the setting `seed` takes the file's name. */
export function useSeed(yaml: string): string {
  const file = join(useFolder(), 'seed.yaml');
  writeFileSync(file, yaml);
  return file;
}
