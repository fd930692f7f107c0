import { lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { configBlock, makeOciKeyPair, type ConfigProfile } from '../crypto/oci/key-pairs.ts';
import { CommandFailure, type Given } from './command.ts';

/** As the vendor's documents name them. */
const PRIVATE_KEY = 'oci_api_key.pem';
const PUBLIC_KEY = 'oci_api_key_public.pem';

/** Whose seeds/default.yaml has the first key of. */
const publicUser = {
  tenancy: 'ocid1.tenancy.oc1..aaaaaaaasignetpublictesttenancyaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  user: 'ocid1.user.oc1..aaaaaaaasignetpublictestuseraaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
} as const;

/** Prints what can be appended to ~/.oci/config as it is. */
export async function ociKeygen({ values }: Given): Promise<undefined> {
  const { bits = '2048', format = 'pkcs8', passphrase, out, force } = values;
  const privateFile = resolve(out, PRIVATE_KEY);
  const publicFile = resolve(out, PUBLIC_KEY);
  if (!force) await refuseToOverwrite([privateFile, publicFile]);
  const encryption = passphrase === undefined ? {} : { passphrase };
  const pair = await makeOciKeyPair({ bits: Number(bits), format, label: !values['no-label'], ...encryption });
  const config = configFor(values, { fingerprint: pair.fingerprint, keyFile: privateFile, ...encryption });
  await mkdir(out, { recursive: true, mode: 0o700 });
  await write(privateFile, pair.privateKeyPem, { mode: 0o600, force });
  await write(publicFile, pair.publicKeyPem, { mode: 0o644, force });
  process.stdout.write(`# Public key, to be uploaded: ${publicFile}\n${config}`);
}

function configFor(
  { tenancy = publicUser.tenancy, user = publicUser.user, region }: Given['values'],
  key: Pick<ConfigProfile, 'fingerprint' | 'keyFile' | 'passphrase'>,
): string {
  try {
    return configBlock({ tenancy, user, region, ...key });
  } catch (error) {
    throw error instanceof RangeError ? new CommandFailure(error.message) : error;
  }
}

async function refuseToOverwrite(files: readonly string[]): Promise<void> {
  const found: string[] = [];
  for (const file of files) if (await lstat(file).then(() => true, isNoSuchFile)) found.push(file);
  if (found.length > 0)
    throw new CommandFailure(
      `${found.join(' and ')} ${found.length > 1 ? 'are' : 'is'} there already; --force overwrites`,
    );
}

/** False where it is not there; any other trouble is one. */
function isNoSuchFile(error: NodeJS.ErrnoException): false {
  if (error.code !== 'ENOENT') throw error;
  return false;
}

/** A new file, also in the place of an old one: its mode and its links would stay. */
async function write(file: string, content: string, { mode, force }: { mode: number; force: boolean }) {
  if (force) await rm(file, { force });
  await writeFile(file, content, { mode, flag: 'wx' });
}
