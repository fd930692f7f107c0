/** Many rows in SQL. */
import { setImmediate as others } from 'node:timers/promises';

/** Rows of one statement: engines limit how many values it may have. */
const most = 100;
/** Milliseconds of work after which others are let go first: SQLite answers without letting go. */
const patience = 10;

/** Runs a statement over all of these rows, so many at a time; none where there are none. */
export async function inBatches<Row, Result>(
  rows: readonly Row[],
  statement: (rows: readonly Row[]) => { execute(): Promise<Result> },
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let since = performance.now();
  for (let start = 0; start < rows.length; start += most) {
    results.push(await statement(rows.slice(start, start + most)).execute());
    if (performance.now() - since < patience) continue;
    await others();
    since = performance.now();
  }
  return results;
}
