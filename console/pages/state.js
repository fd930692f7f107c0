// @ts-check
import { forgetTokens, signet } from '../api.js';
import { attempt, confirmed, form } from '../dialogs.js';
import { announce, button, field, fill, h, heading, row, select, table } from '../dom.js';
import { time } from '../key-words.js';
import { project } from '../session.js';

/** @typedef {import('../api.js').Schemas['SnapshotInfo']} SnapshotInfo */

/** Other keys, other projects, other tokens. */
function changed() {
  forgetTokens();
  dispatchEvent(new Event('signet:state'));
}

const scopes = /** @type {const} */ ([
  ['all', 'Everything'],
  ['project', 'The chosen project'],
]);

/** @param {HTMLSelectElement} scope */
const scopeOf = (scope) => (scope.value === 'project' ? { project_id: project.get() } : {});

/** Reset, snapshots, export and import. @returns {import('../main.js').Page} */
export function statePage() {
  const element = h(
    'section',
    {},
    heading(
      'State',
      'All keys and identities: begin again, keep a snapshot and go back to it, or take everything along as a file.',
    ),
    snapshots(),
    h('div', { class: 'columns' }, reset(), h('div', {}, exporting(), importing())),
  );
  return { element };
}

function snapshots() {
  const trouble = h('div', { role: 'alert' });
  const list = h('div');
  const name = h('input', { required: true, pattern: '[0-9A-Za-z][0-9A-Za-z._\\-]{0,63}', autocomplete: 'off' });
  const load = async () => {
    /** @type {readonly SnapshotInfo[]} */
    const all = (await signet('GET', '/snapshots')).snapshots;
    if (all.length === 0) fill(list, h('p', { class: 'empty' }, 'No snapshot yet.'));
    else fill(list, table('Snapshots', ['Name', 'Taken', 'Size', 'Actions'], all.map(snapshotRow)));
  };
  /** @param {() => Promise<unknown>} act */
  const run = (act) =>
    attempt(trouble, async () => {
      await act();
      await load();
    });

  /** @param {SnapshotInfo} snapshot */
  const snapshotRow = ({ name: one, taken_at, bytes }) =>
    row({
      Name: one,
      Taken: time(taken_at),
      Size: `${(bytes / 1000).toFixed(1)} kB`,
      Actions: h(
        'div',
        { class: 'actions' },
        button('Restore…', () => run(() => restore(one)), { class: 'quiet', 'aria-label': `Restore ${one}` }),
        button('Delete…', () => run(() => remove(one)), { class: 'quiet', 'aria-label': `Delete ${one}` }),
      ),
    });

  /** @param {string} one */
  async function restore(one) {
    if (
      !(await confirmed(
        `Restore ${one}?`,
        'The present state is lost; everything is as it was when the snapshot was taken.',
        'Restore',
      ))
    )
      return;
    await signet('POST', `/snapshots/${encodeURIComponent(one)}/restore`);
    changed();
    announce(`Restored ${one}`);
  }
  /** @param {string} one */
  async function remove(one) {
    if (!(await confirmed(`Delete ${one}?`, 'The snapshot is gone for good; the present state stays.', 'Delete')))
      return;
    await signet('DELETE', `/snapshots/${encodeURIComponent(one)}`);
    announce(`Deleted ${one}`);
  }

  void run(async () => undefined);
  return h(
    'section',
    { class: 'part' },
    h('h2', {}, 'Snapshots'),
    trouble,
    list,
    form(
      [h('div', { class: 'bar' }, field('Name', name), h('button', { class: 'primary' }, 'Take a snapshot'))],
      async () => {
        await signet('PUT', `/snapshots/${encodeURIComponent(name.value)}`);
        announce(`Took ${name.value}`);
        name.value = '';
        await load();
      },
    ),
  );
}

function reset() {
  const to = select([
    ['seed', 'The seed: its keys and identities'],
    ['identity', 'The seed’s identities, without any key'],
  ]);
  const scope = select(scopes);
  return h(
    'section',
    { class: 'part' },
    h('h2', {}, 'Reset'),
    form(
      [
        field('Begin again with', to),
        field('What is reset', scope),
        h('div', { class: 'actions' }, h('button', { class: 'danger' }, 'Reset…')),
      ],
      async () => {
        if (!(await confirmed('Reset?', 'Keys made since the start are lost.', 'Reset'))) return;
        await signet('POST', '/reset', { body: { to: to.value, ...scopeOf(scope) } });
        changed();
        announce('It is as at the beginning');
      },
    ),
  );
}

function exporting() {
  const scope = select(scopes);
  const passphrase = h('input', { type: 'password', autocomplete: 'new-password', maxlength: 1024 });
  return h(
    'section',
    { class: 'part' },
    h('h2', {}, 'Export'),
    form(
      [
        field('What is exported', scope),
        field('Passphrase', passphrase, 'Seals the file. Without one, key material stands in it as it is.'),
        h('div', { class: 'actions' }, h('button', {}, 'Export to a file')),
      ],
      async () => {
        const body = { ...scopeOf(scope), ...(passphrase.value && { passphrase: passphrase.value }) };
        const snapshot = await signet('POST', '/state/export', { body });
        download('signet-state.json', JSON.stringify(snapshot, null, 2));
        announce('Exported to signet-state.json');
      },
    ),
  );
}

function importing() {
  const file = h('input', { type: 'file', accept: '.json,application/json', required: true });
  const passphrase = h('input', { type: 'password', autocomplete: 'off', maxlength: 1024 });
  return h(
    'section',
    { class: 'part' },
    h('h2', {}, 'Import'),
    form(
      [
        field('File', file),
        field('Passphrase of the file', passphrase, 'Where it is sealed'),
        h('div', { class: 'actions' }, h('button', { class: 'danger' }, 'Import…')),
      ],
      async () => {
        const snapshot = await readJson(file.files?.[0]);
        if (
          !(await confirmed(
            'Import?',
            'What the file holds takes the place of the present state, or of its project.',
            'Import',
          ))
        )
          return;
        await signet('POST', '/state/import', {
          body: { ...snapshot, ...(passphrase.value && { passphrase: passphrase.value }) },
        });
        changed();
        announce('Imported');
      },
    ),
  );
}

/** @param {File | undefined} file @returns {Promise<object>} */
async function readJson(file) {
  try {
    return JSON.parse((await file?.text()) ?? '');
  } catch {
    throw new Error('This file is no JSON: it has not come from an export.');
  }
}

/** @param {string} name @param {string} text */
function download(name, text) {
  const href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = h('a', { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
