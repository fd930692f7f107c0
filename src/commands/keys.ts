import { columns } from './columns.ts';
import type { Given } from './command.ts';
import { projectClient } from './connection.ts';
import { projectKeys, type KeyDetails } from './project-keys.ts';

/** As the vendor's console calls them. */
const states: Readonly<Record<KeyDetails['key_state'], string>> = {
  2: 'enabled',
  3: 'disabled',
  4: 'pending deletion',
  5: 'pending import',
};

export async function keys({ values }: Given): Promise<undefined> {
  const client = await projectClient(values);
  const rows: string[][] = [['ID', 'NAME', 'SPEC', 'USAGE', 'STATE', 'CREATED']];
  for await (const key of projectKeys(client)) {
    const created = new Date(Number(key.creation_date)).toISOString();
    rows.push([key.key_id, key.key_alias, key.key_spec, key.key_usage, states[key.key_state], created]);
  }
  process.stdout.write(columns(rows));
}
