// @ts-check
import { openContract } from '../api.js';
import { attempt } from '../dialogs.js';
import { facts, field, fill, h, heading, setText } from '../dom.js';
import { propertyView, resolve, schemaView } from '../schema.js';

/** @typedef {{ id: string, method: string, path: string, family: string, tag: string, text: string, item: any, operation: any }} Entry */

const methods = ['get', 'head', 'post', 'put', 'patch', 'delete'];
const fidelities = {
  observed: 'seen on the real service',
  documented: 'as its reference says',
  assumed: 'our best guess',
};

/** The contract, to browse; with an operation in the address, open at it. @param {import('../main.js').Route} route @returns {import('../main.js').Page} */
export function referencePage(route) {
  const filter = h('input', { type: 'search', placeholder: 'Name, path, error code' });
  const count = h('span', { class: 'soft', role: 'status' });
  const body = h('div', {}, h('p', { class: 'soft' }, 'Reading the contract…'));
  /** @type {(to: import('../main.js').Route) => void} */
  let follow = () => undefined;

  void attempt(body, async () => {
    const contract = await openContract();
    const entries = entriesOf(contract);
    const contents = h('nav', { class: 'contents', 'aria-label': 'Operations' });
    const detail = h('article', { tabindex: '-1', 'aria-label': 'Operation' });
    /** @type {Map<string, HTMLElement>} */
    const links = new Map();
    for (const [family, members] of Map.groupBy(entries, ({ family: name }) => name)) {
      const items = members.map((entry) => {
        const link = h(
          'a',
          { href: `#/reference/${entry.id}` },
          h('span', { class: `method ${entry.method}` }, entry.method),
          ` ${entry.id.split('.')[1]}`,
        );
        const item = h('li', {}, link);
        links.set(entry.id, item);
        return item;
      });
      contents.append(h('section', {}, h('h2', {}, family), h('ul', {}, ...items)));
    }

    const narrow = () => {
      const words = filter.value.toLowerCase().split(/\s+/);
      let matching = 0;
      for (const { id, text } of entries) {
        const isWanted = words.every((word) => text.includes(word));
        if (isWanted) matching += 1;
        links.get(id)?.toggleAttribute('hidden', !isWanted);
      }
      for (const section of contents.children)
        section.toggleAttribute('hidden', section.querySelector('li:not([hidden])') === null);
      setText(count, `${matching} of ${entries.length} operations`);
    };
    filter.addEventListener('input', narrow);
    narrow();

    follow = ({ rest }) => {
      const entry = entries.find(({ id }) => id === rest);
      for (const [id, item] of links) item.toggleAttribute('data-chosen', id === rest);
      split.toggleAttribute('data-detail', entry !== undefined);
      fill(detail, ...(entry === undefined ? [overview(contract)] : operationView(contract, entry)));
      if (entry === undefined) return;
      detail.focus({ preventScroll: true });
      detail.scrollTop = 0;
      const item = links.get(rest);
      // The list alone, not the window: the filter is to stay in sight.
      if (item !== undefined && contents.offsetParent !== null)
        contents.scrollTop = item.offsetTop - contents.clientHeight / 3;
      else detail.scrollIntoView({ block: 'start' });
    };
    const split = h('div', { class: 'split reference' }, contents, detail);
    fill(body, split);
    follow(route);
  });

  const element = h(
    'section',
    {},
    heading(
      'API reference',
      'Every operation that this Signet answers, from its own OpenAPI document.',
      h('a', { class: 'button', href: '/_signet/openapi.json' }, 'openapi.json'),
    ),
    h('div', { class: 'bar' }, field('Filter', filter), count),
    body,
  );
  return { element, follow: (to) => follow(to) };
}

/** @param {any} contract @returns {readonly Entry[]} */
const entriesOf = ({ paths }) =>
  Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      if (operation === undefined) return [];
      const { operationId: id, tags = [], summary = '' } = operation;
      const family = operation['x-family'] ?? tags[0];
      const text = [id, path, method, summary, family, ...(operation['x-refusals'] ?? [])].join(' ').toLowerCase();
      return [
        {
          id,
          method,
          path,
          family: tags[0] === 'emulator' ? `Signet, ${family}` : family,
          tag: tags[0],
          text,
          item,
          operation,
        },
      ];
    }),
  );

