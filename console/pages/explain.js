// @ts-check
import { signet } from '../api.js';
import { form } from '../dialogs.js';
import { field, fill, h, heading } from '../dom.js';
import { explanationView } from '../explanation.js';

const example = `curl -X POST '${location.origin}/v1.0/PROJECT/kms/sign' \\
  -H 'X-Auth-Token: …' -H 'Content-Type: application/json' -d '{…}'`;

/** Explains a request without sending it. @returns {import('../main.js').Page} */
export function explainPage() {
  const request = h('textarea', { rows: 12, class: 'mono', required: true, spellcheck: false, placeholder: example });
  const at = h('input', { placeholder: '2030-01-31T12:00:00.000Z', autocomplete: 'off' });
  const result = h('div', { role: 'status', 'aria-live': 'polite' });
  const element = h(
    'section',
    {},
    heading(
      'Explain a request',
      'Paste an HTTP request as it goes over the wire, or the curl command that sends it. Nothing is sent: Signet says whether it would be accepted, and why not.',
    ),
    form(
      [
        field('HTTP request or curl command', request),
        field('As if it came at', at, "An instant; Signet's present time where it is left out."),
        h('div', { class: 'actions' }, h('button', { class: 'primary' }, 'Explain')),
      ],
      async () => {
        fill(result);
        const body = { request: request.value, ...(at.value.trim() && { at: at.value.trim() }) };
        fill(result, explanationView(await signet('POST', '/explain', { body })));
      },
    ),
    result,
  );
  return { element };
}
