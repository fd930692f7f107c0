// @ts-check
import { signingAlgorithms } from '../algorithms.js';
import { kms } from '../api.js';
import { attempt } from '../dialogs.js';
import { button, copyButton, field, fill, h, heading, row, table } from '../dom.js';
import { createKey, keyButtons } from '../key-actions.js';
import { stateBadge, stateText, time, usageText } from '../key-words.js';
import { keyView } from './key.js';

/** @typedef {import('../api.js').Schemas['KeyDetails']} Key */

/** @returns {Promise<readonly Key[]>} */
export async function listKeys() {
  /** @type {Key[]} */
  const keys = [];
  let marker = '';
  do {
    const { body } = await kms('list-keys', { limit: '1000', ...(marker && { marker }) });
    keys.push(...body.key_details);
    marker = body.truncated === 'true' ? body.next_marker : '';
  } while (marker !== '');
  return keys;
}

/** @param {Key} key */
export const canSign = ({ key_spec, key_usage }) => key_usage === 'SIGN_VERIFY' && key_spec in signingAlgorithms;

/** The keys of the project; with an id in the address, that key. @param {import('../main.js').Route} route @returns {import('../main.js').Page} */
export function keysPage(route) {
  const element = h('section');
  /** @param {import('../main.js').Route} to */
  const follow = (to) => fill(element, to.rest === '' ? keyList() : keyView(to.rest));
  follow(route);
  return { element, follow };
}

const columns = ['Name', 'Spec', 'Usage', 'State', 'Created (UTC)', 'Id', 'Actions'];

function keyList() {
  const trouble = h('div', { role: 'alert' });
  const list = h('div', {}, h('p', { class: 'soft' }, 'Reading the keys…'));
  const count = h('span', { class: 'soft', role: 'status' });
  const filter = h('input', { type: 'search', placeholder: 'Name, id, spec, state', oninput: () => draw() });
  /** @type {readonly Key[]} */
  let keys = [];

  const load = async () => {
    keys = await listKeys();
    draw();
  };
  /** @param {() => Promise<unknown>} act */
  const run = (act) =>
    attempt(trouble, async () => {
      await act();
      await load();
    });

  function draw() {
    const words = filter.value.toLowerCase().split(/\s+/);
    const matching = keys.filter((key) => words.every((word) => textOf(key).includes(word)));
    count.textContent =
      matching.length === keys.length ? `${keys.length} keys` : `${matching.length} of ${keys.length} keys`;
    if (keys.length === 0)
      fill(list, h('p', { class: 'empty' }, 'This project has no key yet. Create one: it takes a name.'));
    else
      fill(
        list,
        table(
          'Keys',
          columns,
          matching.map((key) => keyRow(key, run)),
        ),
      );
  }

  void run(async () => undefined);
  return h(
    'div',
    {},
    heading(
      'Keys',
      'Create a key, sign with it, and see in the Journal why a request was refused.',
      button(
        'Create key',
        () =>
          attempt(trouble, async () => {
            const id = await createKey();
            if (id !== undefined) location.hash = `#/keys/${id}`;
          }),
        { class: 'primary' },
      ),
    ),
    h('div', { class: 'bar' }, field('Filter', filter), count),
    trouble,
    list,
  );
}

/** @param {Key} key */
const textOf = (key) =>
  [key.key_alias, key.key_id, key.key_spec, key.key_usage, stateText(key.key_state)].join(' ').toLowerCase();

/** @param {Key} key @param {(act: () => Promise<unknown>) => void} run */
function keyRow(key, run) {
  const { key_id: id, key_alias: name } = key;
  const sign =
    canSign(key) &&
    key.key_state === '2' &&
    h('a', { class: 'button quiet', href: `#/sign/${id}`, 'aria-label': `Sign with ${name}` }, 'Sign');
  return row({
    Name: h('a', { href: `#/keys/${id}` }, name),
    Spec: key.key_spec,
    Usage: usageText(key.key_usage),
    State: stateBadge(key.key_state),
    'Created (UTC)': time(key.creation_date, 16),
    Id: h(
      'span',
      { class: 'id' },
      h('code', {}, id),
      copyButton(`the id of ${name}`, () => id),
    ),
    Actions: h('div', { class: 'actions' }, sign, ...keyButtons(key, run)),
  });
}
