import type { OciCaller } from '../contract/caller.ts';
import type { RawRequest } from '../contract/raw-request.ts';
import { checkOciSignature, ociTexts, type OciRefused } from '../crypto/oci/check-signature.ts';
import type { OciDiagnosis, OciSurroundings } from '../crypto/oci/diagnosis/question.ts';
import type { OciRequest } from '../crypto/oci/signed-request.ts';
import { withMediaTypes } from '../crypto/oci/signing-string.ts';
import { ServiceError } from '../errors.ts';
import type { ApiKeyLookup, StoredKey } from './api-key-lookup.ts';
import { ociRefusals as refusals } from './errors.ts';
import { receivedRequest } from './received-request.ts';

export interface OciAuthenticatorOptions {
  readonly lookup: ApiKeyLookup;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly contentType: 'as-sent' | 'media-type';
  /** Whether a refusal says what is wrong, which the real service keeps to itself. */
  readonly explains: boolean;
  /** What a signature that is wrong may have been made over; undefined: nobody is told, and so it is not looked for. */
  readonly surroundings: Surroundings | undefined;
}

export interface Surroundings {
  /** Names under which clients may know this server. */
  readonly hosts: readonly string[];
  /** What a proxy may have put before a path, or taken away from it. */
  readonly prefixes: readonly string[];
}

/** A request whose signature is right. */
export interface SignedCall {
  readonly caller: OciCaller;
  /** In lower case, in the order in which they were signed. */
  readonly signedHeaders: readonly string[];
  /** What is not as it should be, though nothing is refused for it. */
  readonly warnings: readonly string[];
}

/** A request whose signature is not, or that has none. */
export interface RefusedCall {
  /** Only where the key is known, and somebody is told. */
  readonly diagnosis: OciDiagnosis | undefined;
  /** 401. */
  readonly error: ServiceError;
}

export interface Judging {
  readonly checking: RawRequest['checking'];
  /** The request as the client sent it, where somebody between has changed it. */
  readonly sent?: OciRequest;
}

export interface OciAuthenticator {
  readonly judge: (request: OciRequest, judging: Judging) => Promise<SignedCall | RefusedCall>;
  /** As a signature is checked over it. */
  readonly asVerified: (request: OciRequest) => OciRequest;
  /** @throws ServiceError 401 */
  readonly check: (request: RawRequest) => Promise<SignedCall>;
  /** Who signed. @throws ServiceError 401 */
  readonly authenticate: (request: RawRequest) => Promise<OciCaller>;
}

/** Stored keys that are tried in place of the one that a signature names. */
const OTHER_KEYS = 20;

/** Tells who signed a request with an API key. */
export function makeOciAuthenticator(options: OciAuthenticatorOptions): OciAuthenticator {
  const { lookup, now, contentType, explains, surroundings } = options;
  const asVerified = (request: OciRequest): OciRequest =>
    contentType === 'media-type' ? withMediaTypes(request) : request;

  async function judge(request: OciRequest, { checking, sent }: Judging): Promise<SignedCall | RefusedCall> {
    const at = now();
    let whyNoKey: string | undefined;
    const verdict = await checkOciSignature<StoredKey>(request, {
      ...{ now: at, contentType, checking },
      keyOf: async (id) => {
        const { key, why } = await lookup.find(id, at);
        whyNoKey = why;
        return key;
      },
    });
    if (!verdict.accepted) return refused(request, { at, ...(sent && { sent }) }, verdict, whyNoKey);
    const { key, signedHeaders, warnings } = verdict;
    return { caller: callerOf(key), signedHeaders, warnings };
  }

  async function check(raw: RawRequest): Promise<SignedCall> {
    const judged = await judge(receivedRequest(raw), { checking: raw.checking });
    if ('error' in judged) throw judged.error;
    return judged;
  }

  async function refused(
    request: OciRequest,
    known: Pick<OciSurroundings, 'sent' | 'at'>,
    verdict: OciRefused<StoredKey>,
    whyNoKey: string | undefined,
  ): Promise<RefusedCall> {
    const { check, text } = verdict;
    const told = (check === 'api key' ? whyNoKey : undefined) ?? verdict.why;
    const diagnosis = await diagnosisOf(request, known, verdict);
    const why = diagnosis === undefined ? told : `${told} ${diagnosis.summary}`;
    const message = explains ? `${text.replace(/\.?$/, '.')} ${why}` : text;
    return { diagnosis, error: new ServiceError(refusals.notAuthenticated, message, { why }) };
  }

  /** What the client signed, as far as the signature tells; only where the key is known. */
  async function diagnosisOf(
    request: OciRequest,
    known: Pick<OciSurroundings, 'sent' | 'at'>,
    verdict: OciRefused<StoredKey>,
  ): Promise<OciDiagnosis | undefined> {
    const { text, id } = verdict;
    if (surroundings === undefined || id === undefined || text !== ociTexts.signature) return undefined;
    // Much code, of which a Signet whose clients sign rightly has no need.
    const { diagnoseRefusal } = await import('../crypto/oci/diagnosis/refusal.ts');
    const otherKeys = await lookup.others(id, OTHER_KEYS);
    return diagnoseRefusal({ request, verdict, contentType }, { ...surroundings, ...known, otherKeys });
  }

  return { judge, asVerified, check, authenticate: async (request) => (await check(request)).caller };
}

function callerOf({ details: { user, tenancy, fingerprint } }: StoredKey): OciCaller {
  const domain = { id: tenancy.id, name: tenancy.name };
  const { id, name, isAdministrator } = user;
  return { user: { id, name, domain, permissions: null }, project: null, domain, fingerprint, isAdministrator };
}
