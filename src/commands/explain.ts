import type { Answer } from '../client/client.ts';
import { CommandFailure, type Given } from './command.ts';
import { signetClient } from './connection.ts';
import { explanationText, isRefused } from './explanation-text.ts';
import { readInput } from './input.ts';

export async function explain(given: Given): Promise<number> {
  const explanation = await fetchExplanation(given);
  const text = given.values.json ? JSON.stringify(explanation, undefined, 2) : explanationText(explanation);
  process.stdout.write(`${text.trimEnd()}\n`);
  return isRefused(explanation) ? 1 : 0;
}

async function fetchExplanation({ words: [file], values }: Given): Promise<Answer<'emulator.explain'>> {
  const { emulator } = signetClient(values);
  const { 'request-id': requestId } = values;
  if ((file === undefined) === (requestId === undefined))
    throw new CommandFailure('explain what? a file with a request, or --request-id');
  if (requestId !== undefined) return emulator.explainRequest({ request_id: requestId });
  return emulator.explain({ request: (await readInput(file ?? '-')).toString('utf8') });
}
