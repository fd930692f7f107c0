/** The default seed as text, and the keys that stand in it. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export const seedsFolder = new URL('../../seeds/', import.meta.url);
export const defaultText = readFileSync(new URL('default.yaml', seedsFolder), 'utf8');

/** The private key of the key pair with this spec. */
export function pemOf(spec: string): string {
  const { domains } = parse(defaultText) as { domains: { projects: { keys: Record<string, string>[] }[] }[] };
  const pem = domains[0]?.projects[0]?.keys.find((key) => key['spec'] === spec)?.['private_key_pem'];
  if (pem === undefined) throw new Error(`The default seed has no ${spec} in PEM`);
  return pem;
}
