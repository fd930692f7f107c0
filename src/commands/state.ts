import type { Arguments } from '../client/client.ts';
import { columns } from './columns.ts';
import { CommandFailure, type Given } from './command.ts';
import { adminClient, projectId } from './connection.ts';
import { readInput } from './input.ts';
import type { Values } from './options.ts';

export async function reset({ values }: Given): Promise<undefined> {
  const { to } = values;
  await adminClient(values).emulator.reset({ to, project_id: await chosenProject(values) });
}

export async function snapshotList({ values }: Given): Promise<undefined> {
  const { snapshots } = await adminClient(values).emulator.listSnapshots();
  const rows = snapshots.map(({ name, taken_at, bytes }) => [name, taken_at, String(bytes)]);
  process.stdout.write(columns([['NAME', 'TAKEN', 'BYTES'], ...rows]));
}

export async function snapshotSave({ words: [name = ''], values }: Given): Promise<undefined> {
  await adminClient(values).emulator.takeSnapshot({ name });
}

export async function snapshotRestore({ words: [name = ''], values }: Given): Promise<undefined> {
  await adminClient(values).emulator.restoreSnapshot({ name });
}

export async function snapshotDelete({ words: [name = ''], values }: Given): Promise<undefined> {
  await adminClient(values).emulator.deleteSnapshot({ name });
}

export async function snapshotExport({ values }: Given): Promise<undefined> {
  const { passphrase } = values;
  const file = await adminClient(values).emulator.exportState({ passphrase, project_id: await chosenProject(values) });
  process.stdout.write(`${JSON.stringify(file, undefined, 2)}\n`);
}

export async function snapshotImport({ words: [file = '-'], values }: Given): Promise<undefined> {
  const { passphrase } = values;
  const snapshot = parsed((await readInput(file)).toString('utf8'), file);
  await adminClient(values).emulator.importState({ snapshot, passphrase });
}

const chosenProject = async (values: Values): Promise<string | undefined> =>
  values.project === undefined ? undefined : projectId(adminClient(values), values.project);

/** Whether it is a snapshot is for Signet to say. */
function parsed(text: string, file: string): Arguments<'emulator.importState'>['snapshot'] {
  try {
    return JSON.parse(text) as Arguments<'emulator.importState'>['snapshot'];
  } catch (error) {
    throw new CommandFailure(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
