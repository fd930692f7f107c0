// @ts-check
/** Questions that stand in the way until they are answered. Escape says no. */
import { button, field, h } from './dom.js';
import { adminToken } from './session.js';

/**
 * Opens a dialog; resolves to what `close` is called with, undefined after Escape.
 * @template Result
 * @param {string} title
 * @param {(close: (result: Result) => void) => readonly HTMLElement[]} content
 * @returns {Promise<Result | undefined>}
 */
function openDialog(title, content) {
  return new Promise((resolve) => {
    /** @type {Result | undefined} */
    let outcome;
    const close = (/** @type {Result} */ result) => {
      outcome = result;
      dialog.close();
    };
    const head = h('h2', { id: 'dialog-title' }, title);
    const dialog = h('dialog', { 'aria-labelledby': head.id }, head, ...content(close));
    // The browser puts the focus back to where it was.
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(outcome);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/**
 * Asks before something is lost.
 * @param {string} title
 * @param {string} text
 * @param {string} verb what the button says
 */
export async function confirmed(title, text, verb) {
  const yes = await openDialog(title, (/** @type {(result: boolean) => void} */ close) => [
    h('p', {}, text),
    h(
      'div',
      { class: 'actions end' },
      button('Cancel', () => close(false)),
      button(verb, () => close(true), { class: 'danger', autofocus: true }),
    ),
  ]);
  return yes === true;
}

/**
 * A form in a dialog: stays open, and shows what went wrong, until `send` has succeeded.
 * @param {string} title
 * @param {string} verb
 * @param {readonly HTMLElement[]} fields
 * @param {() => Promise<unknown>} send
 * @param {Readonly<{ danger?: boolean }>} [look]
 * @returns {Promise<boolean>}
 */
export async function formDialog(title, verb, fields, send, { danger = false } = {}) {
  const done = await openDialog(title, (/** @type {(result: boolean) => void} */ close) => [
    form(
      [
        ...fields,
        h(
          'div',
          { class: 'actions end' },
          button('Cancel', () => close(false)),
          h('button', { class: danger ? 'danger' : 'primary' }, verb),
        ),
      ],
      async () => {
        await send();
        close(true);
      },
    ),
  ]);
  return done === true;
}

/**
 * A form that calls `send` when Enter or its button is pressed, and shows in place what went wrong.
 * @param {readonly HTMLElement[]} children
 * @param {() => Promise<unknown>} send
 */
export function form(children, send) {
  const trouble = h('div', { role: 'alert' });
  const element = h('form', {}, ...children.slice(0, -1), trouble, ...children.slice(-1));
  let isUnderWay = false;
  element.addEventListener('submit', async (event) => {
    event.preventDefault();
    // A second click while it is under way does nothing.
    if (isUnderWay) return;
    isUnderWay = true;
    await attempt(trouble, send, [...element.querySelectorAll('button')]);
    isUnderWay = false;
  });
  return element;
}

/**
 * Does something, and says in place what went wrong.
 * @param {HTMLElement} place
 * @param {() => Promise<unknown>} act
 * @param {readonly HTMLButtonElement[]} [buttons] out of order while it is done
 */
export async function attempt(place, act, buttons = []) {
  place.replaceChildren();
  for (const one of buttons) one.setAttribute('aria-disabled', 'true');
  try {
    await act();
  } catch (error) {
    place.replaceChildren(refusal(error));
  } finally {
    for (const one of buttons) one.removeAttribute('aria-disabled');
  }
}

/** What went wrong: code, text, and the request in the journal. @param {any} error */
export function refusal(error) {
  const { status, code, requestId, message } = error;
  if (code === undefined) return h('div', { class: 'refusal' }, String(message ?? error));
  return h(
    'div',
    { class: 'refusal' },
    h('strong', {}, code, status ? ` (HTTP ${status})` : ''),
    ` ${message} `,
    requestId && source(code, requestId),
  );
}

/** The journal has the requests to the vendors' services, not those to Signet itself. @param {string} code @param {string} requestId */
const source = (code, requestId) =>
  code.startsWith('Signet.')
    ? h('span', {}, 'Request ', h('code', {}, requestId))
    : h('a', { href: `#/journal/${requestId}` }, 'Why? Request ', h('code', {}, requestId));

/** @type {Promise<void> | undefined} */
let asking;

/** Asks once, however many requests want it. @param {string} why */
export function askAdminToken(why) {
  asking ??= ask(why).finally(() => (asking = undefined));
  return asking;
}

/** @param {string} why */
async function ask(why) {
  const input = h('input', { type: 'password', autocomplete: 'off', required: true });
  const isWrong = adminToken.get() !== '';
  const given = await formDialog(
    'Admin token',
    'Use it',
    [
      h('p', {}, isWrong ? 'This is not the admin token.' : why),
      field('Admin token', input, 'Kept in this window until it is closed.'),
    ],
    async () => adminToken.set(input.value.trim()),
  );
  if (!given) throw new Error('Without the admin token nothing can be shown here. Reload the page to enter it.');
}
