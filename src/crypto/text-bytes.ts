/** What a text says in UTF-8, a byte in each character, as the head of a request holds it; and back. */
export const asBytes = (text: string): string => Buffer.from(text).toString('latin1');
export const asText = (bytes: string): string => Buffer.from(bytes, 'latin1').toString();
