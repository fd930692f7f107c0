// @ts-check
import { forgetTokens, signet } from '../api.js';
import { attempt } from '../dialogs.js';
import { announce, button, facts, field, fill, h, heading, row, select, setText, table } from '../dom.js';
import { instant } from '../key-words.js';

/** @typedef {import('../api.js').Schemas['MovedClock']} Moved */

const steps = /** @type {const} */ ([
  ['1 minute', { minutes: 1 }],
  ['1 hour', { hours: 1 }],
  ['1 day', { days: 1 }],
  ['7 days', { days: 7 }],
  ['30 days', { days: 30 }],
  ['365 days', { days: 365 }],
]);

const events = {
  key_rotated: 'Key rotated',
  key_deleted: 'Key deleted',
  material_expired: 'Imported material expired',
};

/** What time it is for everything that ages. @returns {import('../main.js').Page} */
export function clockPage() {
  const face = h('output', { class: 'clock', 'aria-label': 'Signet’s time' }, '…');
  const state = h('div');
  const trouble = h('div', { role: 'alert' });
  const happened = h('div', { role: 'status', 'aria-live': 'polite' });
  const freeze = button('Freeze', () => move('PUT', '/clock', { frozen: freeze.textContent === 'Freeze' }));
  const to = h('input', { type: 'datetime-local', step: 1, required: true });
  const amount = h('input', { type: 'number', min: 0, step: 'any', value: '1', required: true });
  const unit = select(['seconds', 'minutes', 'hours', 'days'], { value: 'days' });
  let shown = { now: 0, frozen: true, readAt: 0 };

  const tick = () => setText(face, instant(shown.now + (shown.frozen ? 0 : performance.now() - shown.readAt)));
  const ticking = setInterval(() => shown.readAt > 0 && tick(), 250);

  /** @param {Moved} clock */
  const show = ({ now, frozen, offset_milliseconds: offset, happened: what }) => {
    const isFirst = shown.readAt === 0;
    shown = { now: Date.parse(now), frozen, readAt: performance.now() };
    tick();
    if (isFirst) to.value = now.slice(0, 19);
    setText(freeze, frozen ? 'Let it run' : 'Freeze');
    fill(
      state,
      facts([
        ['State', frozen ? 'frozen' : 'running'],
        [
          'Against the real time',
          offset === 0 ? 'the same' : `${duration(Math.abs(offset))} ${offset > 0 ? 'ahead' : 'behind'}`,
        ],
      ]),
    );
    if (what !== undefined) fill(happened, h('h2', {}, 'What happened on the way'), happening(what));
  };

  /** @param {string} method @param {string} path @param {unknown} [body] */
  const move = (method, path, body) =>
    attempt(trouble, async () => {
      show(await signet(method, path, { body }));
      if (method !== 'GET') {
        // Tokens age, too.
        forgetTokens();
        announce(`It is ${instant(shown.now)}`);
      }
    });

  const setForm = h('form', { class: 'bar' }, field('Set to (UTC)', to), h('button', {}, 'Set'));
  setForm.addEventListener('submit', (event) => {
    event.preventDefault();
    void move('PUT', '/clock', { now: new Date(`${to.value}Z`).toISOString() });
  });
  const advanceForm = h(
    'form',
    { class: 'bar' },
    field('Advance by', amount),
    field('Unit', unit),
    h('button', {}, 'Advance'),
  );
  advanceForm.addEventListener('submit', (event) => {
    event.preventDefault();
    void move('POST', '/clock/advance', { [unit.value]: Number(amount.value) });
  });

  void move('GET', '/clock');
  const element = h(
    'section',
    {},
    heading(
      'Clock',
      'The time for everything that ages: tokens, signatures, rotations, deletions. What falls due on the way happens, in order.',
    ),
    face,
    state,
    h(
      'div',
      { class: 'actions' },
      freeze,
      button('Back to the real time', () => move('DELETE', '/clock')),
    ),
    h(
      'section',
      { class: 'part' },
      h('h2', {}, 'Advance'),
      h(
        'div',
        { class: 'actions' },
        ...steps.map(([text, body]) => button(`+ ${text}`, () => move('POST', '/clock/advance', body))),
      ),
      advanceForm,
      setForm,
    ),
    trouble,
    happened,
  );
  return { element, close: () => clearInterval(ticking) };
}

/** @param {Moved['happened']} what */
const happening = (what) =>
  what.length === 0
    ? h('p', { class: 'soft' }, 'Nothing fell due.')
    : table(
        'What happened',
        ['At', 'Event', 'Key'],
        what.map(({ at, event, key_id, project_id }) =>
          row({
            At: instant(at),
            Event: events[event],
            Key: h('a', { href: `#/keys/${key_id}?project=${project_id}` }, h('code', {}, key_id)),
          }),
        ),
      );

const units = /** @type {const} */ ([
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
]);

/** @param {number} milliseconds */
function duration(milliseconds) {
  let rest = milliseconds;
  const parts = units.flatMap(([name, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? [`${count} ${name}`] : [];
  });
  return parts.slice(0, 2).join(' ') || `${milliseconds} ms`;
}
