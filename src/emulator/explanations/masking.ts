import type { SignedText } from './signed-text.ts';

/** Headers whose values are secrets, or would be one if they were right. */
const secretHeaders: ReadonlySet<string> = new Set([
  ...[
    'authorization',
    'proxy-authorization',
    'cookie',
    'set-cookie',
    'x-security-token',
    'x-auth-token',
    'x-subject-token',
  ],
  ...['x-signet-token', 'x-api-key'],
]);

const MASK = '***';

/** The same without secrets in its headers. */
export const masked = (text: SignedText): SignedText => ({
  ...text,
  headers: text.headers.map(([name, value]) => [
    name,
    secretHeaders.has(name.toLowerCase()) && value.trim() !== '' ? MASK : value,
  ]),
});

/** The same with each of these secrets masked, wherever in it a text holds one: somebody may have put one into the wrong place. */
export function withoutSecrets<Part>(part: Part, secrets: readonly string[]): Part {
  const worthHiding = secrets.filter((secret) => secret.length >= 8);
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') return worthHiding.reduce((text, secret) => text.replaceAll(secret, MASK), value);
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, clean(inner)]));
  };
  return clean(part) as Part;
}
