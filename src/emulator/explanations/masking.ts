import { HIDDEN, isSecretHeader } from '../../contract/secret-headers.ts';
import type { SignedText } from './signed-text.ts';

/** Fields that hold words of Signet's own alone, one of which a client may have sent for a secret. */
const ownWords: ReadonlySet<string> = new Set([
  ...['check', 'verdict', 'name', 'code', 'operation', 'tried'],
  ...['at', 'answer', 'backend'],
]);

/** The same without secrets in its headers. */
export const masked = (text: SignedText): SignedText => ({
  ...text,
  headers: text.headers.map(([name, value]) => [name, isSecretHeader(name) && value.trim() !== '' ? HIDDEN : value]),
});

/** With more secrets than anybody has, each text is masked as a whole: to look for all of them would take long. */
const MOST_SECRETS = 1000;

/** The same with each of these secrets masked, wherever in it a text holds one: somebody may have put one into the wrong place. */
export function withoutSecrets<Part>(part: Part, secrets: readonly string[]): Part {
  // The longest first: one may be a part of another.
  const worthHiding = [...new Set(secrets.filter((secret) => secret.length >= 8))].sort(
    (one, other) => other.length - one.length,
  );
  const masked = (text: string): string =>
    worthHiding.length > MOST_SECRETS
      ? HIDDEN
      : worthHiding.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') return masked(value);
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, ownWords.has(name) ? inner : clean(inner)]),
    );
  };
  return clean(part) as Part;
}
