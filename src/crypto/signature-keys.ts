/**
 * What a signature key of API Gateway looks like, by type.
 * Source: https://docs.otc.t-systems.com/api-gateway/api-ref/dedicated_gateway_apis_v2/signature_key_management/creating_a_signature_key.html
 */
import { randomInt } from 'node:crypto';

export const signatureTypes = ['hmac', 'basic', 'aes'] as const;
export type SignatureType = (typeof signatureTypes)[number];

interface Rule {
  readonly key: RegExp;
  readonly secret: RegExp;
  readonly generate: () => Pair;
}

/** sign_key and sign_secret. */
export interface Pair {
  readonly key: string;
  readonly secret: string;
}

/** English letters, digits and underscores; letters may be Chinese ones, too. */
export const signatureKeyName = /^[A-Za-z\u4e00-\u9fa5][A-Za-z0-9_\u4e00-\u9fa5]{2,63}$/;

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const hexDigits = '0123456789abcdef';
const random = (length: number, alphabet: string): string =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');

const plain = /^[A-Za-z0-9][A-Za-z0-9_\-!@#$%]*$/;
const ofLength = (least: number, most: number, pattern: RegExp): RegExp =>
  new RegExp(`^(?=.{${least},${most}}$)${pattern.source.slice(1)}`);
const aesText = /^[A-Za-z0-9+/][A-Za-z0-9_\-!@#$%+/=]*$/;

const aes = (keyLength: number): Rule => ({
  key: ofLength(keyLength, keyLength, aesText),
  secret: ofLength(16, 16, aesText),
  generate: () => ({ key: random(keyLength, `${letters}0123456789`), secret: random(16, `${letters}0123456789`) }),
});

/** By type, and for aes by cipher, which decides how long the key is. */
const rules: Readonly<Record<Exclude<SignatureType, 'aes'>, Rule>> = {
  hmac: {
    key: ofLength(8, 32, /^[A-Za-z0-9][A-Za-z0-9_-]*$/),
    secret: ofLength(16, 64, plain),
    generate: () => ({ key: random(32, hexDigits), secret: random(32, hexDigits) }),
  },
  basic: {
    key: ofLength(4, 32, /^[A-Za-z][A-Za-z0-9_-]*$/),
    secret: ofLength(8, 64, plain),
    // A key of this type begins with a letter.
    generate: () => ({ key: random(1, 'abcdef') + random(31, hexDigits), secret: random(32, hexDigits) }),
  },
};

const ciphers: ReadonlyMap<string, Rule> = new Map([
  ['aes-128-cfb', aes(16)],
  ['aes-256-cfb', aes(32)],
]);

export const signatureAlgorithms: readonly string[] = [...ciphers.keys()];

/** Undefined where type and cipher do not fit: aes needs one, the others take none. */
export function signatureRule(type: SignatureType, algorithm: string): Rule | undefined {
  if (type === 'aes') return ciphers.get(algorithm);
  return algorithm === '' ? rules[type] : undefined;
}

/** What these rules ask for, in words. */
export const signatureWords: Readonly<Record<SignatureType, Readonly<Record<keyof Pair, string>>>> = {
  hmac: {
    key: '8 to 32 letters, digits, hyphens and underscores, a letter or a digit first',
    secret: '16 to 64 letters, digits and _-!@#$%, a letter or a digit first',
  },
  basic: {
    key: '4 to 32 letters, digits, hyphens and underscores, a letter first',
    secret: '8 to 64 letters, digits and _-!@#$%, a letter or a digit first',
  },
  aes: {
    key: '16 (aes-128-cfb) or 32 (aes-256-cfb) letters, digits and _-!@#$%+/=, none of _-!@#$%= first',
    secret: '16 letters, digits and _-!@#$%+/=, none of _-!@#$%= first',
  },
};
