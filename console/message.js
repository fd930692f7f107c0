// @ts-check
/** The part of a form in which a message is entered: as text, Base64, hex or a file, whole or as its digest. */
import { hashOf, takesDigest } from './algorithms.js';
import { digest, readers, toBase64, toHex } from './bytes.js';
import { field, h, select, setText } from './dom.js';

const MOST_BYTES = 4096;

/**
 * @param {() => string} algorithm the one that is chosen
 * @returns {{ element: HTMLElement, refresh: () => void, read: () => Promise<{ message: string, message_type: string }> }}
 */
export function messageFields(algorithm) {
  const type = select([
    ['RAW', 'RAW: the whole message'],
    ['DIGEST', 'DIGEST: its digest'],
  ]);
  const form = select([
    ['text', 'Text'],
    ['base64', 'Base64'],
    ['hex', 'Hex'],
    ['file', 'File'],
  ]);
  const text = h('textarea', { rows: 4, value: 'hello', spellcheck: false });
  const file = h('input', { type: 'file' });
  const hashHere = h('input', { type: 'checkbox', id: 'hash-here' });
  const hashLabel = h('label', { for: 'hash-here' });
  hashHere.checked = true;
  const hashLine = h('div', { class: 'check' }, hashHere, hashLabel);
  const shown = h('output', { class: 'soft', 'aria-live': 'polite' });
  const textField = field('Message', text);
  const fileField = field('Message from a file', file);

  const entered = async () => {
    if (form.value !== 'file')
      return /** @type {NonNullable<typeof readers[string]>} */ (readers[form.value])(text.value);
    const chosen = file.files?.[0];
    if (chosen === undefined) throw new Error('Choose a file first.');
    return new Uint8Array(await chosen.arrayBuffer());
  };

  /** The bytes that go to the service. */
  const bytes = async () => {
    const message = await entered();
    return type.value === 'DIGEST' && hashHere.checked ? digest(hashOf(algorithm()), message) : message;
  };

  const read = async () => {
    const message = await bytes();
    if (message.length === 0) throw new Error('The message is empty.');
    if (message.length > MOST_BYTES)
      throw new Error(
        `The message has ${message.length} bytes; the service takes ${MOST_BYTES}. Longer ones are signed as DIGEST.`,
      );
    return { message: toBase64(message), message_type: type.value };
  };

  let turn = 0;
  const refresh = async () => {
    const [, digestOption] = type.options;
    if (digestOption !== undefined) digestOption.disabled = !takesDigest(algorithm());
    if (digestOption?.disabled) type.value = 'RAW';
    const hash = hashOf(algorithm());
    const isDigest = type.value === 'DIGEST';
    hashLine.hidden = !isDigest || hash === undefined;
    if (hash === undefined) hashHere.checked = false;
    setText(hashLabel, `Make the ${hash} digest of the message in this page`);
    textField.hidden = form.value === 'file';
    fileField.hidden = form.value !== 'file';
    const mine = ++turn;
    const line = await bytes().then(
      (all) => (isDigest && hashHere.checked ? `${hash}: ${toHex(all)}` : `${all.length} bytes`),
      (/** @type {Error} */ error) => error.message,
    );
    if (mine === turn) setText(shown, line);
  };
  for (const control of [type, form, text, file, hashHere]) control.addEventListener('input', () => void refresh());

  const element = h(
    'fieldset',
    {},
    h('legend', {}, 'Message'),
    h('div', { class: 'pair' }, field('Message type', type), field('Entered as', form)),
    textField,
    fileField,
    hashLine,
    shown,
  );
  return { element, refresh: () => void refresh(), read };
}
