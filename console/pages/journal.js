// @ts-check
import { listProjects, openContract, projectName, signet, viewHeader } from '../api.js';
import { attempt, confirmed, refusal } from '../dialogs.js';
import {
  announce,
  button,
  field,
  fill,
  h,
  heading,
  optionsOf,
  row,
  select,
  setText,
  suggestions,
  table,
} from '../dom.js';
import { entryView } from './journal-entry.js';

/** @typedef {import('../api.js').Schemas['JournalEntry']} Entry */

const MOST_ROWS = 500;
const WAIT_SECONDS = 25;
const columns = ['Time', 'Operation', 'Outcome', 'Who', 'Took'];

/** The last requests, as they come; with a request id in the address, that one beside them. @param {import('../main.js').Route} route @returns {import('../main.js').Page} */
export function journalPage(route) {
  const operation = h('input', {
    type: 'search',
    list: 'operations',
    placeholder: 'kms.sign, kms.*',
    autocomplete: 'off',
  });
  const outcome = select([
    ['', 'All'],
    ['answered', 'Answered'],
    ['refused', 'Refused'],
    ['broken', 'Broken off'],
  ]);
  const projects = select([['', 'All']]);
  const views = h('input', { type: 'checkbox', id: 'views' });
  const live = h('span', { class: 'live', role: 'status' });
  const trouble = h('div', { role: 'alert' });
  const rows = h('tbody');
  const list = table('Requests', columns, [], 'compact');
  list.tBodies[0]?.replaceWith(rows);
  rows.setAttribute('role', 'rowgroup');
  const none = h(
    'p',
    { class: 'empty' },
    'No request yet. Sign something, or send a request with your own client: it appears here.',
  );
  const detail = h('aside', { 'aria-label': 'Request', tabindex: '-1' });
  const pause = button('Pause', () => (watching === undefined ? start() : stop('Paused')));
  const split = h('div', { class: 'split' }, h('div', {}, none, list), detail);
  /** @type {AbortController | undefined} */
  let watching;
  let chosen = '';

  /** @param {Record<string, string>} more */
  const query = (more) => {
    const all = { operation: operation.value.trim(), outcome: outcome.value, project_id: projects.value, ...more };
    return new URLSearchParams(Object.entries(all).filter(([, value]) => value !== '')).toString();
  };

  /** @param {Entry} entry */
  const isWanted = ({ request }) =>
    views.checked || !request.headers.some(([name]) => name?.toLowerCase() === viewHeader.toLowerCase());

  async function watch() {
    const mine = new AbortController();
    watching = mine;
    setText(pause, 'Pause');
    let after = '';
    while (watching === mine) {
      try {
        const wait = { after, wait_seconds: after === '' ? '' : String(WAIT_SECONDS), limit: String(MOST_ROWS) };
        const { entries, last } = await signet('GET', `/journal?${query(wait)}`, { signal: mine.signal });
        if (watching !== mine) return;
        setText(live, 'Live');
        // After a reset the numbers begin again.
        if (after === '' || last < Number(after)) rows.replaceChildren();
        rows.prepend(...entries.filter(isWanted).map(entryRow));
        while (rows.childElementCount > MOST_ROWS) rows.lastElementChild?.remove();
        none.hidden = rows.childElementCount > 0;
        list.hidden = !none.hidden;
        mark();
        after = last < Number(after) ? '' : String(last);
      } catch (error) {
        if (watching !== mine) return;
        stop('Stopped');
        fill(trouble, refusal(error));
      }
    }
  }

  function start() {
    watching?.abort();
    fill(trouble);
    void watch();
  }
  /** @param {string} why */
  function stop(why) {
    const was = watching;
    watching = undefined;
    was?.abort();
    setText(live, why);
    setText(pause, 'Go on');
  }

  const mark = () => {
    for (const one of rows.querySelectorAll('tr')) one.toggleAttribute('data-chosen', one.dataset['id'] === chosen);
  };

  /** @param {import('../main.js').Route} to */
  const follow = ({ rest }) => {
    chosen = rest;
    split.toggleAttribute('data-detail', rest !== '');
    mark();
    if (rest === '')
      fill(
        detail,
        h('p', { class: 'soft' }, 'Choose a request to see its checks, its answer, and why it was refused.'),
      );
    else {
      fill(detail, entryView(rest));
      detail.focus({ preventScroll: true });
      detail.scrollIntoView({ block: 'nearest' });
    }
  };

  const clear = () =>
    attempt(trouble, async () => {
      if (!(await confirmed('Clear the journal?', 'Signet forgets all requests so far, of every project.', 'Clear')))
        return;
      await signet('DELETE', '/journal');
      announce('The journal is empty');
      if (chosen !== '') location.hash = '#/journal';
      start();
    });

  for (const control of [operation, outcome, projects, views]) control.addEventListener('change', start);
  start();
  follow(route);
  const known = suggestions('operations', []);
  void offer(known, projects);
  const element = h(
    'section',
    {},
    heading(
      'Journal',
      'The last requests and their answers, as they come. Secrets are left out.',
      pause,
      button('Clear…', clear, { class: 'danger' }),
    ),
    h(
      'div',
      { class: 'bar' },
      field('Operation', operation),
      field('Outcome', outcome),
      field('Of project', projects),
      h('div', { class: 'check' }, views, h('label', { for: 'views' }, 'Also what the console reads')),
      live,
    ),
    known,
    trouble,
    split,
  );
  return { element, follow, close: () => stop('') };
}

