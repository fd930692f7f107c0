/** The key material of a snapshot: it parses, and fits its key. */
import { keySpecs, type KeyMaterial, type KeySpec } from '../../crypto/key-specs.ts';
import type { Key, Material } from '../../store/store.ts';
import type { Path } from '../seeds/seed-mistakes.ts';
import type { KeyEntry, MaterialEntry } from './snapshot-format.ts';
import { SnapshotMistake } from './snapshot-mistakes.ts';
import { derOf } from './snapshot-values.ts';

/** Checks a private key and derives its public half; throws an Error that says what is wrong with it. */
export type ImportMaterial = (spec: KeySpec, secret: Uint8Array) => KeyMaterial;

/** For material that was checked before it was kept: a trial signature of each key takes longer than all the rest. */
export const asItIs: ImportMaterial = (_spec, secret) => ({ secret, publicKey: null });

/** Every method throws SnapshotMistake. */
export class Materials {
  readonly #import: ImportMaterial;

  constructor(importMaterial: ImportMaterial) {
    this.#import = importMaterial;
  }

  /** All that a key has. */
  read({ spec: name, materials = [] }: KeyEntry, key: Key, path: Path): readonly Material[] {
    const spec = keySpecs[name];
    const versions = materials.map(({ version }) => version);
    if (new Set(versions).size < versions.length) {
      throw new SnapshotMistake([...path, 'materials'], 'a version stands there twice');
    }
    if (versions.reduce((one, other) => Math.max(one, other), 0) !== key.materialVersion) {
      throw new SnapshotMistake([...path, 'material_version'], 'must be the greatest version of the materials');
    }
    return materials.map((entry, index) => {
      const { secret, publicKey } = this.#one(entry, spec, [...path, 'materials', index]);
      const isOfKey = publicKey === null || (key.publicKey !== null && Buffer.compare(publicKey, key.publicKey) === 0);
      if (!isOfKey) throw new SnapshotMistake([...path, 'public_key_pem'], 'belongs to another private key');
      return { keyId: key.id, version: entry.version, secret };
    });
  }

  /** From PKCS#8 in PEM. */
  privateKey(text: string, spec: KeySpec, path: Path): KeyMaterial {
    const der = derOf('PRIVATE KEY', text);
    if (der === undefined) throw new SnapshotMistake(path, 'must be a private key in PEM: PKCS#8');
    return this.#imported(der, spec, path);
  }

  #one({ private_key_pem: pem, secret_hex: hex }: MaterialEntry, spec: KeySpec, path: Path): KeyMaterial {
    const isPair = spec.kind === 'asymmetric';
    if (isPair && pem !== undefined && hex === undefined) {
      return this.privateKey(pem, spec, [...path, 'private_key_pem']);
    }
    if (!isPair && hex !== undefined && pem === undefined) {
      return this.#imported(Buffer.from(hex, 'hex'), spec, [...path, 'secret_hex']);
    }
    const field = isPair ? 'private_key_pem' : 'secret_hex';
    throw new SnapshotMistake(path, `the material of ${spec.name} is given by ${field}`);
  }

  #imported(secret: Uint8Array, spec: KeySpec, path: Path): KeyMaterial {
    try {
      return this.#import(spec, secret);
    } catch (error) {
      throw new SnapshotMistake(path, error instanceof Error ? error.message : String(error));
    }
  }
}

/** SubjectPublicKeyInfo, DER; null where there is no text. @throws SnapshotMistake */
export function readPublicKey(text: string | undefined, path: Path): Uint8Array | null {
  if (text === undefined) return null;
  const der = derOf('PUBLIC KEY', text);
  if (der === undefined) throw new SnapshotMistake(path, 'must be a public key in PEM');
  return der;
}
