// @ts-check
/** Makes elements. What comes from the API goes in as text, never as markup. */

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {string | number | boolean | null | undefined | ((event: any) => unknown)} Attribute */

/**
 * An element with attributes (functions are listeners, `onclick`) and children.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Readonly<Record<string, Attribute>>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (name === 'value' && 'value' in element) Object.assign(element, { value: String(value ?? '') });
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, String(value));
  }
  put(element, ...children);
  return element;
}

/**
 * Adds children.
 * @param {Element} parent
 * @param {...Child} children
 */
function put(parent, ...children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : String(child));
  }
}

/**
 * Puts these children in the place of those that are there.
 * @param {Element} parent
 * @param {...Child} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren();
  put(parent, ...children);
}

/** Changes a text only where it is another: nothing flickers, and nothing is selected away. @param {Node} node @param {string} text */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let fading;

/** Says a short thing to everybody, those who listen to the page too. @param {string} text */
export function announce(text) {
  const announcer = byId('announcer');
  announcer.textContent = text;
  announcer.classList.add('shown');
  clearTimeout(fading);
  fading = setTimeout(() => announcer.classList.remove('shown'), 4000);
}

/** @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`No element #${id}`);
  return element;
}

let count = 0;

/**
 * A control with its label, and a line of help.
 * @template {HTMLElement} Control
 * @param {string} label
 * @param {Control} control
 * @param {Child} [help]
 */
export function field(label, control, help) {
  control.id ||= `control-${++count}`;
  const line = help ? h('small', { id: `${control.id}-help` }, help) : null;
  if (line !== null) control.setAttribute('aria-describedby', line.id);
  return h('div', { class: 'field' }, h('label', { for: control.id }, label), control, line);
}

/**
 * @param {readonly (string | readonly [value: string, text: string])[]} choices
 * @param {Readonly<Record<string, Attribute>>} [attributes]
 */
export function select(choices, attributes = {}) {
  const { value, ...others } = attributes;
  const element = h('select', others, ...optionsOf(choices));
  if (value !== undefined) element.value = String(value);
  return element;
}

/** @param {readonly (string | readonly [value: string, text: string])[]} choices */
export const optionsOf = (choices) =>
  choices.map((choice) => {
    const [value, text] = typeof choice === 'string' ? [choice, choice] : choice;
    return h('option', { value }, text);
  });

/** A list that a text input suggests. @param {string} id @param {readonly string[]} values */
export const suggestions = (id, values) => h('datalist', { id }, ...values.map((value) => h('option', { value })));

/** A button. @param {string} text @param {(event: Event) => unknown} onclick @param {Readonly<Record<string, Attribute>>} [attributes] */
export const button = (text, onclick, attributes = {}) => h('button', { type: 'button', onclick, ...attributes }, text);

/** A button that copies. @param {string} what @param {() => string} text */
export function copyButton(what, text) {
  return button('Copy', () => void copy(text(), what), { class: 'quiet', 'aria-label': `Copy ${what}` });
}

/** @param {string} text @param {string} what */
async function copy(text, what) {
  // The clipboard's own interface is there only on this machine and over HTTPS.
  if (window.isSecureContext) await navigator.clipboard.writeText(text);
  else {
    const area = h('textarea', { value: text, readonly: true });
    (document.querySelector('dialog[open]') ?? document.body).append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  announce(`Copied ${what}`);
}

/**
 * A table that becomes a list of cards where the window is narrow; roles are said since its look takes them away.
 * @param {string} label
 * @param {readonly string[]} columns
 * @param {readonly HTMLElement[]} rows
 * @param {string} [look]
 */
export function table(label, columns, rows, look = '') {
  const heads = columns.map((column) => h('th', { role: 'columnheader', scope: 'col', 'data-column': column }, column));
  return h(
    'table',
    { role: 'table', 'aria-label': label, class: `cards ${look}` },
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, ...heads)),
    h('tbody', { role: 'rowgroup' }, ...rows),
  );
}

/**
 * A row of such a table; cells by the names of their columns.
 * @param {Readonly<Record<string, Child>>} cells
 * @param {Readonly<Record<string, Attribute>>} [attributes]
 */
export function row(cells, attributes = {}) {
  const all = Object.entries(cells).map(([column, child]) =>
    h('td', { role: 'cell', 'data-column': column }, child ?? ''),
  );
  return h('tr', { role: 'row', ...attributes }, ...all);
}

/** Pairs of name and value. @param {readonly (readonly [string, Child] | false | null | undefined)[]} pairs */
export const facts = (pairs) =>
  h(
    'dl',
    { class: 'facts' },
    ...pairs.flatMap((pair) => (pair ? [h('dt', {}, pair[0]), h('dd', {}, pair[1] ?? '')] : [])),
  );

/** A title for a page, what it is good for, and what can be done there. @param {string} title @param {Child} about @param {...Child} actions */
export const heading = (title, about, ...actions) =>
  h(
    'div',
    { class: 'heading' },
    h('div', {}, h('h1', {}, title), h('p', {}, about)),
    h('div', { class: 'actions' }, ...actions),
  );

/** A text as it is, with a button to copy it. @param {string} what @param {string} text */
export const code = (what, text) =>
  h(
    'div',
    { class: 'code' },
    copyButton(what, () => text),
    h('pre', { tabindex: '0', 'aria-label': what }, text),
  );
