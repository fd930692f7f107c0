// @ts-check
import { kms } from '../api.js';
import { attempt, refusal } from '../dialogs.js';
import { code, copyButton, facts, fill, h, heading } from '../dom.js';
import { keyButtons } from '../key-actions.js';
import { instant, stateBadge, time } from '../key-words.js';
import { canSign } from './keys.js';

/** @typedef {import('../api.js').Schemas['KeyDetails']} Key */

/** All that is known of one key. @param {string} id */
export function keyView(id) {
  const element = h('div', {}, h('p', { class: 'soft' }, 'Reading the key…'));
  const trouble = h('div', { role: 'alert' });

  const draw = async () => {
    const { key_info: key } = (await kms('describe-key', { key_id: id })).body;
    const parts = await Promise.all(partsOf(key));
    fill(element, top(key), trouble, ...parts);
  };
  /** @param {() => Promise<unknown>} act */
  const run = (act) =>
    attempt(trouble, async () => {
      await act();
      await draw();
    });

  /** @param {Key} key */
  const top = (key) =>
    h(
      'div',
      {},
      h('p', {}, h('a', { href: '#/keys' }, '← All keys')),
      heading(
        key.key_alias,
        stateBadge(key.key_state),
        canSign(key) && h('a', { class: 'button primary', href: `#/sign/${id}` }, 'Sign with this key'),
        ...keyButtons(key, run),
      ),
      keyFacts(key),
    );

  fill(element, trouble);
  void run(async () => undefined);
  return element;
}

/** @param {Key} key */
const keyFacts = (key) =>
  facts([
    [
      'Id',
      h(
        'span',
        { class: 'id' },
        h('code', {}, key.key_id),
        copyButton('the id', () => key.key_id),
      ),
    ],
    ['Spec', key.key_spec],
    ['Usage', key.key_usage],
    ['Description', key.key_description || '–'],
    ['Origin', key.origin === 'external' ? 'imported (external)' : 'made here (kms)'],
    ['Created', time(key.creation_date)],
    key.scheduled_deletion_date !== '' && ['Deleted at', time(key.scheduled_deletion_date)],
    key.expiration_time !== '' && ['Material expires', time(key.expiration_time)],
    ['Region', key.realm],
    ['Domain', h('code', {}, key.domain_id)],
  ]);

/** What other operations say of it. @param {Key} key */
function partsOf({ key_id, key_usage, key_spec, key_state, origin }) {
  const isSymmetric = /^(?:AES|SM4)/.test(key_spec);
  const hasPublicKey = !isSymmetric && !key_spec.startsWith('HMAC') && key_state !== '5';
  return [
    part('Aliases', async () => {
      const { aliases } = (await kms(`GET aliases?key_id=${key_id}`)).body;
      return list(aliases.map((/** @type {{ alias: string }} */ { alias }) => alias));
    }),
    part('Tags', async () => {
      const { tags } = (await kms(`GET ${key_id}/tags`)).body;
      return list(tags.map((/** @type {{ key: string, value: string }} */ { key, value }) => `${key} = ${value}`));
    }),
    ...(isSymmetric && origin === 'kms' ? [part('Rotation', () => rotation(key_id))] : []),
    ...(hasPublicKey
      ? [
          part(key_usage === 'SIGN_VERIFY' ? 'Public key' : 'Public key for encryption', async () => {
            const { public_key } = (await kms('get-publickey', { key_id })).body;
            return code('the public key', public_key);
          }),
        ]
      : []),
  ];
}

/** @param {string} key_id */
async function rotation(key_id) {
  const { body } = await kms('get-key-rotation-status', { key_id });
  const last = body.last_rotation_time === '' ? 'never' : instant(body.last_rotation_time);
  return h(
    'p',
    {},
    body.key_rotation_enabled ? `Every ${body.rotation_interval} days` : 'Off',
    `; rotated ${body.number_of_rotations} times, last: ${last}.`,
  );
}

/** @param {string} title @param {() => Promise<HTMLElement>} content */
async function part(title, content) {
  const shown = await content().catch(refusal);
  return h('section', { class: 'part' }, h('h2', {}, title), shown);
}

/** @param {readonly string[]} items */
const list = (items) =>
  items.length === 0
    ? h('p', { class: 'soft' }, 'None')
    : h('ul', { class: 'chips' }, ...items.map((item) => h('li', {}, h('code', {}, item))));
