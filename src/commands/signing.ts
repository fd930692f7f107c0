/** What `signet sign` and `signet verify` have in common: which key, which algorithm, and what is signed. */
import type { Arguments, Client, Fetch } from '../client/client.ts';
import { signingAlgorithms } from '../crypto/signing-algorithms.ts';
import { CommandFailure, type Given } from './command.ts';
import { projectClient } from './connection.ts';
import { readInput } from './input.ts';
import { findKey } from './project-keys.ts';

/** Bytes that the KMS takes. */
const LONGEST_MESSAGE = 4096;

export interface Signing {
  readonly client: Client;
  readonly request: Arguments<'kms.sign'>;
}

export async function readSigning({ words: [file = '-'], values }: Given, fetch?: Fetch): Promise<Signing> {
  const message = await readInput(file);
  if (message.length > LONGEST_MESSAGE)
    throw new CommandFailure(
      `${file} has ${message.length} bytes, and the KMS takes ${LONGEST_MESSAGE}: hand in its digest, with --digest (openssl dgst -sha256 -binary makes one)`,
    );
  const client = await projectClient(values, fetch);
  const { key_id, key_spec } = await findKey(client, values.key ?? '');
  return {
    client,
    request: {
      key_id,
      // What is none is for the KMS to refuse.
      signing_algorithm: (values.algorithm ??
        firstAlgorithm(key_spec, values.digest)) as Signing['request']['signing_algorithm'],
      message_type: values.digest ? 'DIGEST' : 'RAW',
      message: message.toString('base64'),
    },
  };
}

/** The first one of the table for keys of this spec; with a digest, the first one that takes digests. */
function firstAlgorithm(spec: string, isDigest: boolean): string {
  const algorithm = Object.values(signingAlgorithms).find(
    ({ keySpecs, digestLength }) => keySpecs.some((known) => known === spec) && !(isDigest && digestLength === null),
  );
  if (algorithm === undefined) throw new CommandFailure(`no algorithm signs with keys of the spec ${spec}`);
  return algorithm.name;
}
