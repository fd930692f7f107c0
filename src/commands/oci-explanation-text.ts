import type { Answer } from '../client/client.ts';
import { columns } from './columns.ts';
import { below, besides, causeText, differenceText, indented, paint, section } from './text-sections.ts';

type OciExplanation = NonNullable<Answer<'emulator.explain'>['oci']>;
type Diagnosis = NonNullable<OciExplanation['diagnosis']>;
type Checklist = NonNullable<NonNullable<OciExplanation['forwarded']>['checklist']>;

/** How the OCI signature of a request was checked, for people. */
export function ociText({
  key_id: keyId,
  signing_string: expected,
  diagnosis,
  warnings,
  forwarded,
}: OciExplanation): string {
  return below([
    section('OCI signature', `  ${keyId ?? 'none that can be read'}${diagnosis ? `: ${provedText(diagnosis)}` : ''}`),
    ...(diagnosis?.causes ?? []).map(causeText),
    diagnosis?.difference && differenceText(diagnosis.difference),
    diagnosis === undefined
      ? expected && section('Signing string of what came', indented(expected))
      : signedText(diagnosis),
    forwarded?.checklist && section("Checklist of OCI's documentation", checklistText(forwarded.checklist)),
    warnings && section('Warnings', indented(warnings.join('\n'))),
  ]);
}

const provedText = ({ proved, recovered }: Diagnosis): string =>
  proved
    ? 'the cause is proved by the signature itself'
    : `what was signed is not known${recovered?.digest === undefined ? '' : `, only its ${recovered.hash ?? 'digest'}: ${recovered.digest}`}`;

/** The signing strings beside each other where both are known; else what came, beside what was sent where that is known. */
function signedText({ expected, signed, components, proved, tried }: Diagnosis): string {
  if (signed !== undefined)
    return besides(
      { title: 'Signing string of what came', text: expected },
      { title: 'what the client signed', text: signed },
    );
  const isTwoSided = components.some(({ sent }) => sent !== undefined);
  return below([
    section('Signing string of what came', indented(expected)),
    isTwoSided ? sidesText(components) : undefined,
    proved || tried.length === 0 ? undefined : section('Tried', `  ${tried.join(', ')}`),
  ]);
}

/** Signed headers line by line, those marked that did not come as they were sent. */
function sidesText(components: Diagnosis['components']): string {
  const rows = components.map(({ name, received = '(none)', sent = '(none)' }) => {
    return [received === sent ? ' ' : '!', name, received, sent];
  });
  const [head = '', ...lines] = columns([['', 'signed header', 'came', 'sent'], ...rows])
    .trimEnd()
    .split('\n');
  return [paint('bold', head), ...lines.map((line) => (line.startsWith('!') ? paint('red', line) : line))].join('\n');
}

function checklistText(checklist: Checklist): string {
  return checklist
    .map(({ question, answer, explanation }) => {
      const mark = paint(answer === 'ok' ? 'green' : 'red', answer.padEnd('missing'.length));
      return `  ${mark}  ${question}${paint('dim', ` ${explanation}`)}`;
    })
    .join('\n');
}
