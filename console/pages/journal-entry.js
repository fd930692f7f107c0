// @ts-check
import { signet } from '../api.js';
import { attempt, refusal } from '../dialogs.js';
import { button, copyButton, facts, fill, h } from '../dom.js';
import { checkList, explanationView } from '../explanation.js';
import { time } from '../key-words.js';

/** @typedef {import('../api.js').Schemas['JournalEntry']} Entry */

/** One request of the journal. @param {string} id its X-Request-Id */
export function entryView(id) {
  const element = h('div', {}, h('p', { class: 'soft' }, 'Reading the request…'));
  signet('GET', `/journal/${encodeURIComponent(id)}`).then(
    (entry) => fill(element, ...view(entry)),
    (error) => fill(element, back(), refusal(error)),
  );
  return element;
}

const back = () => h('p', { class: 'back' }, h('a', { href: '#/journal' }, '← All requests'));

/** @param {Entry} entry */
function view(entry) {
  const {
    request_id: id,
    at,
    milliseconds,
    operation,
    project_id,
    key_id,
    caller,
    outcome,
    checks,
    refusal: no,
    fault_id,
  } = entry;
  const trouble = h('div', { role: 'alert' });
  const explanation = h('div', { role: 'status', 'aria-live': 'polite' });
  const tell = () =>
    attempt(trouble, async () => {
      fill(explanation, explanationView(await signet('GET', `/journal/${id}/explanation`)));
      own.hidden = true;
    });
  // The explanation has them, too, and says more of each.
  const own = h('section', {}, h('h3', {}, 'Checks, in order'), checkList(checks));
  // A refusal is explained unasked: that is what one comes for.
  if (no !== undefined) void tell();
  return [
    back(),
    h(
      'div',
      { class: 'heading' },
      h('h2', {}, operation ?? 'No operation of the contract'),
      no === undefined && button('Explain', tell, { class: 'primary' }),
    ),
    no === undefined
      ? h(
          'p',
          { class: `verdict ${outcome === 'answered' ? 'good' : 'bad'}` },
          outcome === 'answered' ? 'Answered' : 'The client got no whole answer',
        )
      : h('p', { class: 'verdict bad' }, h('strong', {}, no.code), ` ${no.text}`),
    trouble,
    explanation,
    own,
    facts([
      [
        'Request id',
        h(
          'span',
          { class: 'id' },
          h('code', {}, id),
          copyButton('the request id', () => id),
        ),
      ],
      ['At', time(at)],
      ['Took', `${Math.round(milliseconds * 100) / 100} ms`],
      ['Who', caller === undefined ? 'nobody' : `${caller.user} of ${caller.domain}`],
      caller?.access !== undefined && ['Access key', h('code', {}, caller.access)],
      project_id !== undefined && ['Project', h('code', {}, project_id)],
      key_id !== undefined && [
        'Key',
        h('a', { href: `#/keys/${key_id}?project=${project_id ?? ''}` }, h('code', {}, key_id)),
      ],
      fault_id !== undefined && ['Fault rule', h('a', { href: '#/faults' }, h('code', {}, fault_id))],
    ]),
    h('h3', {}, 'Request'),
    message([`${entry.request.method} ${entry.request.target}`], entry.request),
    ...(entry.answer === undefined
      ? []
      : [h('h3', {}, 'Answer'), message([`HTTP ${entry.answer.status}`], entry.answer)]),
  ];
}

/** @param {readonly string[]} first @param {{ headers: readonly string[][], body?: unknown }} message */
function message(first, { headers, body }) {
  const text = typeof body === 'string' ? body : JSON.stringify(body, null, 2);
  const lines = [
    ...first,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : ['', text]),
  ];
  return h('pre', { tabindex: '0' }, lines.join('\n'));
}
