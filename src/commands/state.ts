import type { Arguments } from '../client/client.ts';
import { columns } from './columns.ts';
import { CommandFailure, type Given } from './command.ts';
import { adminClient, findProject } from './connection.ts';
import { readInput } from './input.ts';
import type { Values } from './options.ts';

export async function reset({ values }: Given): Promise<undefined> {
  const { to } = values;
  const project = await chosenProject(values);
  await adminClient(values).emulator.reset({ to, project_id: project?.id });
  const what = project === undefined ? 'Everything' : `The project ${project.name} (${project.id})`;
  say(`${what} is as at the start${to === 'identity' ? ', without keys' : ''}.`);
}

export async function snapshotList({ values }: Given): Promise<undefined> {
  const { snapshots } = await adminClient(values).emulator.listSnapshots();
  const rows = snapshots.map(({ name, taken_at, bytes }) => [name, taken_at, String(bytes)]);
  process.stdout.write(columns([['NAME', 'TAKEN', 'BYTES'], ...rows]));
}

export async function snapshotSave({ words: [name = ''], values }: Given): Promise<undefined> {
  const { bytes } = await adminClient(values).emulator.takeSnapshot({ name });
  say(`Kept as ${name} (${bytes.toLocaleString('en')} bytes).`);
}

export async function snapshotRestore({ words: [name = ''], values }: Given): Promise<undefined> {
  await adminClient(values).emulator.restoreSnapshot({ name });
  say(`Everything is as in ${name}.`);
}

export async function snapshotDelete({ words: [name = ''], values }: Given): Promise<undefined> {
  await adminClient(values).emulator.deleteSnapshot({ name });
  say(`Forgot ${name}.`);
}

export async function snapshotExport({ values }: Given): Promise<undefined> {
  const { passphrase } = values;
  const project = await chosenProject(values);
  const file = await adminClient(values).emulator.exportState({ passphrase, project_id: project?.id });
  process.stdout.write(`${JSON.stringify(file, undefined, 2)}\n`);
}

export async function snapshotImport({ words: [file = '-'], values }: Given): Promise<undefined> {
  const { passphrase } = values;
  const { signet_snapshot, state, sealed } = parsed((await readInput(file)).toString('utf8'), file);
  await adminClient(values).emulator.importState({ signet_snapshot, state, sealed, passphrase });
  say(`Imported ${file === '-' ? 'what standard input holds' : file}.`);
}

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

const chosenProject = async (values: Values) =>
  values.project === undefined ? undefined : findProject(adminClient(values), values.project);

/** Whether it is a snapshot is for Signet to say. */
function parsed(text: string, file: string): Arguments<'emulator.importState'> {
  try {
    return Object(JSON.parse(text)) as Arguments<'emulator.importState'>;
  } catch (error) {
    throw new CommandFailure(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
