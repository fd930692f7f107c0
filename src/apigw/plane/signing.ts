/** The signature of a request to a backend, by the key that is bound to its API. */
import type { ForwardedRequest } from '../../contract/forwarded.ts';
import { basicForBackend, defects, headersToSign, onceIn, signForBackend } from '../../crypto/backend-signature.ts';
import type { Defect } from '../../crypto/backend-signature.ts';
import type { SignatureKey } from '../../store/store.ts';
import { gatewayPlaneRefusals as refusals } from '../plane-refusals.ts';
import { CallRefused } from './refusing.ts';

/** A request as it will be sent, but for its signature. */
export interface Unsigned {
  readonly method: string;
  readonly target: string;
  /** Names and values by turns, Host and Content-Length among them. */
  readonly rawHeaders: readonly string[];
  /** Empty where nothing is signed of it. */
  readonly body: Uint8Array;
}

export interface Signed {
  /** What is added, by turns. */
  readonly rawHeaders: readonly string[];
  /** Another one where the defect is in it. */
  readonly body: Uint8Array;
  readonly signature?: NonNullable<ForwardedRequest['signature']>;
  /** What was made wrong. */
  readonly defect?: Defect;
  /** What it was signed with, and how: the end of a sentence. */
  readonly how: string;
}

export interface SignerOptions {
  /** The header in which the signature stands. */
  readonly signatureHeader: string;
  /** Which headers HMAC covers, as far as a request has them. */
  readonly signedHeaders: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Signer {
  /** Whether the body must be there as a whole. */
  readonly readsBody: boolean;
  /** @throws CallRefused where it cannot be done */
  readonly sign: (request: Unsigned, key: SignatureKey, defect: Defect | undefined) => Signed;
}

/** Of which Basic knows nothing: it covers no more of a request than that it is there. */
const beyondBasic: ReadonlySet<Defect | undefined> = new Set<Defect>(['tampered-body', 'shifted-date']);

/** By the type of the key. */
export function makeSigners({
  signatureHeader,
  signedHeaders,
  now,
}: SignerOptions): Readonly<Record<SignatureKey['type'], Signer>> {
  const own = signatureHeader.toLowerCase();
  const wanted = headersToSign(signedHeaders).filter((name) => name !== own);

  function hmac({ method, target, rawHeaders, body }: Unsigned, key: SignatureKey, defect: Defect | undefined): Signed {
    const value = valuesIn(rawHeaders);
    const names = onceIn(wanted, (name) => value(name).length);
    const request = { method, target, header: (name: string) => value(name)[0] ?? '', body };
    const done = signForBackend(request, key, { at: now(), signedHeaders: names, defect });
    const { canonicalRequest, stringToSign, signature } = done;
    return {
      rawHeaders: Object.entries(done.headers).flatMap(([name, text]) => [
        name === 'Authorization' ? signatureHeader : name,
        text,
      ]),
      body: done.body,
      signature: { signedHeaders: names.join(';'), canonicalRequest, stringToSign, signature },
      ...(defect !== undefined && { defect }),
      how: `signed are the body and the headers ${names.join(', ')}`,
    };
  }

  function basic({ body }: Unsigned, key: SignatureKey, defect: Defect | undefined): Signed {
    const text = basicForBackend(key, defect);
    const applies = defect !== undefined && !beyondBasic.has(defect);
    return {
      rawHeaders: text === undefined ? [] : [signatureHeader, text],
      body,
      ...(applies && { defect }),
      how: 'it has the key for a user name and the secret for a password',
    };
  }

  return {
    hmac: { readsBody: true, sign: hmac },
    basic: { readsBody: false, sign: basic },
    aes: { readsBody: false, sign: refuseAes },
  };
}

/** Nobody outside the vendor knows what such a request looks like, so none is made up. */
function refuseAes(_request: Unsigned, { name }: SignatureKey): never {
  throw new CallRefused(
    refusals.signatureFailed,
    `Not sent: the key ${name}, which is bound to this API, is of the type aes. What the gateway encrypts with such a key, and where it puts that, is not public.`,
  );
}

/** All values of a header by its lower-case name. */
const valuesIn =
  (rawHeaders: readonly string[]) =>
  (wanted: string): readonly string[] =>
    rawHeaders.filter((_value, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === wanted);

/** @throws CallRefused for what is none, and for any where defects are not taken */
export function readDefect(text: string | undefined, takesDefects: boolean): Defect | undefined {
  if (text === undefined) return undefined;
  if (!takesDefects) {
    const why = 'Not sent: X-Signet-Defect asks for a defect, which nobody may in a sandbox.';
    throw new CallRefused(refusals.badRequest, why, 'API request error. A sandbox takes no X-Signet-Defect.');
  }
  const defect = defects.find((known) => known === text);
  if (defect !== undefined) return defect;
  throw new CallRefused(
    refusals.badRequest,
    'Not sent: X-Signet-Defect asks for a defect that there is not.',
    `API request error. X-Signet-Defect may be ${defects.join(', ')}.`,
  );
}
