/** Explanations of requests for the OCI-style gateway: it has said why itself, and knows both sides. */
import type { Observation } from '../../contract/observation.ts';
import { readOciAuthorization } from '../../crypto/oci/authorization.ts';
import { asText } from '../../crypto/text-bytes.ts';
import type { Explanation } from '../explanations/explainer.ts';
import { withoutSecrets } from '../explanations/masking.ts';
import { shownKeyId } from './examination.ts';
import type { ForwardedOci } from './forwarded-oci-requests.ts';
import { forwardedOciBody } from './gateway-wire.ts';
import { secretsOf } from './secrets.ts';

const nothing = { operation: undefined, signature: undefined, token: undefined, kms: undefined } as const;

/** What a request would come to that was not sent: only by sending it is it found out. */
export const explainUnsent = (): Explanation => ({
  summary:
    'This is a request for the OCI-style gateway: what becomes of it is told when it is made. POST /_signet/oci/verify checks what a back end received.',
  accepted: true,
  checks: [],
  refusal: undefined,
  ...nothing,
});

/** @param record what the gateway did with it; undefined where it did nothing, or has forgotten it */
export function explainForwarded(observation: Observation, record: ForwardedOci | undefined): Explanation {
  const { checks, refusal, complaints = [], status } = observation;
  const why = record?.explanation ?? complaints.join(' ');
  const told = why === '' ? refusal?.text : why;
  const passed = [
    record?.received && `The gateway passed it on to ${asText(record.received.url)}.`,
    told,
    status === undefined ? undefined : `The answer has the status ${status}.`,
  ];
  const summary = refusal === undefined ? passed : [told, differing(record)];
  const shown = {
    summary: summary.filter((part) => part !== undefined).join(' '),
    accepted: refusal === undefined,
    checks: checks.map((check, index) => {
      const isRefused = refusal !== undefined && index === checks.length - 1;
      const detail = isRefused ? inShort(told, record) : check === 'deployment' ? deploymentOf(record) : undefined;
      return {
        check,
        verdict: isRefused ? ('refused' as const) : ('passed' as const),
        ...(detail !== undefined && { detail }),
      };
    }),
    ...{ refusal, ...nothing },
    ...(record && { oci: ofRecord(record) }),
  };
  return withoutSecrets(
    shown,
    record === undefined ? [] : [record.sent, record.received ?? record.sent].flatMap(secretsOf),
  );
}

const deploymentOf = (record: ForwardedOci | undefined): string | undefined =>
  record &&
  `The deployment ${record.deployment.name} has the route ${record.path}, with the back end ${record.backEnd}.`;

/** Without what the diagnosis says, which stands in the summary. */
const inShort = (told: string | undefined, record: ForwardedOci | undefined): string | undefined =>
  record?.diagnosis === undefined ? told : told?.replace(` ${record.diagnosis.summary}`, '');

/** Which questions of the vendor's checklist have another answer than that all is well. */
function differing(record: ForwardedOci | undefined): string | undefined {
  const asked = (record?.checklist ?? []).filter(({ answer }) => answer === 'differs').map(({ question }) => question);
  return asked.length === 0 ? undefined : `The checklist of OCI's documentation answers with no: ${asked.join(' ')}`;
}

function ofRecord(record: ForwardedOci): NonNullable<Explanation['oci']> {
  const { diagnosis, ...forwarded } = forwardedOciBody(record);
  const { headers } = record.received ?? record.sent;
  const [, text = ''] = headers.find(([name]) => name.toLowerCase() === 'authorization') ?? [];
  const authorization = readOciAuthorization(text);
  return {
    ...(authorization && {
      key_id: shownKeyId(authorization),
      signed_headers: authorization.headers.map((name) => asText(name)),
    }),
    ...(record.refusal && { why: record.explanation }),
    ...(diagnosis && { signing_string: diagnosis.expected, diagnosis }),
    forwarded,
  };
}
