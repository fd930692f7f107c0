/** What goes wrong with Postgres, and what only looks like it. */
import { expect, onTestFinished, test } from 'vitest';
import pg from 'pg';
import { isOutOfReach, troubleWith } from '../../src/store/postgres-troubles.ts';
import { StoreUnreachable } from '../../src/store/store.ts';
import { postgresDatabase } from '../support/postgres-database.ts';
import { opened } from './databases.ts';

test.each(['EAI_FAIL', 'EHOSTDOWN', 'ENETDOWN'])('what the system says is no fault of Signet: %s', (code) => {
  const error = Object.assign(new Error(`connect ${code}`), { code, syscall: 'connect' });
  expect([isOutOfReach(error), troubleWith(error)]).toEqual([true, `the system reports ${code}`]);
});

test('who gets none of the connections, all of which are taken, does not blame the database', async () => {
  const url = await postgresDatabase();
  const store = await opened(url);
  const holder = new pg.Client({ connectionString: url });
  await holder.connect();
  onTestFinished(() => holder.end());
  await holder.query('begin; lock table signet');
  const ends = await Promise.allSettled(Array.from({ length: 11 }, () => store.region()));
  const last = ends.at(-1)!;
  expect(last).toMatchObject({ reason: { why: 'Other requests of this process take too long' } });
  expect(last.status === 'rejected' && last.reason).toBeInstanceOf(StoreUnreachable);
});
