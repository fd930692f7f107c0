// @ts-check
/** The form for a fault rule, and the rule that it stands for. */
import { projectName } from './api.js';
import { field, h, optionsOf, select, suggestions } from './dom.js';
import { operationsOf } from './pages/journal.js';

/** Refusals of the gateway and of every service, by name. */
const byName = ['badGateway', 'gatewayTimeout', 'throttled', 'internal'];

/** @param {any} contract @param {import('./api.js').Schemas['ProjectList']['projects']} projects */
export function faultForm(contract, projects) {
  const operation = h('input', { list: 'fault-operations', value: 'kms.sign', required: true, autocomplete: 'off' });
  const effect = select([
    ['error', 'Refuse with an error'],
    ['reset', 'Break off before the answer'],
    ['truncated', 'Break off after half of the answer'],
    ['latency', 'Be late, nothing else'],
  ]);
  const error = h('input', { list: 'fault-codes', value: 'internal', required: true, autocomplete: 'off' });
  const phase = select([
    ['before', 'Instead of the operation'],
    ['after', 'After it has happened'],
  ]);
  const times = h('input', { type: 'number', min: 1, placeholder: 'no end' });
  const skip = h('input', { type: 'number', min: 0, placeholder: '0' });
  const probability = h('input', { type: 'number', min: 0, max: 1, step: 'any', placeholder: '1' });
  const latency = h('input', { type: 'number', min: 0, max: 300_000, placeholder: '0' });
  const project = select([
    ['', 'Any'],
    ...projects.map((one) => /** @type {const} */ ([one.id, projectName(one, [...projects])])),
  ]);
  const keyId = h('input', { placeholder: 'any', autocomplete: 'off' });
  const codes = suggestions('fault-codes', []);
  const errorField = field('Error', error, 'A code of the service, such as KMS.0103, or a name.');

  const offer = () => {
    codes.replaceChildren(...optionsOf([...byName, ...codesOf(contract, operation.value)]));
    errorField.hidden = effect.value !== 'error';
    error.disabled = errorField.hidden;
    latency.required = effect.value === 'latency';
  };
  operation.addEventListener('input', offer);
  effect.addEventListener('change', offer);
  offer();

  const read = () => ({
    operation: operation.value.trim(),
    ...(effect.value === 'error' && { error: error.value.trim() }),
    ...(['reset', 'truncated'].includes(effect.value) && { connection: effect.value }),
    ...(phase.value === 'after' && { phase: 'after' }),
    ...(latency.value !== '' && { latency: { fixed: Number(latency.value) } }),
    ...(times.value !== '' && { times: Number(times.value) }),
    ...(skip.value !== '' && { skip: Number(skip.value) }),
    ...(probability.value !== '' && { probability: Number(probability.value) }),
    ...(project.value !== '' && { project_id: project.value }),
    ...(keyId.value.trim() !== '' && { key_id: keyId.value.trim() }),
  });

  const element = h(
    'div',
    { class: 'grid' },
    suggestions('fault-operations', ['*', ...operationsOf(contract)]),
    codes,
    field('Operation', operation, 'Such as kms.sign, kms.* or *'),
    field('What happens', effect),
    errorField,
    field('When', phase),
    field('How many times', times),
    field('Latency in ms', latency, 'Real time before the answer'),
    field('Calls to let pass first', skip),
    field('Probability', probability),
    field('Project', project),
    field('Key id', keyId, 'As the request names it'),
  );
  return { element, read };
}

/** What the operation can refuse with, as the contract says. @param {any} contract @param {string} pattern @returns {readonly string[]} */
function codesOf({ paths, tags }, pattern) {
  const wanted = pattern.endsWith('*') ? pattern.slice(0, -1) : pattern;
  const operations = Object.values(paths)
    .flatMap((item) => Object.values(item))
    .filter(
      ({ operationId: id }) => id !== undefined && (id === wanted || (wanted !== pattern && id.startsWith(wanted))),
    )
    .filter(({ operationId: id }) => !id.startsWith('emulator.'));
  const ofTags = tags.filter((/** @type {any} */ { name }) => operations.some((one) => one.tags?.includes(name)));
  return [...new Set([...operations, ...ofTags].flatMap((one) => one['x-refusals'] ?? []))].sort();
}

const ends = { reset: 'breaks off before the answer', truncated: 'breaks off after half of the answer' };

/** A rule's effect in words. @param {import('./api.js').Schemas['Fault']} fault */
export function effectOf({ error, connection, latency, sequence }) {
  if (sequence !== undefined) return `${sequence.length} effects in order`;
  const effects = [
    error && `refused: ${error}`,
    connection && ends[connection],
    latency && `late by ${lateness(latency)} ms`,
  ];
  return effects.filter(Boolean).join(', ') || 'passes';
}

/** @param {import('./api.js').Schemas['FaultLatency']} latency */
const lateness = ({ fixed, min, max, mean, deviation }) =>
  fixed ?? (mean === undefined ? `${min ?? 0} to ${max ?? 0}` : `about ${mean}, deviation ${deviation ?? 0},`);
