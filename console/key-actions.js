// @ts-check
/** What can be done to a key: asked for in a dialog where it takes more than a click. */
import { usages } from './algorithms.js';
import { kms } from './api.js';
import { formDialog } from './dialogs.js';
import { announce, button, field, h, optionsOf, select } from './dom.js';

/** @typedef {import('./api.js').Schemas['KeyDetails']} Key */

/** Resolves to the new key's id, undefined when it was not wanted after all. @returns {Promise<string | undefined>} */
export async function createKey() {
  const name = h('input', {
    required: true,
    pattern: '[a-zA-Z0-9:\\/_\\-]{1,255}',
    autofocus: true,
    autocomplete: 'off',
  });
  const spec = select(Object.keys(usages));
  const usage = h('select');
  const offer = () => usage.replaceChildren(...optionsOf(usages[spec.value] ?? []));
  spec.addEventListener('change', offer);
  offer();
  const origin = select([
    ['kms', 'Made here (kms)'],
    ['external', 'To be imported (external)'],
  ]);
  const description = h('input', { maxlength: 255, autocomplete: 'off' });
  let id;
  await formDialog(
    'Create a key',
    'Create',
    [
      field('Name', name, 'Letters, digits and : / _ -'),
      h('div', { class: 'pair' }, field('Key spec', spec), field('Usage', usage)),
      field('Origin of the material', origin),
      field('Description', description),
    ],
    async () => {
      const { body } = await kms('create-key', {
        key_alias: name.value,
        key_spec: spec.value,
        key_usage: usage.value,
        key_description: description.value,
        origin: origin.value,
      });
      id = body.key_info.key_id;
      announce(`Created ${name.value}`);
    },
  );
  return id;
}

/** @param {Key} key */
async function scheduleDeletion(key) {
  const days = h('input', { type: 'number', min: 7, max: 1096, value: '7', required: true, autofocus: true });
  await formDialog(
    `Delete ${key.key_alias}?`,
    'Schedule deletion',
    [
      h(
        'p',
        {},
        'The key is out of use at once, and gone for good when the days are over. Until then it can be cancelled.',
      ),
      field('Days to wait', days, '7 to 1096. The Clock tab can make them pass.'),
    ],
    async () => {
      await kms('schedule-key-deletion', { key_id: key.key_id, pending_days: days.value });
      announce(`${key.key_alias} is deleted in ${days.value} days`);
    },
    { danger: true },
  );
}

/** @param {string} action @param {string} verb @param {string} said */
const change = (action, verb, said) => ({
  verb,
  /** @param {Key} key */
  act: async ({ key_id, key_alias }) => {
    await kms(action, { key_id });
    announce(`${key_alias} is ${said}`);
  },
});

const enable = change('enable-key', 'Enable', 'enabled');
const disable = change('disable-key', 'Disable', 'disabled');
const remove = { verb: 'Delete…', act: scheduleDeletion };
const cancel = change('cancel-key-deletion', 'Cancel deletion', 'no longer to be deleted; it is disabled');

/** By state. @type {Readonly<Record<string, readonly { verb: string, act: (key: Key) => Promise<unknown> }[]>>} */
const actions = { 2: [disable, remove], 3: [enable, remove], 4: [cancel], 5: [remove] };

/**
 * Buttons for what can be done to the key in its state.
 * @param {Key} key
 * @param {(act: () => Promise<unknown>) => void} run
 */
export const keyButtons = (key, run) =>
  (actions[key.key_state] ?? []).map(({ verb, act }) =>
    button(verb, () => run(() => act(key)), { 'aria-label': `${verb} ${key.key_alias}`, class: 'quiet' }),
  );
