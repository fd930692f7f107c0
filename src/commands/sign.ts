import type { Given } from './command.ts';
import { readSigning } from './signing.ts';

export async function sign(given: Given): Promise<undefined> {
  const { client, request } = await readSigning(given);
  const { signature } = await client.kms.sign(request);
  process.stdout.write(given.values.raw ? Buffer.from(signature, 'base64') : `${signature}\n`);
}
