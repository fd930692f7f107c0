import type { Answer } from '../client/client.ts';
import type { Given } from './command.ts';
import { findProject, signetClient } from './connection.ts';

type Entry = Answer<'emulator.listJournal'>['entries'][number];

/** As long as the contract allows. */
const WAIT_SECONDS = 30;
/** As many as the contract allows: those that come while nobody asks must not be lost. */
const MOST = 1000;

export async function journal({ values }: Given): Promise<undefined> {
  const { operation, outcome, limit, follow, project } = values;
  const client = signetClient(values);
  const { emulator } = client;
  const show = values.json ? (entry: Entry) => JSON.stringify(entry) : line;
  const filter = {
    ...{ operation, outcome },
    project_id:
      project === undefined || client.token !== undefined ? undefined : (await findProject(client, project)).id,
  };
  let page = await emulator.listJournal({ ...filter, limit });
  for (;;) {
    for (const entry of page.entries.toReversed()) process.stdout.write(`${show(entry)}\n`);
    if (!follow) return;
    page = await emulator.listJournal({ ...filter, after: page.last, limit: MOST, wait_seconds: WAIT_SECONDS });
  }
}

function line({ at, answer, request, operation, caller, milliseconds, refusal, outcome, ...entry }: Entry): string {
  return [
    at,
    entry.request_id,
    answer?.status ?? outcome,
    operation ?? `${request.method} ${request.target}`,
    caller && `by ${caller.access ?? caller.user}`,
    entry.key_id && `key ${entry.key_id}`,
    `${milliseconds.toFixed(1)} ms`,
    entry.fault_id && `fault ${entry.fault_id}`,
    refusal && `${refusal.code} ${refusal.text}`,
  ]
    .filter((part) => part !== undefined && part !== '')
    .join('  ');
}
