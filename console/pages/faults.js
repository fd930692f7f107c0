// @ts-check
import { listProjects, openContract, signet } from '../api.js';
import { attempt, confirmed, form } from '../dialogs.js';
import { announce, button, fill, h, heading, row, table } from '../dom.js';
import { effectOf, faultForm } from '../fault-form.js';

/** @typedef {import('../api.js').Schemas['Fault']} Fault */

const columns = ['Operation', 'Effect', 'When', 'Calls', 'For', 'Actions'];

/** Rules that let calls fail. @returns {import('../main.js').Page} */
export function faultsPage() {
  const trouble = h('div', { role: 'alert' });
  const list = h('div', {}, h('p', { class: 'soft' }, 'Reading the rules…'));
  const adding = h('div');

  const load = async () => {
    /** @type {readonly Fault[]} */
    const faults = (await signet('GET', '/faults')).faults;
    if (faults.length === 0) fill(list, h('p', { class: 'empty' }, 'No rule: every call goes its way.'));
    else fill(list, table('Fault rules', columns, faults.map(faultRow)));
  };
  /** @param {() => Promise<unknown>} act */
  const run = (act) =>
    attempt(trouble, async () => {
      await act();
      await load();
    });

  /** @param {Fault} fault */
  const faultRow = (fault) =>
    row({
      Operation: h('code', {}, fault.operation),
      Effect: effectOf(fault),
      When: [
        fault.phase,
        fault.skip > 0 && `after ${fault.skip} calls`,
        fault.times !== undefined && (fault.times === 1 ? 'once' : `${fault.times} times`),
        fault.probability < 1 && `probability ${fault.probability}`,
      ]
        .filter(Boolean)
        .join(', '),
      Calls: `${fault.acted} of ${fault.matched} spoilt`,
      For:
        [fault.project_id && `project ${fault.project_id}`, fault.key_id && `key ${fault.key_id}`]
          .filter(Boolean)
          .join(', ') || 'any',
      Actions: button(
        'Remove',
        () =>
          run(async () => {
            await signet('DELETE', `/faults/${encodeURIComponent(fault.id)}`);
            announce('Removed');
          }),
        { class: 'quiet', 'aria-label': `Remove the rule for ${fault.operation}` },
      ),
    });

  const clear = () =>
    run(async () => {
      if (!(await confirmed('Remove all rules?', 'Every call goes its way again.', 'Remove all'))) return;
      await signet('DELETE', '/faults');
      announce('No rule is left');
    });

  void attempt(adding, async () => {
    const { element, read } = faultForm(...(await Promise.all([openContract(), listProjects()])));
    fill(
      adding,
      form(
        [h('h2', {}, 'Add a rule'), element, h('div', { class: 'actions' }, h('button', { class: 'primary' }, 'Add'))],
        async () => {
          await signet('POST', '/faults', { body: read() });
          announce('Added');
          await load();
        },
      ),
    );
  });
  void run(async () => undefined);
  const element = h(
    'section',
    {},
    heading(
      'Faults',
      'Let calls fail, be late or break off, to see what your program makes of it. The first rule that matches acts.',
      button('Refresh', () => run(async () => undefined)),
      button('Remove all…', clear, { class: 'danger' }),
    ),
    trouble,
    list,
    h('section', { class: 'part' }, adding),
  );
  return { element };
}
