/** The connections of a process (proc_net(5)): who talks to which worker, and which sessions of a Postgres a process has. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { vi } from 'vitest';
import { runSql, type PostgresServer } from '../support/postgres.ts';

interface Connection {
  /** Ports: of this process's end, and of the other. */
  readonly own: number;
  readonly other: number;
}

export function connectionsOf(pid: number): readonly Connection[] {
  const files = `/proc/${pid}/fd`;
  const sockets = new Set(
    readdirSync(files).flatMap((file) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`${files}/${file}`))?.[1] ?? [];
      } catch {
        return [];
      }
    }),
  );
  return readFileSync(`/proc/${pid}/net/tcp`, 'utf8')
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, own = '', other = '', state, ...rest] = line.trim().split(/\s+/);
      const isOpen = state === '01' && sockets.has(rest[5] ?? '');
      return isOpen ? [{ own: portIn(own), other: portIn(other) }] : [];
    });
}

const portIn = (address: string): number => Number.parseInt(address.split(':')[1] ?? '', 16);

/** Waits until the server has ended what these connections of dead clients began. */
export async function untilGone({ url, port }: PostgresServer, connections: readonly Connection[]): Promise<void> {
  const ports = connections.filter(({ other }) => other === port).map(({ own }) => own);
  if (ports.length === 0) return;
  const question = `select count(*)::int as count from pg_stat_activity where client_port in (${ports.join()})`;
  await vi.waitFor(
    async () => {
      const [row] = await runSql(url, question);
      if (row?.['count'] !== 0) throw new Error('Postgres still works for a client that is dead');
    },
    { timeout: 30_000, interval: 10 },
  );
}
