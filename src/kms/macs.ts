import { equalSecrets } from '../crypto/equal-secrets.ts';
import { keySpecs, type KeySpecName } from '../crypto/key-specs.ts';
import type { MacAlgorithm } from '../crypto/mac-algorithms.ts';
import { ServiceError } from '../errors.ts';
import type { Key, Store } from '../store/store.ts';
import { kmsRefusals as refusals } from './errors.ts';
import { assertEnabled } from './key-states.ts';
import { materialInUse } from './materials.ts';
import { assertMessage } from './messages.ts';

/** Message authentication codes under the HMAC keys of the store. Every method throws ServiceError with a refusal of the KMS. */
export class Macs {
  readonly #store: Store;

  constructor({ store }: { readonly store: Store }) {
    this.#store = store;
  }

  /** Lower-case hex. */
  async generate(key: Key, algorithm: MacAlgorithm, message: Uint8Array): Promise<string> {
    assertComputes(key, algorithm);
    assertMessage(message);
    const mac = algorithm.compute(await materialInUse(this.#store, key), message);
    return Buffer.from(mac).toString('hex');
  }

  /** @param mac hex of any length, in either case */
  async verify(key: Key, algorithm: MacAlgorithm, message: Uint8Array, mac: string): Promise<boolean> {
    return equalSecrets(await this.generate(key, algorithm, message), mac.toLowerCase());
  }
}

/** In the vendor's order: state, kind of key, algorithm. */
function assertComputes(key: Key, algorithm: MacAlgorithm): void {
  assertEnabled(key);
  const { kind, name } = keySpecs[key.spec as KeySpecName];
  if (kind === 'symmetric') throw new ServiceError(refusals.symmetricKey);
  if (kind === 'asymmetric') throw new ServiceError(refusals.asymmetricKey);
  if (algorithm.keySpec !== name) throw new ServiceError(refusals.invalidParameter);
}
