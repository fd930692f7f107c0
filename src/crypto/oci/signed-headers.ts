/** What is wrong with the list of signed headers, in sentences. Names are in lower case. */
import { quoted } from './quoted.ts';
import { requiredHeaders } from './required-headers.ts';
import { headerValue, type OciRequestHead } from './signed-request.ts';
import { signedComponents } from './signing-string.ts';
import { X_DATE } from './signing-time.ts';

/** What has to be signed and is not; or what makes it no list of names, each once. */
export function unsignedMistake(
  request: OciRequestHead,
  signed: readonly string[],
  objectStorage: boolean,
): string | undefined {
  const list = `headers=${quoted(signed.join(' '))}`;
  const required = requiredHeaders(request.method, objectStorage ? request.target : '');
  const missing = required.filter((name) => !signed.includes(name) && !(name === 'date' && signed.includes(X_DATE)));
  if (missing.length > 0)
    return `${quoted(request.method)} has to sign ${named(required)}; ${list} lacks ${named(missing)}.`;
  // The date that counts has to be signed: otherwise it could be exchanged.
  if (!signed.includes(X_DATE) && headerValue(request, X_DATE) !== undefined)
    return `x-date is there and counts before date; ${list} lacks it.`;
  if (signed.includes(''))
    return 'headers has two blanks side by side, or one at an end; one blank stands between two names.';
  // Each name again would make the signing string longer than the request.
  const twice = repeated(signed);
  return twice === undefined ? undefined : `headers lists ${quoted(twice)} more than once.`;
}

/** What is signed and did not come. */
export function absentMistake(request: OciRequestHead, signed: readonly string[]): string | undefined {
  const absent = signedComponents(request, signed).find(({ value }) => value === undefined)?.name;
  return absent === undefined ? undefined : `headers lists ${quoted(absent)}, and the request came without it.`;
}

const named = (names: readonly string[]): string =>
  names.map((name) => (name === 'date' ? 'date or x-date' : name)).join(', ');

function repeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}
