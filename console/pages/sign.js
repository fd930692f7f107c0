// @ts-check
import { signingAlgorithms } from '../algorithms.js';
import { kms, signet } from '../api.js';
import { attempt, refusal } from '../dialogs.js';
import { button, copyButton, field, fill, h, heading, optionsOf, select } from '../dom.js';
import { explanationView } from '../explanation.js';
import { stateText } from '../key-words.js';
import { messageFields } from '../message.js';
import { canSign, listKeys } from './keys.js';

/** Sign and verify; with an id in the address, with that key. @param {import('../main.js').Route} route @returns {import('../main.js').Page} */
export function signPage(route) {
  const element = h('section');
  const body = h('div', {}, h('p', { class: 'soft' }, 'Reading the keys…'));
  fill(
    element,
    heading(
      'Sign & verify',
      'Sign with a key of the project, or check a signature. The last answer is explained below.',
    ),
    body,
  );
  void attempt(body, async () => {
    const keys = (await listKeys()).filter(canSign);
    body.replaceChildren(
      keys.length === 0
        ? h(
            'p',
            { class: 'empty' },
            'No key of this project can sign. ',
            h('a', { href: '#/keys' }, 'Create one'),
            ', such as EC_P256.',
          )
        : signForm(keys, route.rest),
    );
  });
  return { element };
}

/** @param {readonly import('../api.js').Schemas['KeyDetails'][]} keys @param {string} wanted */
function signForm(keys, wanted) {
  const key = select(
    keys.map(({ key_id, key_alias, key_spec, key_state }) => [
      key_id,
      `${key_alias} (${key_spec}${key_state === '2' ? '' : `, ${stateText(key_state).toLowerCase()}`})`,
    ]),
    { value: keys.find(({ key_id }) => key_id === wanted)?.key_id ?? keys[0]?.key_id },
  );
  const algorithm = select([]);
  const message = messageFields(() => algorithm.value);
  const signature = h('textarea', { rows: 4, class: 'mono', spellcheck: false });
  const result = h('div', { role: 'status', 'aria-live': 'polite', class: 'result' });
  const trouble = h('div', { role: 'alert' });
  const explanation = h('div');

  const offer = () => {
    const { key_spec: spec = '' } = keys.find(({ key_id }) => key_id === key.value) ?? {};
    algorithm.replaceChildren(...optionsOf(signingAlgorithms[spec] ?? []));
    message.refresh();
  };
  key.addEventListener('change', offer);
  algorithm.addEventListener('change', message.refresh);
  offer();

  let turn = 0;
  // Not waited for: who clicks on meanwhile wants the next thing.
  const explain = async (/** @type {string} */ requestId) => {
    const mine = ++turn;
    const view = await explained(requestId);
    if (mine === turn) fill(explanation, view);
  };

  /**
   * Asks the KMS, says what it answers, and why.
   * @param {string} action
   * @param {() => object} more
   * @param {(answer: any) => HTMLElement} say
   */
  const run = (action, more, say) => {
    turn += 1;
    fill(result);
    fill(explanation);
    return attempt(trouble, async () => {
      const request = { key_id: key.value, signing_algorithm: algorithm.value, ...(await message.read()), ...more() };
      const { body, requestId } = await kms(action, request);
      fill(result, say(body));
      void explain(requestId);
    });
  };
  const sign = () =>
    run(
      'sign',
      () => ({}),
      (answer) => {
        signature.value = answer.signature;
        return h('p', { class: 'verdict good' }, 'Signed. The signature is in its field.');
      },
    );
  const verify = () =>
    run(
      'verify',
      () => ({ signature: signature.value.replaceAll(/\s/g, '') }),
      (answer) =>
        answer.signature_valid === 'true'
          ? h('p', { class: 'verdict good' }, 'true: the signature is valid.')
          : h('p', { class: 'verdict bad' }, 'false: the signature is not valid.'),
    );

  const form = h(
    'form',
    { class: 'columns' },
    h(
      'div',
      {},
      h('div', { class: 'pair' }, field('Key', key), field('Algorithm', algorithm)),
      message.element,
      h('div', { class: 'actions' }, h('button', { class: 'primary' }, 'Sign')),
    ),
    h(
      'div',
      {},
      field('Signature (Base64)', signature, 'Sign fills it in; or paste one that came from elsewhere.'),
      h(
        'div',
        { class: 'actions' },
        button('Verify', verify, { class: 'primary' }),
        copyButton('the signature', () => signature.value),
      ),
      result,
      trouble,
    ),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void sign();
  });
  return h('div', {}, form, explanation);
}

/** @param {string} requestId */
async function explained(requestId) {
  const more = h('p', { class: 'soft' }, h('a', { href: `#/journal/${requestId}` }, 'This request in the journal'));
  try {
    const explanation = await signet('GET', `/journal/${requestId}/explanation`);
    return h('section', { class: 'part' }, h('h2', {}, 'What happened'), explanationView(explanation), more);
  } catch (error) {
    return refusal(error);
  }
}