/** @param {any} contract */
const overview = ({ info, tags }) =>
  h(
    'div',
    {},
    h('h2', {}, `${info.title} ${info.version}`),
    h('p', {}, info.description),
    facts(tags.map((/** @type {any} */ { name, description }) => /** @type {const} */ ([name, description]))),
  );

/** @param {any} contract @param {Entry} entry */
function operationView(contract, { id, method, path, tag, item, operation }) {
  const { summary, description, externalDocs, requestBody, responses, security = contract.security } = operation;
  const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((one) => resolve(contract, one));
  const ofTag = contract.tags.find((/** @type {any} */ { name }) => name === tag)?.['x-refusals'] ?? [];
  const refusals = [...(operation['x-refusals'] ?? []), ...ofTag];
  const media = Object.values(requestBody?.content ?? {})[0];
  const body = resolve(contract, media?.schema);
  const fidelity = /** @type {keyof typeof fidelities | undefined} */ (operation['x-fidelity']);
  return [
    h('p', { class: 'back' }, h('a', { href: '#/reference' }, '← All operations')),
    h('h2', {}, id),
    h('p', { class: 'path' }, h('span', { class: `method ${method}` }, method), ' ', h('code', {}, path)),
    h('p', {}, summary),
    description && h('p', {}, description),
    facts([
      fidelity && ['Known', `${fidelity}: ${fidelities[fidelity]}`],
      externalDocs && [
        "Vendor's page",
        h('a', { href: externalDocs.url, target: '_blank', rel: 'noopener noreferrer' }, externalDocs.url),
      ],
      ['Credential', credentialOf(security)],
      operation['x-permission'] && ['Permission', h('code', {}, operation['x-permission'].action)],
    ]),
    parameters.length > 0 && h('h3', {}, 'Parameters'),
    parameters.length > 0 &&
      h(
        'ul',
        { class: 'schema' },
        ...parameters.map(({ name, in: where, schema, required, description: about }) =>
          propertyView(contract, { name, schema, description: about, isRequired: required === true, where }),
        ),
      ),
    body && h('h3', {}, requestBody.required === true ? 'Request body' : 'Request body, may be left out'),
    body && schemaView(contract, body),
    ...examples('Example of a request', media, body),
    ...Object.entries(responses).flatMap(([status, node]) => answerView(contract, status, node)),
    refusals.length > 0 && h('h3', {}, 'Refusals'),
    refusals.length > 0 &&
      h('ul', { class: 'chips' }, ...refusals.map((refusal) => h('li', {}, h('code', {}, refusal)))),
  ];
}

/** @param {any} contract @param {string} status @param {any} node */
function answerView(contract, status, node) {
  const { description, content } = resolve(contract, node);
  const [type, media] = Object.entries(content ?? {})[0] ?? [];
  return [
    h('h3', {}, status === 'default' ? 'When refused' : `Answer ${status}`),
    h('p', {}, description, type !== undefined && type !== 'application/json' && ` (${type})`),
    media?.schema && schemaView(contract, media.schema),
    ...examples('Example of an answer', media, resolve(contract, media?.schema)),
  ];
}

/** @param {string} title @param {any} media @param {any} schema */
function examples(title, media, schema) {
  const named = Object.values(media?.examples ?? {}).map((/** @type {any} */ { value }) => value);
  const all = [...named, media?.example, schema?.example].filter((one) => one !== undefined);
  return all.map((one) =>
    h('figure', {}, h('figcaption', {}, title), h('pre', { tabindex: '0' }, JSON.stringify(one, null, 2))),
  );
}

/** @param {readonly object[]} security */
const credentialOf = (security) =>
  security.length === 0 ? 'none' : security.map((one) => Object.keys(one).join(' and ') || 'none').join(', or ');
