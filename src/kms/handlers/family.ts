import type { ProjectCaller } from '../../contract/caller.ts';
import type { components } from '../../contract/openapi.ts';
import type { Handlers } from '../../contract/operations.ts';
import type { Signer } from '../../crypto/signer.ts';
import type { Store } from '../../store/store.ts';
import type { KeyFinder } from '../key-finder.ts';
import type { KeyRing } from '../key-ring.ts';

export type Schemas = components['schemas'];

export type KmsHandlers = Handlers<'kms', ProjectCaller>;

/** Some of the KMS's operations, by name. */
export type Family<Name extends keyof KmsHandlers> = Pick<KmsHandlers, Name>;

/** What every family of operations works with. */
export interface KmsContext {
  readonly store: Store;
  readonly finder: KeyFinder;
  readonly keyRing: KeyRing;
  readonly signer: Signer;
  readonly now: () => number;
  /** A UUID, new every time. */
  readonly newId: () => string;
  readonly region: () => string;
  readonly options: KmsOptions;
}

export interface KmsOptions {
  /** How many keys a project may have, in any state. */
  readonly keyQuota: number;
  /** Between the lines of a PEM. */
  readonly lineEnd: string;
  /** Whether RAW with SM2 is signed with the default user id, instead of refused as the vendor does. */
  readonly sm2Raw: boolean;
  /** Whether decrypt-datakey wants the context that a data key was wrapped with, instead of doing without one as well. */
  readonly strictContext: boolean;
}
