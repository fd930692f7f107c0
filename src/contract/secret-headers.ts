/** What stands in place of a secret. */
export const HIDDEN = '***';

/** Headers whose values are secrets, or would be one if they were right; in small letters. */
export const secretHeaders: readonly string[] = [
  ...['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-auth-token', 'x-subject-token'],
  ...['x-security-token', 'x-signet-token', 'x-api-key', 'opc-obo-token'],
];

const known = new Set(secretHeaders);

/** By its name in any letters. */
export const isSecretHeader = (name: string): boolean => known.has(name.toLowerCase());
