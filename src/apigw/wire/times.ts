/** Instants as Go prints them (RFC 3339), which is how API Gateway does. */

/** Of what was just written: a fraction of a second without zeros at its end, or none. */
export const freshTime = (instant: number): string => new Date(instant).toISOString().replace(/\.?0*Z$/, 'Z');

/** Of what is read back: whole seconds. */
export const storedTime = (instant: number): string => new Date(instant).toISOString().replace(/\.\d+Z$/, 'Z');
