/** Characters of what came, in a sentence about it: as many as a key id has at most, with two OCIDs of 255 characters and a fingerprint. */
const LONGEST = 560;

/** As much of what came as a sentence shows. */
export const quotable = (text: string): string => text.slice(0, LONGEST);

/** What came, as a sentence shows it. */
export const quoted = (text: string): string => `"${quotable(text)}${text.length > LONGEST ? '…' : ''}"`;
