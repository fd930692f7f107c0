import { bodyWithDigest } from '../../body-changes.ts';
import { contentSha256, CONTENT_LENGTH, CONTENT_SHA256 } from '../body-digest.ts';
import { headerValue, type OciRequest } from '../signed-request.ts';
import { digestForms, lengthsOfCharacters } from './body-candidates.ts';
import type { OciCause } from './question.ts';

/** Bytes of a body beyond which nothing is tried with it, and of all that is made of one. */
const LONGEST = 64 * 1024;
const MOST_BYTES = 512 * 1024;

/**
 * Why a body is not the one that was signed, where the signature itself is right: what was signed is known by its digest, and found among the
 * ways in which bodies are changed. Undefined where none of them was it, or there is nothing wrong. Some milliseconds of CPU at most.
 */
export function explainBody(request: OciRequest): OciCause | undefined {
  const { body } = request;
  if (body.length > LONGEST) return undefined;
  const digest = headerValue(request, CONTENT_SHA256);
  const actual = contentSha256(body);
  if (digest !== undefined && digest !== actual) return ofDigest(body, digest, actual);
  const length = headerValue(request, CONTENT_LENGTH);
  if (length === undefined || !lengthsOfCharacters(body).includes(length)) return undefined;
  return {
    name: 'content-length-of-characters',
    explanation: `content-length is ${length}, which counts the characters of the body; it has ${body.length} bytes.`,
    remedy: 'Count the bytes of the body in UTF-8.',
  };
}

function ofDigest(body: Uint8Array, digest: string, actual: string): OciCause | undefined {
  if (digestForms(actual).includes(digest))
    return {
      name: 'content-sha256-form',
      explanation: 'x-content-sha256 is the digest of the body in another form than Base64.',
      remedy: 'Write the SHA-256 of the body into x-content-sha256 in Base64 (RFC 4648 4).',
    };
  const found = bodyWithDigest(body, Buffer.from(digest, 'base64').toString('hex'), MOST_BYTES);
  if (found === undefined) return undefined;
  const { name, explanation, remedy } = found;
  return { name, explanation: `${explanation} x-content-sha256 is still that of the body that was signed.`, remedy };
}
