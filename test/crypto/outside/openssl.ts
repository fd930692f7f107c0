import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SigningAlgorithm } from '../../../src/crypto/signing-algorithms.ts';
import type { TestKey } from '../test-keys.ts';
import type { Outside } from './outside.ts';

type Files = Readonly<Record<string, Uint8Array | string>>;

/**
 * Runs the system's openssl in a folder of its own that holds `files`.
 * @returns what it left in the file `out`
 * @throws when it exits with an error
 */
export function openssl(args: readonly string[], files: Files): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'signet-openssl-'));
  try {
    for (const [name, content] of Object.entries({ out: '', ...files })) writeFileSync(join(folder, name), content);
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
    return readFileSync(join(folder, 'out'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whether openssl exits well, which is how it reports a valid signature. */
export function opensslAgrees(args: readonly string[], files: Files): boolean {
  try {
    openssl(args, files);
    return true;
  } catch {
    return false;
  }
}

const pss = (algorithm: SigningAlgorithm, saltLength: number | 'max') => [
  ...['-sigopt', 'rsa_padding_mode:pss', '-sigopt', `rsa_mgf1_md:${algorithm.hash.name}`],
  ...['-sigopt', `rsa_pss_saltlen:${saltLength}`],
];

/** `openssl dgst`, which signs the hash of a file. */
function dgst(algorithm: SigningAlgorithm, saltLength: number | 'max' = algorithm.hash.length) {
  const padding = algorithm.scheme === 'RSASSA_PSS' ? pss(algorithm, saltLength) : [];
  const options = ['dgst', `-${algorithm.hash.name}`, ...padding];
  return {
    sign: [...options, '-sign', 'key.pem', '-out', 'out', 'message'],
    verify: [...options, '-verify', 'public.pem', '-signature', 'signature', 'message'],
  };
}

/** `openssl pkeyutl -rawin`, for algorithms that need the message itself. */
function pkeyutl(...options: string[]) {
  const message = ['-rawin', '-in', 'message', ...options];
  return {
    sign: ['pkeyutl', '-sign', '-inkey', 'key.pem', ...message, '-out', 'out'],
    verify: ['pkeyutl', '-verify', '-pubin', '-inkey', 'public.pem', ...message, '-sigfile', 'signature'],
  };
}

function argumentsFor(algorithm: SigningAlgorithm) {
  if (algorithm.scheme === 'SM2DSA') return pkeyutl('-digest', 'sm3', '-pkeyopt', 'distid:1234567812345678');
  return algorithm.name === 'ED25519_SHA_512' ? pkeyutl() : dgst(algorithm);
}

/** Everything but Ed25519ph, which OpenSSL has since 3.2 only. */
const covers = ({ scheme }: SigningAlgorithm) => scheme !== 'ED25519_PH';

export const opensslCommand: Outside = {
  name: 'openssl command line',
  signs: covers,
  verifies: covers,
  sign: (algorithm, key, message) => openssl(argumentsFor(algorithm).sign, { 'key.pem': key.privatePem, message }),
  verify: (algorithm, key, message, signature) =>
    opensslAgrees(argumentsFor(algorithm).verify, { 'public.pem': key.publicPem, message, signature }),
};

/** A PSS signature whose salt is not as long as the digest. */
export const signWithSalt = (algorithm: SigningAlgorithm, key: TestKey, message: Uint8Array, salt: number | 'max') =>
  openssl(dgst(algorithm, salt).sign, { 'key.pem': key.privatePem, message });

/** Signs any bytes of the length of a digest, whether or not they are one. */
export const signDigest = (key: TestKey, digest: Uint8Array, ...options: string[]) =>
  openssl(['pkeyutl', '-sign', '-inkey', 'key.pem', '-in', 'digest', '-out', 'out', ...options], {
    'key.pem': key.privatePem,
    digest,
  });

/** Verifies over any bytes of the length of a digest. */
export const verifyDigest = (key: TestKey, digest: Uint8Array, signature: Uint8Array, ...options: string[]) =>
  opensslAgrees(
    ['pkeyutl', '-verify', '-pubin', '-inkey', 'public.pem', '-in', 'digest', '-sigfile', 'signature', ...options],
    { 'public.pem': key.publicPem, digest, signature },
  );
