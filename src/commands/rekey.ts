import { parseMasterKey } from '../crypto/sealing.ts';
import { rekey as rekeyStore } from '../store/rekey.ts';
import { CommandFailure, type Given } from './command.ts';

export async function rekey({ values, settings: { databaseUrl, masterKey } }: Given): Promise<undefined> {
  const count = await rekeyStore({
    url: databaseUrl,
    masterKey: masterKey === '' ? undefined : parseMasterKey(masterKey),
    newMasterKey: newKey(values['new-master-key']),
  });
  process.stdout.write(`${count} sealed value${count === 1 ? '' : 's'} under the new master key\n`);
}

/** The text itself is not repeated. */
function newKey(text: string | undefined): Uint8Array | undefined {
  if (text === undefined) return undefined;
  try {
    return parseMasterKey(text);
  } catch (error) {
    throw new CommandFailure(`--new-master-key: ${error instanceof Error ? error.message : String(error)}`);
  }
}
