// @ts-check
/** Bytes, and the texts that stand for them. */

/** @param {Uint8Array} bytes */
export const toBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

/** @param {Uint8Array} bytes */
export const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** @type {Readonly<Record<string, (text: string) => Uint8Array<ArrayBuffer>>>} */
export const readers = {
  text: (text) => new TextEncoder().encode(text),
  base64: (text) => {
    try {
      return Uint8Array.from(atob(text.replaceAll(/\s/g, '')), (character) => character.charCodeAt(0));
    } catch {
      throw new Error('This is not Base64.');
    }
  },
  hex: (text) => {
    const digits = text.replaceAll(/[\s:]/g, '');
    if (!/^(?:[0-9a-f]{2})*$/i.test(digits)) throw new Error('This is not hex: two digits make a byte.');
    return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  },
};

/** The digest, where the browser can make it: over plain HTTP from another machine it may not. @param {string | undefined} hash @param {Uint8Array<ArrayBuffer>} bytes */
export async function digest(hash, bytes) {
  if (hash === undefined) throw new Error('Browsers do not know SM3: enter a digest made elsewhere.');
  if (!window.isSecureContext)
    throw new Error('Over plain HTTP from another machine this browser makes no digests: use RAW, or enter a digest.');
  return new Uint8Array(await crypto.subtle.digest(hash, bytes));
}
