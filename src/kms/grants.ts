/** Grants: what an account lets others do with its keys. */
import type { ProjectCaller } from '../contract/caller.ts';
import { randomHex } from '../crypto/random-hex.ts';
import { ServiceError } from '../errors.ts';
import { isDefaultKey, type Grant, type Key, type Page, type Principals, type Store } from '../store/store.ts';
import { kmsRefusals as refusals } from './errors.ts';
import type { GrantedOperation, KeyFinder } from './key-finder.ts';
import { holdKey } from './key-hold.ts';
import { assertEnabled } from './key-states.ts';

/** Source: https://docs.otc.t-systems.com/key-management-service/umn/key_management_service/managing_a_grant/creating_a_grant.html */
export const GRANTS_OF_A_KEY = 100;

export interface GrantsOptions {
  readonly store: Store;
  readonly finder: KeyFinder;
  readonly now: () => number;
  readonly newId: () => string;
}

export interface GrantRequest extends Pick<Grant, 'keyId' | 'name' | 'grantee' | 'granteeType' | 'retiringPrincipal'> {
  readonly operations: readonly GrantedOperation[];
}

/** Every method throws ServiceError with a refusal of the KMS. */
export class Grants {
  readonly #store: Store;
  readonly #finder: KeyFinder;
  readonly #now: () => number;
  readonly #newId: () => string;

  constructor({ store, finder, now, newId }: GrantsOptions) {
    this.#store = store;
    this.#finder = finder;
    this.#now = now;
    this.#newId = newId;
  }

  /** Whether there is such a grantee or retiring principal is not asked: they may be of another account. */
  async create(caller: ProjectCaller, request: GrantRequest): Promise<Grant> {
    const operations = [...new Set(request.operations)];
    const grant: Grant = {
      ...request,
      id: randomHex(this.#newId, 64),
      operations,
      issuer: caller.user.id,
      createdAt: this.#now(),
    };
    const found = await this.#finder.resolve(caller, request.keyId, 'create-grant');
    return holdKey(this.#store, found, async ({ grants }, key) => {
      assertEnabled(key);
      if (isDefaultKey(key)) throw new ServiceError(refusals.defaultKey);
      if (key.projectId !== caller.project.id) {
        // Also asks again for the right to grant: nobody takes that away from here on.
        const own = (await grants.held(key.id, principalsOf(caller))).flatMap((held) => held.operations);
        if (!['create-grant', ...operations].every((operation) => own.includes(operation))) {
          throw new ServiceError(refusals.keyForbidden);
        }
      }
      if (operations.every((operation) => operation === 'create-grant')) {
        throw new ServiceError(refusals.createGrantAlone);
      }
      const { total } = await grants.list(key.id, 0, 0);
      if (total >= GRANTS_OF_A_KEY) throw new ServiceError(refusals.tooManyGrants);
      await grants.add(grant);
      return grant;
    });
  }

  /** For those whose key it is, and for the issuer. What the grantee has passed on stays. */
  async revoke(caller: ProjectCaller, keyId: string, grantId: string): Promise<void> {
    const { key, grant } = await this.#find(caller, keyId, grantId);
    const mayRevoke = key.projectId === caller.project.id || grant.issuer === caller.user.id;
    await this.#remove(grant, mayRevoke);
  }

  /**
   * For the issuer, for the retiring principal, and for a grantee who may.
   * Source: https://docs.otc.t-systems.com/key-management-service/api-ref/apis/key_management_service/cmk_management/retiring_a_grant.html
   */
  async retire(caller: ProjectCaller, keyId: string, grantId: string): Promise<void> {
    const { grant } = await this.#find(caller, keyId, grantId);
    const by = principalsOf(caller);
    const mayRetire =
      isIssuerOrRetiring(grant, by) ||
      (grant.grantee === by[grant.granteeType] && grant.operations.includes('retire-grant'));
    await this.#remove(grant, mayRetire);
  }

  async list(projectId: string, keyId: string, offset: number, limit: number): Promise<Page<Grant>> {
    const key = await this.#finder.find(projectId, keyId);
    return this.#store.grants.list(key.id, offset, limit);
  }

  /** The grants, whosever the keys are, of which the caller is the retiring principal. */
  async retirable(caller: ProjectCaller, offset: number, limit: number): Promise<Page<Grant>> {
    await this.#finder.settle();
    return this.#store.grants.retirable(principalsOf(caller), offset, limit);
  }

  /** A grant of a key that is the project's, or that the caller knows by a grant: another account's key does not exist otherwise. */
  async #find(caller: ProjectCaller, keyId: string, grantId: string): Promise<{ key: Key; grant: Grant }> {
    await this.#finder.settle();
    const key = await this.#store.keys.findAnywhere(keyId);
    const grant = await this.#store.grants.find(grantId.toLowerCase());
    if (key === undefined || !(await this.#knows(caller, key, grant))) throw new ServiceError(refusals.noSuchKey);
    if (grant === undefined) throw new ServiceError(refusals.noSuchGrant);
    if (grant.keyId !== key.id) throw new ServiceError(refusals.grantOfOtherKey);
    return { key, grant };
  }

  async #knows(caller: ProjectCaller, { id, projectId }: Key, grant: Grant | undefined): Promise<boolean> {
    const by = principalsOf(caller);
    if (projectId === caller.project.id || (grant?.keyId === id && isIssuerOrRetiring(grant, by))) return true;
    return (await this.#store.grants.held(id, by)).length > 0;
  }

  async #remove({ id }: Grant, isAllowed: boolean): Promise<void> {
    if (!isAllowed) throw new ServiceError(refusals.keyForbidden);
    if (!(await this.#store.grants.remove(id))) throw new ServiceError(refusals.noSuchGrant);
  }
}

const principalsOf = ({ user }: ProjectCaller): Principals => ({ user: user.id, domain: user.domain.id });

const isIssuerOrRetiring = ({ issuer, retiringPrincipal }: Grant, { user, domain }: Principals): boolean =>
  issuer === user || retiringPrincipal === user || retiringPrincipal === domain;
