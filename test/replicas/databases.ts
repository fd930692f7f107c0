/** The databases that replicas share. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type PostgresServer } from '../support/postgres.ts';

export type Settings = Readonly<Record<string, string>>;

export interface SharedDatabase {
  /** What Signet is told of it. */
  readonly settings: Settings;
  /** The server, where it is one. */
  readonly postgres?: PostgresServer;
  readonly close: () => Promise<void>;
}

export const engines = ['sqlite', 'postgres'] as const;
export type EngineName = (typeof engines)[number];

/** A new one in which a commit is on the disk when it is acknowledged. */
export const openDatabase: Readonly<Record<EngineName, () => Promise<SharedDatabase>>> = {
  sqlite: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'signet-replicas-'));
    return {
      settings: { SIGNET_DATABASE_URL: `sqlite:${join(folder, 'state.sqlite')}` },
      close: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
  postgres: async () => {
    const postgres = await startPostgres({ fsync: true });
    return {
      postgres,
      settings: {
        SIGNET_DATABASE_URL: await postgres.newDatabase(),
        SIGNET_MASTER_KEY: randomBytes(32).toString('hex'),
      },
      close: () => postgres.close(),
    };
  },
};
