/** A state under a passphrase: scrypt (RFC 7914) makes the key, AES-256-GCM seals. */
import { randomBytes, scrypt } from 'node:crypto';
import { onPool } from '../../crypto/thread-pool.ts';
import { createSealing, masterKeyBytes, SealBroken } from '../../crypto/sealing.ts';
import { ServiceError } from '../../errors.ts';
import { emulatorRefusals as refusals } from '../errors.ts';
import type { SealedState } from './snapshot-format.ts';
import { SnapshotMistake } from './snapshot-mistakes.ts';
import { isBase64 } from './snapshot-values.ts';

const cipher = 'aes-256-gcm';
/** 32 MiB and about 80 ms. */
const kdf = 'scrypt$ln=15,r=8,p=1';
const kdfForm = /^scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d)$/;
const saltBytes = 16;
/** Of a file from elsewhere. */
const mostMemory = 128 * 1024 * 1024;
const mostPasses = 4;
/** What 32 MiB take a core. */
const millisecondsPerMiB = 2.5;

type Header = Pick<SealedState, 'kdf' | 'salt' | 'cipher'>;

/** @param version of the format; sealed with the rest of what stands around the data */
export async function sealState(json: string, passphrase: string, version: number): Promise<SealedState> {
  const header = { kdf, salt: randomBytes(saltBytes).toString('base64'), cipher };
  const sealing = createSealing(await keyOf(passphrase, header));
  const data = Buffer.from(sealing.seal(Buffer.from(json), contextOf(header, version))).toString('base64');
  return { ...header, data };
}

/**
 * The JSON that was sealed.
 * @throws SnapshotMistake when it is sealed in another way, ServiceError when this passphrase does not open it
 */
export async function openState(sealed: SealedState, passphrase: string | undefined, version: number): Promise<string> {
  if (passphrase === undefined) throw new ServiceError(refusals.wrongPassphrase);
  if (sealed.cipher !== cipher) throw new SnapshotMistake(['sealed', 'cipher'], `must be ${cipher}`);
  for (const field of ['salt', 'data'] as const) {
    if (!isBase64(sealed[field])) throw new SnapshotMistake(['sealed', field], 'must be Base64');
  }
  const key = await keyOf(passphrase, sealed);
  try {
    const opened = createSealing(key).open(Buffer.from(sealed.data, 'base64'), contextOf(sealed, version));
    return Buffer.from(opened).toString();
  } catch (cause) {
    throw cause instanceof SealBroken ? new ServiceError(refusals.wrongPassphrase) : cause;
  }
}

/** @throws Overloaded when too many are wanted at once */
async function keyOf(passphrase: string, header: Header): Promise<Uint8Array> {
  const [, ln = NaN, r = NaN, p = NaN] = (kdfForm.exec(header.kdf) ?? []).map(Number);
  const memory = 128 * 2 ** ln * r;
  // RFC 7914 6: N < 2^(128 r / 8).
  const isScrypt = ln >= 10 && r >= 1 && p >= 1 && ln < 16 * r;
  const isBearable = isScrypt && memory <= mostMemory && p <= mostPasses;
  if (!isBearable) {
    throw new SnapshotMistake(['sealed', 'kdf'], `must be like ${kdf}, with 128 MiB and ${mostPasses} passes at most`);
  }
  const cost = { N: 2 ** ln, r, p, maxmem: 2 * mostMemory };
  const salt = Buffer.from(header.salt, 'base64');
  return onPool<Buffer>((memory / 2 ** 20) * p * millisecondsPerMiB, (done) => {
    scrypt(passphrase.normalize('NFC'), salt, masterKeyBytes, cost, done);
  });
}

const contextOf = ({ kdf: derivation, salt, cipher: name }: Header, version: number): string =>
  `snapshot ${version} ${derivation} ${salt} ${name}`;
