/** Deployments of the OCI-style gateway, and what it did with requests, in the words of the contract. */
import type { ChecklistEntry, OciDeploymentRules, OciMessage } from '../../contract/oci-forwarded.ts';
import type { components } from '../../contract/openapi.ts';
import { HIDDEN, isSecretHeader } from '../../contract/secret-headers.ts';
import { encode } from '../../crypto/canonical-query.ts';
import { shownOciAuthorization } from '../../crypto/oci/shown-authorization.ts';
import { asBytes, asText } from '../../crypto/text-bytes.ts';
import type { OciDeployment } from '../../store/store.ts';
import { withoutSecrets } from '../explanations/masking.ts';
import { hiddenPieces, type Header } from '../journal/headers.ts';
import type { ForwardedOci } from './forwarded-oci-requests.ts';
import { diagnosisBody } from './wire.ts';

type Schemas = components['schemas'];

/** @param place where the gateway's own paths begin: scheme, host, port and prefix */
export function deploymentBody(
  { id, name, pathPrefix, specification, createdAt }: OciDeployment,
  rules: OciDeploymentRules,
  place: string,
): Schemas['OciDeployment'] {
  const { ignored } = rules.check(pathPrefix, JSON.parse(specification));
  return {
    ...{ id, name, path_prefix: pathPrefix, url: pathPrefix === '/' ? place : place + pathPrefix },
    ...{ created_at: new Date(createdAt).toISOString() },
    specification: { ...rules.shown(specification) },
    ...(ignored.length > 0 && { ignored: [...ignored] }),
  };
}

/** Without signatures and other credentials of clients. */
export function forwardedOciBody(record: ForwardedOci): Schemas['ForwardedOciRequest'] {
  const { requestId, at, deployment, path, backEnd, sent, received, signedBy, status, refusal } = record;
  const { explanation, checklist, diagnosis } = record;
  const body: Schemas['ForwardedOciRequest'] = {
    ...{ request_id: requestId, at: new Date(at).toISOString() },
    deployment: { id: deployment.id, name: deployment.name, path_prefix: deployment.pathPrefix },
    ...{ route: path, backend: backEnd, sent: messageBody(sent) },
    ...(received && { received: { url: asText(received.url), ...messageBody(received) } }),
    ...(signedBy !== undefined && { signed_by: signedBy }),
    ...{ status, explanation },
    ...(refusal && { refusal: { ...refusal } }),
    ...(checklist.length > 0 && { checklist: checklist.map(checklistBody) }),
    ...(diagnosis && { diagnosis: diagnosisBody(diagnosis) }),
  };
  const headers = [...sent.headers, ...(received?.headers ?? [])].map(readable);
  const hidden = headers.flatMap((header) => hiddenPieces(header, shown(header)));
  return withoutSecrets(body, hidden.flatMap(inUrl));
}

/** A route may write a header into its URL. */
const inUrl = (piece: string): readonly string[] => [piece, encode(asBytes(piece))];

const checklistBody = ({
  question,
  answer,
  signed,
  sent,
  received,
  explanation,
}: ChecklistEntry): Schemas['OciChecklistEntry'] => ({
  ...{ question, answer, explanation },
  ...(signed !== undefined && { signed }),
  ...(sent !== undefined && { sent }),
  ...(received !== undefined && { received }),
});

const messageBody = ({ method, target, headers, bodyLength }: OciMessage): Schemas['OciMessage'] => ({
  ...{ method, target: asText(target) },
  ...{ headers: headers.map((header) => shown(readable(header))), body_length: bodyLength },
});

const readable = ([name, value]: readonly [string, string]): Header => [name, asText(value)];

function shown([name, value]: Header): Header {
  if (name.toLowerCase() === 'authorization') return [name, shownOciAuthorization(value, HIDDEN)?.text ?? HIDDEN];
  return [name, isSecretHeader(name) ? HIDDEN : value];
}
