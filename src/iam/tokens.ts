import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { randomHex } from '../crypto/random-hex.ts';
import { RequestFault, ServiceError, type Refusal } from '../errors.ts';
import { OwnerGone, type Store, type Token, type TokenDetails } from '../store/store.ts';
import type { Proof } from './credentials.ts';

export interface TokensOptions {
  readonly store: Store;
  readonly now: () => number;
  readonly newId: () => string;
  /** Seconds. */
  readonly lifetime: number;
  /** Hashes of tokens that stay when they have expired: those of the seed, which may have been made for that. */
  readonly lasting: () => readonly string[];
}

/** For so long an expired token is told from an unknown one; and so often the older ones are removed. */
const MEMORY = 24 * 60 * 60 * 1000;
const SWEEP = 60 * 60 * 1000;

/** An issued token: the secret that the client gets once, and what it stands for. */
export interface IssuedToken {
  readonly secret: string;
  readonly details: TokenDetails;
}

/** What a token is for. */
export type Scope = Pick<Token, 'projectId' | 'domainId'>;

/** The form in which tokens are stored: lower-case hex SHA-256. Looking one up by it takes the same time for every wrong token. */
export const hashToken = (secret: string): string => bytesToHex(sha256(utf8ToBytes(secret)));

/** A credential for a user who was removed meanwhile is none. @throws RequestFault tokenInvalid */
export async function ofSomebody(adding: Promise<void>): Promise<void> {
  try {
    await adding;
  } catch (error) {
    throw error instanceof OwnerGone ? new RequestFault('tokenInvalid') : error;
  }
}

/** Tokens: opaque, revocable, valid for a day unless set otherwise. */
export class Tokens {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #newId: () => string;
  readonly #lifetime: number;
  readonly #lasting: () => readonly string[];
  #nextSweep = 0;

  constructor({ store, now, newId, lifetime, lasting }: TokensOptions) {
    this.#store = store;
    this.#now = now;
    this.#newId = newId;
    this.#lifetime = lifetime * 1000;
    this.#lasting = lasting;
  }

  /** @throws RequestFault tokenInvalid or tokenExpired */
  async check(secret: string): Promise<TokenDetails> {
    const details = await this.#store.tokens.find(hashToken(secret));
    if (details === undefined) throw new RequestFault('tokenInvalid');
    if (details.expiresAt !== null && details.expiresAt <= this.#now()) throw new RequestFault('tokenExpired');
    return details;
  }

  /** As `check`, for a token that is not the request's own credential. @throws ServiceError with this refusal */
  async checkOr(refusal: Refusal, secret: string): Promise<TokenDetails> {
    try {
      return await this.check(secret);
    } catch (error) {
      throw error instanceof RequestFault ? new ServiceError(refusal) : error;
    }
  }

  /** The token does not outlive the proof, which may be another token. */
  async issue({ user, expiresAt, assumedBy }: Proof, scope: Scope, methods: readonly string[]): Promise<IssuedToken> {
    const secret = randomHex(this.#newId, 64);
    const issuedAt = this.#now();
    // The clock may have been ahead, and have come back.
    if (issuedAt >= this.#nextSweep || issuedAt < this.#nextSweep - SWEEP) {
      this.#nextSweep = issuedAt + SWEEP;
      await this.#store.tokens.removeExpired(issuedAt - MEMORY, this.#lasting());
    }
    const hash = hashToken(secret);
    const end = Math.min(issuedAt + this.#lifetime, expiresAt ?? Infinity);
    const token = { ...scope, hash, userId: user.id, methods, issuedAt, expiresAt: end, assumedBy };
    await ofSomebody(this.#store.tokens.add(token));
    const details = await this.#store.tokens.find(hash);
    if (details === undefined) throw new Error('A new token is not in the store.');
    return { secret, details };
  }

  /** True when there was one to revoke. */
  revoke(secret: string): Promise<boolean> {
    return this.#store.tokens.remove(hashToken(secret));
  }
}
