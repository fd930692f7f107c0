import type { Answer, Client } from '../client/client.ts';
import { CommandFailure } from './command.ts';

export type KeyDetails = Answer<'kms.describeKey'>['key_info'];

/** All keys, the newest one first. */
export async function* projectKeys({ kms }: Client): AsyncGenerator<KeyDetails, undefined> {
  let marker: string | undefined;
  do {
    const page = await kms.listKeys({ marker });
    yield* page.key_details;
    marker = page.next_marker;
  } while (marker !== '');
}

const reference = /^([0-9a-z]{8}(-[0-9a-z]{4}){3}-[0-9a-z]{12}|alias\/.+|kms:.+)$/;

/** By id, alias or the URN of an alias, as the KMS takes them; by name too, which the KMS does not. */
export async function findKey(client: Client, key: string): Promise<KeyDetails> {
  if (reference.test(key)) return (await client.kms.describeKey({ key_id: key })).key_info;
  for await (const details of projectKeys(client)) if (details.key_alias === key) return details;
  throw new CommandFailure(`the project has no key that is named ${key}`);
}
