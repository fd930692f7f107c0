/** Databases on the one Postgres of a run of vitest. */
import { inject, onTestFinished } from 'vitest';
import { newDatabase, runSql } from './postgres.ts';

let server: Promise<string> | undefined;

/** The superuser's URL of the server's first database. */
export const postgresUrl = (): Promise<string> => (server ??= askForServer());

async function askForServer(): Promise<string> {
  const answer = await fetch(inject('postgresDoor'));
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

/** The URL of a fresh database. It goes away with the server: to drop it takes a checkpoint, and on a busy machine half a minute. */
export const freshPostgres = async (): Promise<string> => newDatabase(await postgresUrl());

/** Emptied after the test that had it, and given to the next one: to make the tables again takes longer than most tests. */
const emptied: string[] = [];

/** The URL of a database that is empty but for its tables, which may be there from a test before, under the same master key. */
export async function postgresDatabase(): Promise<string> {
  const url = emptied.pop() ?? (await freshPostgres());
  onTestFinished(async () => {
    await runSql(url, empty);
    emptied.push(url);
  });
  return url;
}

/** As a replica does it, which takes no notice of who points at whom; `truncate` takes ten times as long for so few rows. */
const empty = `
  set session_replication_role = replica;
  do $$ declare it text; begin
    for it in select tablename from pg_tables where schemaname = 'public' and tablename <> 'signet' loop
      execute format('delete from %I', it);
    end loop;
    if to_regclass('signet') is not null then
      delete from signet where name not in ('format', 'masterKeyCheck');
    end if;
  end $$`;
