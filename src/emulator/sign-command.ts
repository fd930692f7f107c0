import { signingAlgorithms } from '../crypto/signing-algorithms.ts';
import type { SigningExample } from './seed.ts';

/** A curl command that signs `hello ` with a key of the seed, as the vendor's first example does. */
export function signCommand(url: string, { projectId, token, keyId, spec }: SigningExample): string {
  const algorithm = Object.values(signingAlgorithms).find(
    ({ keySpecs, rawByDefault }) => rawByDefault && keySpecs.some((known) => known === spec),
  );
  const body = { key_id: keyId, message: 'aGVsbG8g', signing_algorithm: algorithm?.name, message_type: 'RAW' };
  return [
    `curl -s ${url}/v1.0/${projectId}/kms/sign`,
    `-H ${quoted(`X-Auth-Token: ${token}`)}`,
    `-H 'Content-Type: application/json'`,
    `-d ${quoted(JSON.stringify(body))}`,
  ].join(' ');
}

/** For a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
