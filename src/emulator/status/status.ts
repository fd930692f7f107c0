/** Health, version, and what can be downloaded. */
import type { ContractDocument } from '../../contract/document.ts';
import { refusalOf, ServiceError } from '../../errors.ts';
import { StoreUnreachable, type Store } from '../../store/store.ts';
import { emulatorRefusals as refusals } from '../errors.ts';

export interface StatusOptions {
  readonly store: Store;
  readonly document: ContractDocument;
  readonly isDraining: () => boolean;
  /** PEM; undefined without TLS. */
  readonly caCertificate: string | undefined;
}

/** Milliseconds that the state may take for an answer: an import of some thousand keys keeps a file busy for two seconds. */
const PATIENCE = 5000;

export class Status {
  readonly #options: StatusOptions;

  constructor(options: StatusOptions) {
    this.#options = options;
  }

  get document(): ContractDocument {
    return this.#options.document;
  }

  /** The version of the package; status.test.ts keeps the contract's the same. */
  get version(): string {
    return this.document.info.version;
  }

  /**
   * Whether requests are taken: the state answers, and nobody has asked to stop.
   * @throws ServiceError notReady
   */
  async assertReady(): Promise<void> {
    const { store, isDraining } = this.#options;
    if (isDraining()) throw refusalOf(refusals.notReady, 'it is stopping.');
    const silence = refusalOf(refusals.notReady, 'its state does not answer.');
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(silence), PATIENCE);
    try {
      await Promise.race([store.region(), late.promise]);
    } catch (cause) {
      if (cause instanceof StoreUnreachable) throw refusalOf(refusals.notReady, 'its state cannot be reached.');
      // Busy for so long is no fault that a log should tell of.
      throw cause === silence ? silence : new ServiceError(refusals.notReady, silence.message, { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  /** PEM. @throws ServiceError noTls */
  caCertificate(): string {
    const { caCertificate } = this.#options;
    if (caCertificate === undefined) throw new ServiceError(refusals.noTls);
    return caCertificate;
  }
}
