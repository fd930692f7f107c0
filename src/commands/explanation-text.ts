/** An explanation for people. */
import type { Answer } from '../client/client.ts';
import { ociText } from './oci-explanation-text.ts';
import { below, besides, causeText, differenceText, indented, paint, section } from './text-sections.ts';

type Explanation = Answer<'emulator.explain'>;

/** Whether the credential, another check, or the operation itself refuses. */
export const isRefused = ({ accepted, refusal, kms }: Explanation): boolean =>
  !accepted || refusal !== undefined || (kms !== undefined && kms.verdict === undefined);

export function explanationText(explanation: Explanation): string {
  const { summary, checks, refusal, signature, token, kms, oci } = explanation;
  return below([
    paint('bold', paint(isRefused(explanation) || kms?.verdict === 'invalid' ? 'red' : 'green', summary)),
    checks.map(checkLine).join('\n'),
    refusal && `Refused with ${refusal.code}: ${refusal.text}`,
    signature && signatureText(signature),
    token && section('Token', fields(token)),
    kms && section('Key management', fields(kms)),
    oci && ociText(oci),
  ]);
}

function checkLine({ check, verdict, detail }: Explanation['checks'][number]): string {
  const mark = verdict === 'passed' ? paint('green', 'passed ') : paint('red', 'refused');
  return `  ${mark}  ${check}${detail === undefined ? '' : paint('dim', `: ${detail}`)}`;
}

function signatureText(signature: NonNullable<Explanation['signature']>): string {
  const { algorithm, access, verdict, cause, expected, received, difference, tried } = signature;
  const verdicts = {
    right: 'the signature is right',
    proved: 'the cause is proved: it reproduces the signature that was sent',
    unknown: 'no cause that was tried reproduces the signature that was sent',
    unchecked: 'not looked at: an earlier check refused',
  };
  return below([
    section('Signature', `  ${algorithm} with ${access}: ${verdicts[verdict]}`),
    cause && causeText(cause),
    difference && differenceText(difference),
    received === undefined
      ? section('Canonical request of what came', indented(expected))
      : besides(
          { title: 'Canonical request of what came', text: expected },
          { title: 'what the client signed', text: received },
        ),
    verdict === 'unknown' && tried.length > 0 ? section('Tried', `  ${tried.join(', ')}`) : undefined,
  ]);
}

/** A line each; what is in parts, in one line. */
function fields(values: object): string {
  const entries = Object.entries(values) as [string, unknown][];
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `  ${name.replaceAll('_', ' ').padEnd(width)}  ${valueText(value)}`).join('\n');
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(', ');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value as Readonly<Record<string, unknown>>)
      .map(([name, part]) => `${name.replaceAll('_', ' ')} ${valueText(part)}`)
      .join(', ');
  return String(value);
}
