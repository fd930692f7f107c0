import { readFile } from 'node:fs/promises';
import { CommandFailure, type Given } from './command.ts';
import { readSigning } from './signing.ts';

export async function verify(given: Given): Promise<number> {
  const signature = await readSignature(given.values.signature ?? '');
  const { client, request } = await readSigning(given);
  const { signature_valid: verdict } = await client.kms.verify({ ...request, signature });
  process.stdout.write(`${verdict === 'true' ? 'valid' : 'invalid'}\n`);
  return verdict === 'true' ? 0 : 1;
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
