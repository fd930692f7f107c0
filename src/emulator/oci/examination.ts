/** An OCI signature looked at as the service does, and then further: what its client signed. */
import type { KeyObject } from 'node:crypto';
import { HIDDEN } from '../../contract/secret-headers.ts';
import { readOciAuthorization, type OciAuthorization } from '../../crypto/oci/authorization.ts';
import { checkOciSignature } from '../../crypto/oci/check-signature.ts';
import type { OciCheck, OciKey, OciVerdict } from '../../crypto/oci/check-signature.ts';
import type { OciDiagnosis, OciSurroundings, OtherKey } from '../../crypto/oci/diagnosis/question.ts';
import { diagnoseRefusal, isDiagnosable } from '../../crypto/oci/diagnosis/refusal.ts';
import { apiKeyIn, keyIdOf, readKeyId, type ApiKeyId } from '../../crypto/oci/key-id.ts';
import { headerValues, type OciRequest } from '../../crypto/oci/signed-request.ts';
import { signingString, withMediaTypes } from '../../crypto/oci/signing-string.ts';
import { asText } from '../../crypto/text-bytes.ts';
import type { Refusal } from '../../errors.ts';
import type { OciApiKeyDetails } from '../../store/store.ts';

/** A key of the store, or one that was given with the question. */
export interface KnownKey extends OciKey {
  readonly details?: OciApiKeyDetails;
}

/** The keys of the store. */
export interface StoredKeys {
  /** One that is active at this instant, or why there is none, in a sentence. */
  find(id: ApiKeyId, at: number): Promise<{ readonly key?: KnownKey; readonly why?: string | undefined }>;
  /** At most so many others, those of the same user first. */
  others(id: ApiKeyId, most: number): Promise<readonly OtherKey[]>;
}

/** What of OCI's services counts here. */
export interface OciContext extends Pick<OciSurroundings, 'hosts' | 'prefixes'> {
  readonly keys: StoredKeys;
  readonly contentType: 'as-sent' | 'media-type';
  /** How a signature is refused. */
  readonly refusal: Refusal;
}

export interface ExaminationOptions extends Omit<OciContext, 'refusal'>, Pick<OciSurroundings, 'sent' | 'limit'> {
  /** By key id, before those of the store. */
  readonly given?: ReadonlyMap<string, KeyObject>;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whether keys may be named that the request does not name. */
  readonly namesOthers: boolean;
}

export interface Examination {
  readonly request: OciRequest;
  readonly verdict: OciVerdict<KnownKey>;
  /** In order; the last one refused where the request is not accepted. */
  readonly checks: readonly OciCheck[];
  /** Why it is refused, in a sentence. */
  readonly why: string | undefined;
  /** Undefined where it cannot be read, or there are two. */
  readonly authorization: OciAuthorization | undefined;
  /** What ought to have been signed; undefined where a signed header did not come. */
  readonly signingString: string | undefined;
  /** Only of a signature that is wrong, and a body that is another one. */
  readonly diagnosis: OciDiagnosis | undefined;
  /** The key that made a signature which names one that there is not. */
  readonly maker: ApiKeyId | undefined;
}

/** Who signed, as the request says it; what is no API key's id may be a session token, which would let in whoever reads it. */
export const shownKeyId = ({ keyId }: OciAuthorization): string =>
  readKeyId(keyId).form === 'api key' ? asText(keyId) : HIDDEN;

/** Keys of the store that are tried in the place of the one that a request names. */
const OTHER_KEYS = 100;

export async function examine(received: OciRequest, options: ExaminationOptions): Promise<Examination> {
  const { keys, given, at, contentType, namesOthers } = options;
  const checks: OciCheck[] = [];
  let whyNoKey: string | undefined;
  const verdict = await checkOciSignature<KnownKey>(received, {
    ...{ now: at, contentType, checking: (check) => checks.push(check) },
    keyOf: async (id) => {
      const own = given?.get(keyIdOf(id));
      if (own !== undefined) return { publicKey: own };
      const { key, why } = await keys.find(id, at);
      whyNoKey = namesOthers ? why : undefined;
      return key;
    },
  });
  const request = contentType === 'media-type' ? withMediaTypes(received) : received;
  const [text, ...more] = headerValues(request, 'authorization');
  const authorization = text === undefined || more.length > 0 ? undefined : readOciAuthorization(text);
  const expected = authorization && signingString(request, authorization.headers);
  return {
    ...{ request, verdict, checks, authorization, signingString: expected },
    why: verdict.accepted ? undefined : ((verdict.check === 'api key' ? whyNoKey : undefined) ?? asText(verdict.why)),
    diagnosis: await diagnosisOf(received, verdict, options),
    maker: await makerOf(received, verdict, options),
  };
}

async function diagnosisOf(
  received: OciRequest,
  verdict: OciVerdict<KnownKey>,
  options: ExaminationOptions,
): Promise<OciDiagnosis | undefined> {
  const { namesOthers, contentType, hosts, prefixes, at, sent, limit } = options;
  if (verdict.accepted || verdict.id === undefined || !isDiagnosable(verdict)) return undefined;
  const otherKeys = namesOthers ? await othersThan(verdict.id, options) : [];
  return diagnoseRefusal(
    { request: received, verdict, contentType },
    { otherKeys, hosts, prefixes, at, ...(sent && { sent }), ...(limit !== undefined && { limit }) },
  );
}

/** Keys that may have made a signature in the place of the one that was looked at: those that were given, and those of the store. */
async function othersThan(id: ApiKeyId, { keys, given = new Map(), at }: ExaminationOptions): Promise<OtherKey[]> {
  const named = keyIdOf(id);
  const own = [...given].flatMap(([text, publicKey]): OtherKey[] => {
    const read = text === named ? undefined : apiKeyIn(readKeyId(text));
    return read === undefined ? [] : [{ id: read, publicKey }];
  });
  // One that is stored under the same id has not been looked at then.
  const { key: hidden } = given.has(named) ? await keys.find(id, at) : {};
  const stored = await keys.others(id, OTHER_KEYS);
  return [...own, ...(hidden === undefined ? [] : [{ id, publicKey: hidden.publicKey }]), ...stored];
}

/** Of a request that names a key which there is not, or not for this: whose signature it is. */
async function makerOf(
  received: OciRequest,
  verdict: OciVerdict<KnownKey>,
  options: ExaminationOptions,
): Promise<ApiKeyId | undefined> {
  const { namesOthers, at: now, contentType } = options;
  if (verdict.accepted || verdict.check !== 'api key' || verdict.id === undefined || !namesOthers) return undefined;
  for (const other of await othersThan(verdict.id, options)) {
    const tried = await checkOciSignature(received, { keyOf: () => other, now, contentType });
    if (tried.accepted || tried.check === 'body digest') return other.id;
  }
  return undefined;
}
