/**
 * The file with the master key of a state in a file: `<file>.key`. A new key is first written beside it, as `<file>.key.new`, and takes its
 * place once what it sealed is committed. Whatever happens in between, the key that fits is in one of the two.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { parseMasterKey } from '../crypto/sealing.ts';
import { StoreUnusable } from './engine.ts';
import { codeOf } from './sqlite-troubles.ts';

export const comingFile = (keyFile: string): string => `${keyFile}.new`;

const isThere = (file: string): boolean => statSync(file, { throwIfNoEntry: false }) !== undefined;

/**
 * Undefined where there is none; another process may take it away at any time.
 * @throws StoreUnusable when others may read it, or it has no key in it
 */
export function readKeyFile(file: string): Uint8Array | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    if (process.platform !== 'win32' && fstatSync(descriptor).mode & 0o077) {
      throw new StoreUnusable(`Others may read the master key in ${file}: chmod 600 it`);
    }
    return parseMasterKey(readFileSync(descriptor, 'utf8'));
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    if (cause instanceof StoreUnusable) throw cause;
    const message = `${file} does not give a master key: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new StoreUnusable(message, { cause });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Writes the coming key, whole or not at all. @throws StoreUnusable */
export function writeComingKey(keyFile: string, key: Uint8Array): void {
  const draft = `${keyFile}.${randomBytes(6).toString('hex')}`;
  try {
    const descriptor = openSync(draft, 'wx', 0o600);
    writeFileSync(descriptor, `${Buffer.from(key).toString('base64')}\n`);
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(draft, comingFile(keyFile));
    fsyncFolder(keyFile);
  } catch (cause) {
    throw new StoreUnusable(`The key file ${keyFile} cannot be made; give a master key instead`, { cause });
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The coming key has come. */
export function promoteKey(keyFile: string): void {
  try {
    renameSync(comingFile(keyFile), keyFile);
  } catch (error) {
    // Another process was faster.
    if (isThere(comingFile(keyFile)) || !isThere(keyFile)) throw error;
  }
  fsyncFolder(keyFile);
}

/** So that the name is there after a loss of power, too; not every system has that. */
function fsyncFolder(file: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(dirname(file), 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
