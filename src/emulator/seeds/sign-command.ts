import type { SigningExample } from './seed.ts';

/** A curl command that signs `hello ` with a key of the state, as the vendor's first example does. */
export function signCommand(url: string, { projectId, token, keyId, signingAlgorithm }: SigningExample): string {
  const body = { key_id: keyId, message: 'aGVsbG8g', signing_algorithm: signingAlgorithm, message_type: 'RAW' };
  return [
    `curl -s ${url}/v1.0/${projectId}/kms/sign`,
    `-H ${quoted(`X-Auth-Token: ${token}`)}`,
    `-H 'Content-Type: application/json'`,
    `-d ${quoted(JSON.stringify(body))}`,
  ].join(' ');
}

/** For a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
