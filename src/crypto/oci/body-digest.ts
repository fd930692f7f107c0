/** Whether a body is the one that was signed. The signature covers only what the headers say of it, so that this is a check of its own. */
import { hash } from 'node:crypto';
import { quoted } from './quoted.ts';
import { headerValue, type OciRequestHead } from './signed-request.ts';

export const CONTENT_LENGTH = 'content-length';
export const CONTENT_SHA256 = 'x-content-sha256';

/** As x-content-sha256 has it: SHA-256 in Base64. */
export const contentSha256 = (body: Uint8Array): string => hash('sha256', body, 'base64');

/** The headers that tell of the body itself, among those that are signed (lower-case names). */
export const bodyClaims = (signed: readonly string[]): readonly string[] =>
  [CONTENT_LENGTH, CONTENT_SHA256].filter((name) => signed.includes(name));

/** What the signed headers say of the body that is not so, in a sentence. */
export function bodyMistake(head: OciRequestHead, signed: readonly string[], body: Uint8Array): string | undefined {
  const actual: Readonly<Record<string, string>> = {
    [CONTENT_LENGTH]: String(body.length),
    [CONTENT_SHA256]: contentSha256(body),
  };
  for (const name of bodyClaims(signed)) {
    const said = headerValue(head, name) ?? '';
    if (said !== actual[name]) return `${name} is ${quoted(said)}, and that of the body is "${actual[name] ?? ''}".`;
  }
  return undefined;
}

/** Whether a request comes with a body, as far as its head tells. */
export const hasBody = (head: OciRequestHead): boolean =>
  headerValue(head, 'transfer-encoding') !== undefined || Number(headerValue(head, CONTENT_LENGTH) ?? 0) > 0;
