import type { DiagnosisThreads } from '../crypto/diagnosis/diagnosis-thread.ts';
import type { Signer } from '../crypto/signer.ts';
import type { Store } from '../store/store.ts';
import { aliasHandlers } from './handlers/aliases.ts';
import { dataHandlers } from './handlers/data.ts';
import { dataKeyHandlers } from './handlers/data-keys.ts';
import { grantHandlers } from './handlers/grants.ts';
import { importHandlers } from './handlers/imports.ts';
import { keyHandlers } from './handlers/keys.ts';
import { keyPairHandlers } from './handlers/key-pairs.ts';
import { keystoreHandlers } from './handlers/keystores.ts';
import { macHandlers } from './handlers/macs.ts';
import { quotaHandlers } from './handlers/quotas.ts';
import { rotationHandlers } from './handlers/rotation.ts';
import { signingHandlers } from './handlers/signing.ts';
import { tagHandlers } from './handlers/tags.ts';
import type { KmsHandlers, KmsOptions, Schemas } from './handlers/family.ts';
import { versionHandlers } from './handlers/versions.ts';
import { DueKeys } from './due-keys.ts';
import type { Explain } from './explanations/explanations.ts';
import { KeyFinder } from './key-finder.ts';
import { KeyRing } from './key-ring.ts';

export interface KmsServiceOptions {
  readonly store: Store;
  readonly signer: Signer;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A UUID, new every time. */
  readonly newId: () => string;
  readonly region: () => string;
  readonly options: KmsOptions;
  /** What `GET /` lists: this service and its neighbours on the same port. */
  readonly versions: readonly ((baseUrl: string) => Schemas['Version'])[];
}

export interface KmsService {
  readonly handlers: KmsHandlers;
  /** What falls due by the clock. */
  readonly due: DueKeys;
  /** What a request to sign or to verify came to, and why; changes nothing. */
  readonly explain: Explain;
  /** Ends what explanations still look for. */
  readonly close: () => Promise<void>;
}

/** Every operation of the KMS, by families. */
export function kmsService({ versions, ...given }: KmsServiceOptions): KmsService {
  const { store, now, newId, options } = given;
  const finder = new KeyFinder({ store, now });
  const keyRing = new KeyRing({ store, finder, now, newId, quota: options.keyQuota });
  const context = { ...given, finder, keyRing };
  const { signer } = given;
  const { sm2Raw } = options;
  let threads: DiagnosisThreads | undefined;
  const explain: Explain = async (...asked) => {
    const { DiagnosisThreads: Threads } = await import('../crypto/diagnosis/diagnosis-thread.ts');
    const { Explanations } = await import('./explanations/explanations.ts');
    threads ??= new Threads();
    return new Explanations({ store, finder, signer, sm2Raw, threads }).explain(...asked);
  };
  const handlers: KmsHandlers = {
    ...keyHandlers(context),
    ...signingHandlers(context),
    ...dataHandlers(context),
    ...dataKeyHandlers(context),
    ...macHandlers(context),
    ...importHandlers(context),
    ...rotationHandlers(context),
    ...grantHandlers(context),
    ...tagHandlers(context),
    ...aliasHandlers(context),
    ...quotaHandlers(context),
    ...keyPairHandlers(context),
    ...keystoreHandlers(context),
    ...versionHandlers(versions),
  };
  return { handlers, due: new DueKeys(store), explain, close: async () => threads?.close() };
}
