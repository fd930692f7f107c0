/** Many rows in SQL. */
import { Turn } from '../turns.ts';

/** Rows of one statement: engines limit how many values it may have. */
const most = 100;

/** Runs a statement over all of these rows, so many at a time; none where there are none. */
export async function inBatches<Row, Result>(
  rows: readonly Row[],
  statement: (rows: readonly Row[]) => { execute(): Promise<Result> },
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const turn = new Turn();
  for (let start = 0; start < rows.length; start += most) {
    results.push(await statement(rows.slice(start, start + most)).execute());
    // SQLite answers without letting go.
    if (turn.isOver) await turn.pass();
  }
  return results;
}
