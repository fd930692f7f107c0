import type { Caller } from '../contract/caller.ts';
import type { RawRequest } from '../contract/raw-request.ts';
import { HIDDEN, isSecretHeader } from '../contract/secret-headers.ts';
import { equalSecrets } from '../crypto/equal-secrets.ts';
import { randomHex } from '../crypto/random-hex.ts';
import {
  canonicalRequest,
  isBodyAsDeclared,
  isSignedWith,
  MalformedSignature,
  parseSdkAuthorization,
  sdkDate,
  signingTime,
} from '../crypto/sdk-hmac.ts';
import { gatewayRefusals, RequestFault, ServiceError } from '../errors.ts';
import type { AccessKey, AccessKeyDetails, Store, UserDetails } from '../store/store.ts';
import { hashToken, ofSomebody } from './tokens.ts';

export interface AccessKeysOptions {
  readonly store: Store;
  readonly now: () => number;
  readonly newId: () => string;
  /** Whether a key is locked for 5 minutes after 5 failures in a row. */
  readonly lock: boolean;
  /** Whether failures are counted; without it, a check leaves no trace. */
  readonly counts?: boolean;
}

/** How far the time of signing may be off, in either direction. */
const SKEW = 15 * 60 * 1000;
const MOST_FAILURES = 5;
const LOCK = 5 * 60 * 1000;
/** For so long an expired key is told from an unknown one. */
const MEMORY = 24 * 60 * 60 * 1000;

/** A temporary key and the security token that must come with it. */
export interface TemporaryKey extends Pick<AccessKey, 'access' | 'secret'> {
  readonly securityToken: string;
  readonly expiresAt: number;
}

/**
 * Access keys and the signatures that are made with them. A refusal is the gateway's, with its texts where they are known; what is wrong
 * with a malformed signature is said in our words.
 * Source: https://support.huaweicloud.com/intl/en-us/apig_faq/apig-faq-100201005.html, and answers seen in public
 */
export class AccessKeys {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #newId: () => string;
  readonly #lock: boolean;
  readonly #counts: boolean;

  constructor({ store, now, newId, lock, counts = true }: AccessKeysOptions) {
    this.#store = store;
    this.#now = now;
    this.#newId = newId;
    this.#lock = lock;
    this.#counts = lock && counts;
  }

  /**
   * Who signed the request, and for which project: the one in its path, or in X-Project-Id.
   * @throws ServiceError 401, RequestFault foreignProject
   */
  async check(request: RawRequest): Promise<Caller> {
    request.checking('access key');
    const authorization = wellFormed(() => parseSdkAuthorization(request.header('authorization')));
    const { access, signedHeaders } = authorization;
    const key = await this.#store.identity.accessKey(access);
    if (key === undefined) throw refused(`ak ${asText(access)} not exist`);
    this.#assertNotLocked(key);
    if (key.securityTokenHash !== null) request.checking('security token');
    this.#assertSecurityToken(key, request.header('x-security-token'));
    request.checking('signing time');
    this.#assertFresh(wellFormed(() => signingTime(request, authorization)));
    if (request.header('x-sdk-content-sha256') !== '') request.checking('body digest');
    if (!isBodyAsDeclared(request))
      throw refused('calc aksk signature fail:the body is not what x-sdk-content-sha256 says');
    request.checking('signature');
    const isRight = isSignedWith(key.secret, request, authorization);
    await this.#remember(key, isRight);
    if (!isRight) {
      const lines = asText(canonicalRequest(withoutSecrets(request), signedHeaders)).replaceAll('\n', '|');
      throw refused(`verify aksk signature fail, canonicalRequest:${lines}`);
    }
    return this.#callerOf(key.user, request);
  }

  /** The user of a permanent access key, when this is its secret. */
  async checkPair(access: string, secret: string): Promise<UserDetails | undefined> {
    const key = await this.#store.identity.accessKey(access);
    if (key?.securityTokenHash !== null || this.#isLocked(key)) return undefined;
    const isRight = equalSecrets(key.secret, secret);
    await this.#remember(key, isRight);
    return isRight ? key.user : undefined;
  }

  /** A new key for this user; `lifetime` in seconds. */
  async issueTemporary(userId: string, lifetime: number): Promise<TemporaryKey> {
    const random = (length: number): string => randomHex(this.#newId, length);
    const now = this.#now();
    await this.#store.identity.removeExpiredAccessKeys(now - MEMORY);
    const key = { access: random(20).toUpperCase(), secret: random(40), expiresAt: now + lifetime * 1000 };
    const securityToken = random(128);
    const owned = { ...key, userId, securityTokenHash: hashToken(securityToken) };
    await ofSomebody(this.#store.identity.addAccessKey(owned));
    return { ...key, securityToken };
  }

  async #callerOf(user: UserDetails, { path, header, checking }: RawRequest): Promise<Caller> {
    const { project_id: inPath } = path;
    const id = inPath ?? header('x-project-id');
    const found = id === '' ? undefined : await this.#store.identity.project(id);
    const project = found?.domain.id === user.domain.id ? found : null;
    if (inPath !== undefined && project === null) {
      checking('admission');
      throw new RequestFault('foreignProject');
    }
    return { user, project, domain: project === null ? user.domain : null };
  }

  #assertNotLocked(key: AccessKeyDetails): void {
    if (this.#isLocked(key)) throw refused('AK access failed to reach the limit,forbidden');
  }

  #isLocked({ lockedUntil }: AccessKeyDetails): boolean {
    return this.#lock && lockedUntil !== null && lockedUntil > this.#now();
  }

  #assertSecurityToken({ access, securityTokenHash, expiresAt }: AccessKeyDetails, given: string): void {
    if (securityTokenHash === null) return;
    if (given === '') throw refused(`ak ${access} not exist`);
    if (!equalSecrets(hashToken(given), securityTokenHash)) throw refused('decrypt token fail');
    if (expiresAt !== null && expiresAt <= this.#now()) throw refused('the securitytoken has expired');
  }

  #assertFresh(signedAt: number): void {
    const now = this.#now();
    if (Math.abs(now - signedAt) <= SKEW) return;
    const times = `signature time:${sdkDate(signedAt)},server time:${sdkDate(now)}`;
    throw refused(`calc aksk signature fail:signature expired, ${times}`);
  }

  /** Counts failures in a row, where that is wanted. */
  async #remember({ access, failures }: AccessKeyDetails, isRight: boolean): Promise<void> {
    if (!this.#counts) return;
    if (!isRight) await this.#store.identity.countFailure(access, MOST_FAILURES, this.#now() + LOCK);
    else if (failures > 0) await this.#store.identity.clearFailures(access);
  }
}

/** As it may be shown: SDKs write what a refusal says into logs. */
const withoutSecrets = ({ header, ...request }: RawRequest): RawRequest => ({
  ...request,
  header: (name) => (isSecretHeader(name) && header(name) !== '' ? HIDDEN : header(name)),
});

const refused = (why: string): ServiceError => {
  const { signatureRefused } = gatewayRefusals;
  return new ServiceError(signatureRefused, `${signatureRefused.text}: ${why}`);
};

function wellFormed<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof MalformedSignature ? refused(`calc aksk signature fail:${asText(error.message)}`) : error;
  }
}

/** Bytes of a request's head as the text that the client meant. */
const asText = (bytes: string): string => Buffer.from(bytes, 'latin1').toString();
