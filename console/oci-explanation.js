// @ts-check
/** Shows how the OCI signature of a request was checked. */
import { facts, h } from './dom.js';
import { sides, triedView } from './sides.js';

/** @typedef {import('./api.js').Schemas} Schemas */

/** @param {Schemas['OciExplanation']} oci @param {string} summary what has been said already */
export const ociView = ({ key_id, why, signing_string, diagnosis, warnings = [], forwarded }, summary) =>
  h(
    'section',
    {},
    h('h3', {}, 'OCI signature'),
    facts([
      key_id !== undefined && ['Key id', h('code', {}, key_id)],
      why !== undefined && !summary.includes(why) && ['Why', why],
      ...(diagnosis ? diagnosisFacts(diagnosis, summary) : []),
      warnings.length > 0 && ['Warnings', warnings.join(' ')],
    ]),
    signing_string !== undefined &&
      sides(
        { title: 'Signing string of what came', text: signing_string },
        diagnosis?.signed === undefined ? undefined : { title: 'What the client signed', text: diagnosis.signed },
        diagnosis?.difference,
      ),
    diagnosis && !diagnosis.proved && diagnosis.components.some(({ sent }) => sent !== undefined)
      ? componentsView(diagnosis.components)
      : undefined,
    forwarded?.checklist && checklistView(forwarded.checklist),
    triedView(diagnosis?.tried),
  );

/** @param {Schemas['OciDiagnosis']} diagnosis @param {string} summary */
const diagnosisFacts = ({ proved, causes, difference, recovered }, summary) => [
  /** @type {const} */ (['Verdict', proved ? 'Proved by the signature itself.' : 'What was signed is not known.']),
  ...causes.flatMap(({ name, explanation, remedy }) => [
    /** @type {const} */ (['Cause', h('strong', {}, name)]),
    !summary.includes(explanation) && /** @type {const} */ (['What it is', explanation]),
    !summary.includes(remedy) && /** @type {const} */ (['Remedy', remedy]),
  ]),
  difference &&
    /** @type {const} */ ([
      'First difference',
      `line ${difference.line} (${difference.what}), from byte ${difference.column}`,
    ]),
  !proved &&
    recovered?.digest !== undefined &&
    /** @type {const} */ ([`Signed ${recovered.hash ?? 'digest'}`, h('code', {}, recovered.digest)]),
];

/** @param {Schemas['OciDiagnosis']['components']} components */
const componentsView = (components) =>
  h(
    'table',
    { 'aria-label': 'Signed headers on both sides' },
    h('thead', {}, h('tr', {}, ...['Signed header', 'Came', 'Sent'].map((title) => h('th', { scope: 'col' }, title)))),
    h(
      'tbody',
      {},
      ...components.map(({ name, received = '(none)', sent = '(none)' }) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, name),
          h('td', {}, received),
          h('td', {}, received === sent ? sent : h('mark', {}, sent)),
        ),
      ),
    ),
  );

/** @param {readonly Schemas['OciChecklistEntry'][]} checklist */
const checklistView = (checklist) =>
  h(
    'div',
    {},
    h('h3', {}, "Checklist of OCI's documentation"),
    h(
      'ol',
      { class: 'checks told', 'aria-label': 'Checklist' },
      ...checklist.map(({ question, answer, explanation }) =>
        h(
          'li',
          { class: answer === 'ok' ? 'passed' : 'refused' },
          h('span', { class: 'mark', 'aria-hidden': 'true' }, answer === 'ok' ? '✓' : '✗'),
          h('span', {}, question),
          h('span', { class: 'spoken' }, answer),
          h('small', {}, explanation),
        ),
      ),
    ),
  );
