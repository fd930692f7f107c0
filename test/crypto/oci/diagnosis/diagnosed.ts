/** Requests that OpenSSL signed, what becomes of them, and what is found out about that. */
import { sign, type KeyObject } from 'node:crypto';
import { readOciAuthorization, type OciAuthorization } from '../../../../src/crypto/oci/authorization.ts';
import { diagnose } from '../../../../src/crypto/oci/diagnosis/diagnosis.ts';
import type { OciDiagnosis, OciSurroundings } from '../../../../src/crypto/oci/diagnosis/question.ts';
import type { OciRequest } from '../../../../src/crypto/oci/signed-request.ts';
import { signed, type ToSign } from '../oci-signer.ts';
import { testKey } from '../vectors.ts';

export const header = (request: OciRequest, name: string): string | undefined =>
  request.headers.find(([other]) => other.toLowerCase() === name)?.[1];

export const authorizationOf = (request: OciRequest): OciAuthorization =>
  readOciAuthorization(header(request, 'authorization') ?? '')!;

/** The signing string of a request that all signed headers came with, put together here; a byte in each character. */
export const stringOf = (request: OciRequest, names = authorizationOf(request).headers): string =>
  names
    .map((name) => name.toLowerCase())
    .map((name) => {
      const value =
        name === '(request-target)' ? `${request.method.toLowerCase()} ${request.target}` : header(request, name)!;
      return `${name}: ${value}`;
    })
    .join('\n');

/** What a person reads of it. */
export const readable = (bytes: string): string => Buffer.from(bytes, 'latin1').toString();

export const diagnosisOf = (
  request: OciRequest,
  surroundings: Partial<OciSurroundings> = {},
  publicKey: KeyObject = testKey.publicKey,
): OciDiagnosis =>
  diagnose(request, authorizationOf(request), publicKey, { otherKeys: [], hosts: [], prefixes: [], ...surroundings });

export const causesOf = ({ causes }: OciDiagnosis): readonly string[] => causes.map(({ name }) => name);

/** With other headers, by their names; undefined takes one off. */
export function rewritten(request: OciRequest, changes: Readonly<Record<string, string | undefined>>): OciRequest {
  const kept = request.headers.filter(([name]) => !(name.toLowerCase() in changes));
  const added = Object.entries(changes).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...request, headers: [...kept, ...added] };
}

/** With another Authorization. */
export const reauthorized = (request: OciRequest, change: (authorization: string) => string): OciRequest =>
  rewritten(request, { authorization: change(header(request, 'authorization') ?? '') });

/** With a signature of this making in place of its own. */
export const resigned = (request: OciRequest, signature: string): OciRequest =>
  reauthorized(request, (text) => text.replace(/signature="[^"]*"/, () => `signature="${signature}"`));

/** Signed over a text of one's own. */
export const signedOver = (change: (text: string) => string, more: Partial<ToSign> = {}): OciRequest => {
  const request = signed(more);
  const text = change(stringOf(request));
  return resigned(request, sign('sha256', Buffer.from(text, 'latin1'), testKey.privateKey).toString('base64'));
};
