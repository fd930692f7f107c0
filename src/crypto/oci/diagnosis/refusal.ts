import { ociTexts, type OciKey, type OciRefused } from '../check-signature.ts';
import { withMediaTypes } from '../signing-string.ts';
import type { OciRequest } from '../signed-request.ts';
import { explainBody } from './body-explanation.ts';
import { diagnose } from './diagnosis.ts';
import type { OciDiagnosis, OciSurroundings } from './question.ts';

export interface RefusedRequest<Key extends OciKey> {
  /** As it came. */
  readonly request: OciRequest;
  readonly verdict: OciRefused<Key>;
  /** How it was verified. */
  readonly contentType: 'as-sent' | 'media-type';
}

/** Whether there is something to be found out: a signature that is wrong, or a body, of a key that is known. */
export const isDiagnosable = ({ text, authorization, key }: OciRefused<OciKey>): boolean =>
  text === ociTexts.signature && authorization !== undefined && key !== undefined;

/** What was signed, and of a signature that is right, which body; undefined where that is not what is wrong, or the key is unknown. */
export function diagnoseRefusal<Key extends OciKey>(
  { request, verdict, contentType }: RefusedRequest<Key>,
  { sent, ...surroundings }: OciSurroundings,
): OciDiagnosis | undefined {
  const { check, authorization, key } = verdict;
  if (!isDiagnosable(verdict) || authorization === undefined || key === undefined) return undefined;
  const verified = (given: OciRequest): OciRequest => (contentType === 'media-type' ? withMediaTypes(given) : given);
  const diagnosis = diagnose(verified(request), authorization, key.publicKey, {
    ...surroundings,
    ...(sent && { sent: verified(sent) }),
  });
  if (check !== 'body digest') return diagnosis;
  const cause = explainBody(request);
  if (cause === undefined) return { ...diagnosis, summary: otherBody };
  return { ...diagnosis, causes: [cause], summary: `The signature is right. ${cause.explanation} ${cause.remedy}` };
}

const otherBody =
  'The signature is right, and the body is not the one that was signed: it was changed on the way, or the client signs other bytes than it sends. Let nothing change it after it is signed, and send those bytes.';
