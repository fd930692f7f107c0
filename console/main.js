// @ts-check
/** The frame: tabs, the project, colours, and which page belongs to the part of the address behind #. */
import { listProjects, projectName, signet } from './api.js';
import { refusal } from './dialogs.js';
import { byId, fill, h, optionsOf, setText } from './dom.js';
import { project } from './session.js';

/** @typedef {{ rest: string, query: URLSearchParams }} Route */
/**
 * @typedef {object} Page
 * @property {HTMLElement} element
 * @property {(route: Route) => void} [follow] goes to another place on the same page
 * @property {() => void} [close]
 */

/** Loaded when they are first looked at. @type {Readonly<Record<string, { title: string, load: () => Promise<(route: Route) => Page> }>>} */
const pages = {
  keys: { title: 'Keys', load: async () => (await import('./pages/keys.js')).keysPage },
  sign: { title: 'Sign & verify', load: async () => (await import('./pages/sign.js')).signPage },
  journal: { title: 'Journal', load: async () => (await import('./pages/journal.js')).journalPage },
  explain: { title: 'Explain', load: async () => (await import('./pages/explain.js')).explainPage },
  faults: { title: 'Faults', load: async () => (await import('./pages/faults.js')).faultsPage },
  clock: { title: 'Clock', load: async () => (await import('./pages/clock.js')).clockPage },
  state: { title: 'State', load: async () => (await import('./pages/state.js')).statePage },
  reference: { title: 'Reference', load: async () => (await import('./pages/reference.js')).referencePage },
};

const main = byId('page');
const tabs = Object.entries(pages).map(([name, { title }]) =>
  h('a', { role: 'tab', id: `tab-${name}`, href: `#/${name}`, 'aria-controls': 'page' }, title),
);
byId('tabs').append(...tabs);

/** @type {{ name: string, page: Page } | undefined} */
let shown;
let turn = 0;

/** @returns {Route & { name: string }} */
function readAddress() {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [name = '', ...rest] = path.split('/');
  const known = Object.hasOwn(pages, name) ? name : 'keys';
  return { name: known, rest: decoded(rest.join('/')), query: new URLSearchParams(query) };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function show({ isNew = false } = {}) {
  const { name, ...route } = readAddress();
  const wanted = route.query.get('project');
  if (wanted !== null && wanted !== project.get() && choose(wanted)) isNew = true;
  for (const tab of tabs) {
    const isCurrent = tab.id === `tab-${name}`;
    tab.setAttribute('aria-selected', String(isCurrent));
    tab.tabIndex = isCurrent ? 0 : -1;
    if (isCurrent) tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
  main.setAttribute('aria-labelledby', `tab-${name}`);
  document.title = `${pages[name]?.title} · Signet console`;
  if (!isNew && shown?.name === name && shown.page.follow !== undefined) return shown.page.follow(route);
  const mine = ++turn;
  const open = await pages[name]?.load();
  if (mine !== turn || open === undefined) return;
  shown?.page.close?.();
  const page = open(route);
  shown = { name, page };
  fill(main, page.element);
}

const projects = /** @type {HTMLSelectElement} */ (byId('project'));

/** @param {string} id */
function choose(id) {
  if (![...projects.options].some(({ value }) => value === id)) return false;
  projects.value = id;
  project.set(id);
  return true;
}

async function loadProjects() {
  const all = await listProjects();
  projects.replaceChildren(...optionsOf(all.map((one) => [one.id, projectName(one, all)])));
  // Isolated projects are empty at first, and may stand before that of the seed.
  const first = all.find(({ keys }) => keys > 0) ?? all[0];
  if (!choose(project.get()) && first !== undefined) choose(first.id);
  if (all.length === 0) project.set('');
}

projects.addEventListener('change', () => {
  project.set(projects.value);
  // The address may name something of the other project.
  const { name } = readAddress();
  if (location.hash === `#/${name}`) void show({ isNew: true });
  else {
    shown?.page.close?.();
    shown = undefined;
    location.hash = `#/${name}`;
  }
});

/** Projects come and go with the state. */
addEventListener('signet:state', () => void loadProjects());

byId('tabs').addEventListener('keydown', (event) => {
  const at = tabs.findIndex((tab) => tab === document.activeElement);
  /** @type {Readonly<Record<string, number>>} */
  const targets = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 };
  const target = targets[event.key];
  if (target === undefined || at < 0) return;
  event.preventDefault();
  const tab = tabs[(target + tabs.length) % tabs.length];
  tab?.focus();
  tab?.click();
});

addEventListener('keydown', (event) => {
  const isTyping = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const filter = main.querySelector('input[type=search]');
  if (!(filter instanceof HTMLInputElement) || document.querySelector('dialog[open]') !== null) return;
  event.preventDefault();
  filter.focus();
  filter.select();
});

const theme = /** @type {HTMLSelectElement} */ (byId('theme'));
theme.value = document.documentElement.dataset['theme'] ?? '';
theme.addEventListener('change', () => {
  document.documentElement.dataset['theme'] = theme.value;
  localStorage.setItem('signet-theme', theme.value);
});

async function showVersion() {
  const { version, node, openssl } = await signet('GET', '/version');
  setText(byId('version'), `Signet ${version}, Node.js ${node}, OpenSSL ${openssl}`);
}

addEventListener('hashchange', () => void show());
try {
  await loadProjects();
} catch (error) {
  fill(main, refusal(error));
}
if (main.childElementCount === 0) await show();
showVersion().catch(() => setText(byId('version'), ''));
