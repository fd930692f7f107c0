import { HIDDEN } from '../../contract/secret-headers.ts';

/** A name that nobody describes, where it looks like one: what is put there by mistake may be a secret. */
export const shownName = (name: string): string => (/^[\w.-]{1,40}$/.test(name) ? name : HIDDEN);
