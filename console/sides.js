// @ts-check
/** What came beside what was signed, and what was tried to tell them apart. */
import { h } from './dom.js';

/** @typedef {import('./api.js').Schemas} Schemas */
/** @typedef {{ readonly title: string, readonly text: string }} Side */

/** @param {Side} came @param {Side | undefined} signed @param {Schemas['LineDifference'] | undefined} difference */
export const sides = (came, signed, difference) =>
  h(
    'div',
    { class: 'sides' },
    marked(came.title, came.text, difference?.line, difference && partAt(difference.expected, difference.column)),
    signed &&
      marked(signed.title, signed.text, difference?.line, difference && partAt(difference.received, difference.column)),
  );

/** @typedef {{ readonly before: string, readonly after: string }} Part */

/** A line, cut before the character with this byte. @param {string} line @param {number} column from 1 @returns {Part} */
function partAt(line, column) {
  let before = '';
  let bytes = 0;
  for (const character of line) {
    bytes += new TextEncoder().encode(character).length;
    if (bytes >= column) break;
    before += character;
  }
  return { before, after: line.slice(before.length) };
}

/** A text, its different line marked. @param {string} title @param {string} text @param {number | undefined} line @param {Part | undefined} part */
const marked = (title, text, line, part) =>
  h(
    'figure',
    {},
    h('figcaption', {}, title),
    h(
      'ol',
      { class: 'lines', tabindex: '0', 'aria-label': title },
      ...text
        .split('\n')
        .map((content, index) =>
          index + 1 === line && part !== undefined
            ? h('li', { class: 'differs' }, part.before, h('mark', {}, part.after === '' ? '␄' : part.after))
            : h('li', {}, content),
        ),
    ),
  );

/** What was tried, for those who want to know. @param {readonly string[] | undefined} tried */
export const triedView = (tried = []) =>
  tried.length > 0 && h('details', {}, h('summary', {}, `Tried: ${tried.length}`), h('p', {}, tried.join(', ')));
