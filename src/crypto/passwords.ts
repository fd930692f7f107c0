/**
 * Passwords as they are stored: scrypt (RFC 7914) in the text form of the PHC string format,
 * `$scrypt$ln=12,r=8,p=1$<salt>$<hash>`, both in Base64 without padding.
 *
 * The cost is modest on purpose: N = 2^12, r = 8 takes 4 MiB and about 8 ms of a pool thread. Signet guards throw-away identities
 * and its tests log in all the time; the hash keeps a leaked state file from showing passwords, and the stored form carries its
 * own parameters, so a higher cost can come without a change of format.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { onPool } from './thread-pool.ts';

interface Cost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

const cost: Cost = { logN: 12, r: 8, p: 1 };
/** N * r * p of what a core does in a millisecond. */
const STEPS_PER_MILLISECOND = 4096;
const saltBytes = 16;
const hashBytes = 32;
const stored = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/-]+)\$([\w+/-]+)$/;

/** A hash that no known password has; checking against it takes as long as against any other. */
export const nobodysPassword = `$scrypt$ln=${cost.logN},r=${cost.r},p=${cost.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** Salted: the same password gives another text every time. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await derive(password, salt, cost, hashBytes);
  return `$scrypt$ln=${cost.logN},r=${cost.r},p=${cost.p}$${unpadded(salt)}$${unpadded(hash)}`;
}

/**
 * Compares in constant time.
 * @throws Error when `hash` is not one that hashPassword made
 */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [, logN, r, p, salt, expected] = stored.exec(hash) ?? [];
  if (salt === undefined || expected === undefined) throw new Error('A stored password is not in the form $scrypt$…');
  const wanted = Buffer.from(expected, 'base64');
  const found = await derive(
    password,
    Buffer.from(salt, 'base64'),
    { logN: Number(logN), r: Number(r), p: Number(p) },
    wanted.length,
  );
  return timingSafeEqual(found, wanted);
}

/** @throws Overloaded when too many are wanted at once */
async function derive(password: string, salt: Uint8Array, { logN, r, p }: Cost, length: number): Promise<Buffer> {
  const cost = (2 ** logN * r * p) / STEPS_PER_MILLISECOND;
  return onPool<Buffer>(cost, (done) => {
    scrypt(password.normalize('NFC'), salt, length, { N: 2 ** logN, r, p }, done);
  });
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
