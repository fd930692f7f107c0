import type { SignedText } from './signed-text.ts';

const HIDDEN = '***';
/** Headers whose values may be secrets, such as opc-obo-token, by their lower-case names. */
const SECRET = /token|authorization|cookie|secret|password|api-?key/;

/** What is shown of a header. */
export const shownValue = (name: string, value: string): string => (SECRET.test(name) && value !== '' ? HIDDEN : value);

/** The string with which a text is shown. */
export const shownString = (text: SignedText): string =>
  text.layout({ ...text, lines: text.lines.map(({ name, value }) => ({ name, value: shownValue(name, value) })) });