/** @param {HTMLElement} known @param {HTMLSelectElement} projects */
async function offer(known, projects) {
  const [contract, all] = await Promise.all([openContract(), listProjects()]);
  known.append(...optionsOf(operationsOf(contract)));
  projects.append(...optionsOf(all.map((one) => [one.id, projectName(one, all)])));
}

/** Of the vendors, with a pattern for each service. @param {any} contract @returns {readonly string[]} */
export function operationsOf({ paths }) {
  const ids = Object.values(paths)
    .flatMap((item) => Object.values(item).map((operation) => operation.operationId))
    .filter((id) => id !== undefined && !id.startsWith('emulator.'));
  const services = new Set(ids.map((id) => `${id.split('.')[0]}.*`));
  return [...services, ...ids.sort()];
}

/** The name of an operation, for a line that may end after its dot. @param {string} name */
const breakable = (name) => {
  const [service, action = ''] = name.split('.');
  return [`${service}.`, h('wbr'), h('span', {}, action)];
};

/** @type {Readonly<Record<string, string>>} */
const looks = { answered: 'good', refused: 'bad', broken: 'warn' };

/** @param {Entry} entry */
function entryRow({
  request_id: id,
  at,
  milliseconds,
  operation,
  outcome,
  caller,
  refusal: no,
  fault_id: fault,
  request,
  answer,
}) {
  const path = request.target.split('?')[0] ?? '';
  return row(
    {
      Time: h('time', { title: at }, at.slice(11, 23)),
      Operation:
        operation === undefined
          ? h('a', { href: `#/journal/${id}` }, `${request.method} ${path}`)
          : h('a', { href: `#/journal/${id}`, class: 'operation' }, ...breakable(operation)),
      Outcome: h(
        'span',
        {},
        h(
          'span',
          { class: `badge ${looks[outcome] ?? ''}` },
          [answer?.status, no?.code ?? outcome].filter(Boolean).join(' '),
        ),
        fault !== undefined && h('span', { class: 'badge warn' }, 'fault'),
      ),
      Who: caller === undefined ? h('span', { class: 'soft' }, 'nobody') : (caller.access ?? caller.user),
      Took: h('span', { class: 'soft' }, `${Math.round(milliseconds * 10) / 10} ms`),
    },
    { 'data-id': id },
  );
}
