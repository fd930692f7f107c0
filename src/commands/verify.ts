import { readFile } from 'node:fs/promises';
import type { Client } from '../client/client.ts';
import { CommandFailure, type Given } from './command.ts';
import { telling } from './connection.ts';
import { readSigning } from './signing.ts';

export async function verify(given: Given): Promise<number> {
  const signature = await readSignature(given.values.signature ?? '');
  let requestId = '';
  const { client, request } = await readSigning(
    given,
    telling((id) => (requestId = id)),
  );
  const { signature_valid: verdict } = await client.kms.verify({ ...request, signature });
  process.stdout.write(`${verdict === 'true' ? 'valid' : 'invalid'}\n`);
  if (verdict === 'true') return 0;
  process.stderr.write(await whyInvalid(client, requestId));
  return 1;
}

/** The cause where it is found, and how to learn more; nothing where the journal does not have the request. */
async function whyInvalid({ emulator }: Client, requestId: string): Promise<string> {
  const explanation = await emulator.explainRequest({ request_id: requestId }).catch(() => undefined);
  if (explanation === undefined) return '';
  const cause = explanation.kms?.cause ?? 'why is not known';
  return `${cause} (more: signet explain --request-id ${requestId})\n`;
}

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** In Base64. A file has it as `signet sign` prints it, or as bytes; what is no file is the signature itself. */
async function readSignature(fileOrText: string): Promise<string> {
  const bytes = await readFile(fileOrText).catch(() => undefined);
  const text = bytes === undefined ? fileOrText : bytes.toString('latin1').replaceAll(/\s+/g, '');
  if (base64.test(text)) return text;
  if (bytes === undefined) throw new CommandFailure(`--signature: ${fileOrText} is neither a file nor Base64`);
  return bytes.toString('base64');
}
