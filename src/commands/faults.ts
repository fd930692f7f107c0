import { parse } from 'yaml';
import type { Arguments } from '../client/client.ts';
import { CommandFailure, type Given } from './command.ts';
import { adminClient } from './connection.ts';
import { readInput } from './input.ts';

type Rule = Arguments<'emulator.addFault'>;

export async function faults({ values }: Given): Promise<undefined> {
  const { faults: rules } = await adminClient(values).emulator.listFaults();
  for (const rule of rules) process.stdout.write(`${JSON.stringify(rule)}\n`);
}

/** Prints the ids of the rules. */
export async function faultsAdd({ words: [file = '-'], values }: Given): Promise<undefined> {
  const { emulator } = adminClient(values);
  for (const rule of rulesIn((await readInput(file)).toString('utf8'), file))
    process.stdout.write(`${(await emulator.addFault(rule)).id}\n`);
}

export async function faultsClear({ values }: Given): Promise<undefined> {
  await adminClient(values).emulator.clearFaults();
  process.stdout.write('No fault rule is left.\n');
}

/** What a rule may say is for Signet to judge. */
function rulesIn(text: string, file: string): readonly Rule[] {
  try {
    const content = parse(text) as Rule | readonly Rule[];
    return Array.isArray(content) ? (content as readonly Rule[]) : [content as Rule];
  } catch (error) {
    throw new CommandFailure(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
