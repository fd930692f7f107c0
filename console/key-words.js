// @ts-check
/** The KMS's numbers and instants as people read them. */
import { h } from './dom.js';

/** @type {Readonly<Record<string, { text: string, look: string }>>} */
const states = {
  2: { text: 'Enabled', look: 'good' },
  3: { text: 'Disabled', look: 'soft' },
  4: { text: 'Pending deletion', look: 'bad' },
  5: { text: 'Pending import', look: 'warn' },
};

/** @param {string} state */
export const stateText = (state) => states[state]?.text ?? state;

/** @param {string} state */
export const stateBadge = (state) => h('span', { class: `badge ${states[state]?.look ?? ''}` }, stateText(state));

/** An instant in UTC, to the second. @param {string | number} milliseconds of 1970, or an instant; may be empty */
export function instant(milliseconds) {
  if (milliseconds === '') return '';
  const time = new Date(/^\d+$/.test(String(milliseconds)) ? Number(milliseconds) : milliseconds);
  return time
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');
}

/** An instant, or the beginning of it. @param {string | number} milliseconds @param {number} [length] */
export const time = (milliseconds, length) =>
  h('time', { title: instant(milliseconds) }, instant(milliseconds).slice(0, length));

/** @type {Readonly<Record<string, string>>} */
const usageTexts = {
  SIGN_VERIFY: 'Sign, verify',
  ENCRYPT_DECRYPT: 'Encrypt, decrypt',
  GENERATE_VERIFY_MAC: 'MAC',
};

/** @param {string} usage */
export const usageText = (usage) => usageTexts[usage] ?? usage;
