import type { Given } from './command.ts';
import { adminClient } from './connection.ts';
import type { Values } from './options.ts';
import { sdkVariables, type Identity } from './sdk-variables.ts';

/** That of seeds/default.yaml, which everybody knows. */
const publicIdentity: Identity = {
  region: 'eu-de',
  domain: { name: 'OTC00000000001000000001' },
  project: { id: 'f0e1d2c3b4a5968778695a4b3c2d1e0f', name: 'eu-de' },
  user: { name: 'signet', password: 'signet' },
  token: 'signet-token',
  access_key: { access: 'SIGNETACCESSKEY00001', secret: 'SignetSecretAccessKeyForLocalUseOnly0001' },
};

/** Quoted, but for files that are read line by line (docker --env-file, GITHUB_ENV): they would take quotes for a part of the value. */
const shells: Readonly<Record<NonNullable<Values['shell']>, (name: string, value: string) => string>> = {
  sh: (name, value) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`,
  fish: (name, value) => `set -gx ${name} '${value.replaceAll(/['\\]/g, String.raw`\$&`)}'`,
  powershell: (name, value) => `$env:${name} = '${value.replaceAll("'", "''")}'`,
  dotenv: (name, value) => `${name}=${/^[\w@%+=:,./-]*$/.test(value) ? value : JSON.stringify(value)}`,
};

export async function env({ values }: Given): Promise<undefined> {
  const { url, shell = 'sh', isolated } = values;
  const identity = isolated ? await adminClient(values).emulator.createProject() : publicIdentity;
  const variables = Object.entries(sdkVariables(url.replace(/\/+$/, ''), identity));
  process.stdout.write(variables.map(([name, value]) => `${shells[shell](name, value)}\n`).join(''));
}
