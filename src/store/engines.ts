/** The databases that can hold Signet's state, by URL. */
import { StoreUnusable, type Engine, type EngineOptions } from './engine.ts';
import { openSqlite } from './engine-sqlite.ts';

export { StoreUnusable, type Engine, type EngineOptions } from './engine.ts';

interface EngineKind {
  /** How its URLs look, for people. */
  readonly form: string;
  /** Undefined when the URL makes no sense. */
  open(options: EngineOptions): Promise<Engine | undefined> | Engine | undefined;
}

const postgres: EngineKind = {
  form: 'postgres://<user>:<password>@<host>/<database>',
  // Whoever has a file need not wait for what speaks to a server.
  open: async (options) => (await import('./engine-postgres.ts')).openPostgres(options),
};

/** By URL scheme. */
const engines: ReadonlyMap<string, EngineKind> = new Map([
  ['sqlite', { form: 'sqlite::memory:, sqlite:<file>', open: openSqlite }],
  ['postgres', postgres],
  ['postgresql', postgres],
]);

/** @throws StoreUnusable when the URL names no engine, or what it names cannot be opened */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const [, scheme = ''] = /^([a-z]+):/.exec(options.url) ?? [];
  const engine = await engines.get(scheme)?.open(options);
  if (engine) return engine;
  // The URL itself may hold a password.
  const forms = [...new Set([...engines.values()].map(({ form }) => form))].join(', ');
  throw new StoreUnusable(`The database URL${scheme && ` (${scheme}:…)`} is none of: ${forms}`);
}
