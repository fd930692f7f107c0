import { hash, timingSafeEqual } from 'node:crypto';

/** Whether two secrets are the same, in a time that tells neither how much of one is right nor how long it is. */
export const equalSecrets = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');
