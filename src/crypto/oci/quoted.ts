/** Characters of what came, in a sentence about it. */
const LONGEST = 200;

/** What came, as a sentence shows it. */
export const quoted = (text: string): string => `"${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}"`;
