/** The state of a Signet over HTTP, and what of it tests look at. */
import { createPublicKey, verify } from 'node:crypto';
import type { components } from '../../src/contract/openapi.ts';
import type { StateFile } from '../../src/emulator/states/snapshot-format.ts';
import { send, type Answer } from '../support/http.ts';
import { base64, bytesOf, kmsClient, type KmsClient } from '../support/kms.ts';

export type Snapshot = components['schemas']['Snapshot'];

export interface StateClient {
  readonly reset: (body?: unknown) => Promise<Answer>;
  readonly export: (body?: unknown) => Promise<Answer>;
  /** The text of an export of everything, as a file has it. */
  readonly text: () => Promise<string>;
  readonly import: (snapshot: object, passphrase?: string) => Promise<Answer>;
}

export function stateClient(url: string): StateClient {
  const exported = (body?: unknown) => send(url, 'post', '/_signet/state/export', { body });
  return {
    reset: (body) => send(url, 'post', '/_signet/reset', { body }),
    export: exported,
    text: async () => (await exported()).text,
    import: (snapshot, passphrase) =>
      send(url, 'post', '/_signet/state/import', {
        body: { ...snapshot, ...(passphrase !== undefined && { passphrase }) },
      }),
  };
}

export const parsed = (text: string): Snapshot => JSON.parse(text) as Snapshot;

export const stateOf = (text: string): StateFile => (JSON.parse(text) as { readonly state: StateFile }).state;

/** Whatever the type says: to make wrong ones of it. */
export const changed = (text: string, change: (state: StateFile) => void): Snapshot => {
  const snapshot = parsed(text);
  change(snapshot.state as unknown as StateFile);
  return snapshot;
};

const message = Buffer.from('what is signed');

/** A signature of P-256 over a message that is always the same. */
export async function signature(kms: KmsClient, keyId: string): Promise<Buffer> {
  const body = { key_id: keyId, message: base64(message), signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW' };
  return bytesOf((await kms.ask('sign', body)).signature);
}

export const publicKey = async (kms: KmsClient, keyId: string): Promise<string> =>
  (await kms.ask('get-publickey', { key_id: keyId })).public_key;

/** Whether Node's own crypto finds that this public key made the signature. */
export const isValid = (pem: string, made: Buffer): boolean => verify('sha256', message, createPublicKey(pem), made);

export const aliasesOf = async (url: string, caller?: Parameters<typeof kmsClient>[1]): Promise<readonly string[]> =>
  (await kmsClient(url, caller).ask('list-keys', { limit: '100' })).key_details
    .map(({ key_alias: alias }) => alias)
    .toSorted();
