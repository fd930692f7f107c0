// @ts-check
/** Shows an explanation: of a request that came, or of one that was pasted. */
import { code, facts, h } from './dom.js';
import { time } from './key-words.js';
import { ociView } from './oci-explanation.js';
import { sides, triedView } from './sides.js';

/** @typedef {import('./api.js').Schemas} Schemas */

/** Whether nothing refuses the request: neither its credential, nor another check, nor the operation itself; and no signature is invalid. @param {Schemas['Explanation']} explanation */
const isGood = ({ accepted, refusal, kms }) =>
  accepted && refusal === undefined && (kms === undefined || ['signed', 'valid'].includes(kms.verdict ?? ''));

/** What matters first: the cause, then what it was found by. @param {Schemas['Explanation']} explanation */
export function explanationView(explanation) {
  const { summary, operation, checks, refusal, signature, token, kms, oci } = explanation;
  return h(
    'div',
    { class: 'explanation' },
    h('p', { class: `verdict ${isGood(explanation) ? 'good' : 'bad'}` }, summary),
    kms && kmsView(kms, operation, summary),
    signature && signatureView(signature, summary),
    token && token.verdict !== 'accepted' && tokenView(token),
    oci && ociView(oci, summary),
    h('section', {}, h('h3', {}, 'Checks, in order'), checkList(checks)),
    refusal && h('p', {}, h('strong', {}, refusal.code), ` ${refusal.text}`),
  );
}

/** What was looked at, in order. @param {readonly { check: string, verdict: string, detail?: string }[]} checks */
export const checkList = (checks) =>
  h(
    'ol',
    { class: `checks ${checks.some(({ detail }) => detail) ? 'told' : ''}`, 'aria-label': 'Checks' },
    ...checks.map(({ check, verdict, detail }) =>
      h(
        'li',
        { class: verdict },
        h('span', { class: 'mark', 'aria-hidden': 'true' }, verdict === 'passed' ? '✓' : '✗'),
        h('span', {}, check),
        h('span', { class: 'spoken' }, verdict),
        detail && h('small', {}, detail),
      ),
    ),
  );

/** @type {Readonly<Record<Schemas['SignatureExplanation']['verdict'], string>>} */
const verdicts = {
  right: 'The signature is right.',
  proved: 'Proved: with this cause, the signature of the client comes out.',
  unknown: 'The cause is not known: none of those that were tried gives the signature of the client.',
  unchecked: 'Not checked: something before it was refused.',
};

/** @param {Schemas['SignatureExplanation']} signature @param {string} summary what has been said already */
const signatureView = ({ algorithm, access, verdict, cause, expected, received, difference, tried }, summary) =>
  h(
    'section',
    {},
    h('h3', {}, 'Request signature'),
    h('p', {}, verdicts[verdict]),
    facts([
      ['Algorithm', algorithm],
      ['Access key', h('code', {}, access)],
      cause && ['Cause', h('strong', {}, cause.name)],
      cause && !summary.includes(cause.explanation) && ['What it is', cause.explanation],
      cause && ['Remedy', cause.remedy],
      difference && [
        'First difference',
        `line ${difference.line} (${difference.what}), from byte ${difference.column}`,
      ],
    ]),
    sides(
      { title: 'Canonical request of what came', text: expected },
      received === undefined ? undefined : { title: 'What the client signed', text: received },
      difference,
    ),
    triedView(tried),
  );

/** @param {Schemas['TokenExplanation']} token */
const tokenView = ({ verdict, explanation, user, project_id, issued_at, expires_at }) =>
  h(
    'section',
    {},
    h('h3', {}, 'Token'),
    facts([
      ['Verdict', h('strong', {}, verdict)],
      explanation !== undefined && ['Why', explanation],
      user !== undefined && ['User', user],
      project_id !== undefined && ['Project', h('code', {}, project_id)],
      issued_at !== undefined && ['Issued', time(issued_at)],
      expires_at !== undefined && ['Expires', time(expires_at)],
    ]),
  );

/** @param {Schemas['KmsExplanation']} kms @param {string | undefined} operation @param {string} summary what has been said already */
const kmsView = (kms, operation, summary) =>
  h(
    'section',
    {},
    h('h3', {}, operation === 'kms.verify' ? 'What was checked' : 'What was signed'),
    facts([
      kms.cause !== undefined && !summary.includes(kms.cause) && ['Cause', h('strong', {}, kms.cause)],
      kms.would_be_valid_with && ['Would be valid with', wordsOf(kms.would_be_valid_with)],
      kms.verdict !== undefined && ['Verdict', kms.verdict],
      ['Algorithm', kms.algorithm],
      ['Message type', kms.message_type],
      ['Hash', kms.hash],
      kms.digest !== undefined && ['Digest', h('code', {}, kms.digest)],
      kms.padding !== undefined && ['Padding', kms.padding],
      kms.salt_length !== undefined && ['Salt length', `${kms.salt_length} bytes`],
      kms.signature_format !== undefined && ['Signature format', kms.signature_format],
      kms.key_spec !== undefined && ['Key spec', kms.key_spec],
    ]),
    kms.openssl !== undefined &&
      h('div', {}, h('h3', {}, "The same check with OpenSSL's command line"), code('the openssl command', kms.openssl)),
    triedView(kms.tried),
  );

/** @param {object} fields */
const wordsOf = (fields) =>
  Object.entries(fields)
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`)
    .join(', ');
