/** Forwarded requests in the words of the contract. */
import type { ForwardedRequest } from '../../contract/forwarded.ts';
import type { components } from '../../contract/openapi.ts';
import { HIDDEN, isSecretHeader } from '../../contract/secret-headers.ts';
import { asText } from '../../crypto/text-bytes.ts';
import { withoutSecrets } from '../explanations/masking.ts';
import { pairsOf, type Header } from '../journal/headers.ts';
import { shownStrings, type BackendVerdict } from './backend-check.ts';
import type { SignedForBackend } from './backend-signing.ts';

type Schemas = components['schemas'];
type Body = Schemas['ForwardedRequest'];

/** With the gateway's own signature as it is, which shows no secret, but without a caller's credentials and without what Basic carries. */
export function forwardedBody(record: ForwardedRequest): Body {
  const { requestId, at, gatewayId, groupId, api, environment, publishId, received } = record;
  const { sent, key, signature, defect, explanation, status, refusal } = record;
  const headers = pairsOf(sent?.rawHeaders ?? []);
  const body: Body = {
    ...{ request_id: requestId, at: new Date(at).toISOString(), gateway_id: gatewayId, group_id: groupId },
    ...{ api, environment, publish_id: publishId, received, explanation },
    ...(sent && { sent: sentBody(sent, headers.map(shown)) }),
    ...(key && { key: keyBody(key) }),
    ...(signature && {
      signature: {
        ...{ signed_headers: signature.signedHeaders, canonical_request: asText(signature.canonicalRequest) },
        ...{ string_to_sign: asText(signature.stringToSign), signature: signature.signature },
      },
    }),
    ...(defect !== undefined && { defect }),
    ...(status !== undefined && { status }),
    ...(refusal && { refusal }),
  };
  const hidden = headers.flatMap((header) => (shown(header)[1] === header[1] ? [] : header[1]));
  return withoutSecrets(body, hidden);
}

/** Of the type aes, sign_key is the key of the cipher. */
const keyBody = ({ id, name, type, access }: NonNullable<ForwardedRequest['key']>): NonNullable<Body['key']> => ({
  ...{ id, name, sign_type: type, sign_key: type === 'aes' ? HIDDEN : access },
});

const sentBody = (
  { url, method, target, bodyLength }: NonNullable<ForwardedRequest['sent']>,
  headers: Header[],
): NonNullable<Body['sent']> => ({
  ...{ url, method, target, headers },
  ...(bodyLength !== undefined && { body_length: bodyLength }),
});

function shown([name, value]: Header): Header {
  if (/^Basic /i.test(value)) return [name, `Basic ${HIDDEN}`];
  return isSecretHeader(name) && !value.startsWith('SDK-HMAC-SHA256 ') ? [name, HIDDEN] : [name, value];
}

export const signedBody = ({
  headers,
  body,
  canonicalRequest,
  stringToSign,
  signature,
}: SignedForBackend): Schemas['SignForBackendResponse'] => ({
  headers,
  ...(body && { body_base64: Buffer.from(body).toString('base64') }),
  ...(canonicalRequest !== undefined && { canonical_request: asText(canonicalRequest) }),
  ...(stringToSign !== undefined && { string_to_sign: asText(stringToSign) }),
  ...(signature !== undefined && { signature }),
});

export function verdictBody({
  summary,
  accepted,
  refusal,
  arrived,
  record,
  difference,
  computedMatches,
  cause,
  tried,
}: BackendVerdict): Schemas['VerifyForBackendResponse'] {
  const signed = record?.signature && shownStrings(record.signature);
  return {
    ...{ summary, accepted },
    ...(computedMatches !== undefined && { computed_matches: computedMatches }),
    ...(refusal !== undefined && { refusal }),
    ...(arrived && { canonical_request: shownStrings(arrived).canonicalRequest }),
    ...(signed && {
      signed: {
        request_id: record.requestId,
        ...{ canonical_request: signed.canonicalRequest, string_to_sign: signed.stringToSign },
      },
    }),
    ...(difference && { difference }),
    ...(cause && { cause }),
    ...(tried && { tried: [...tried] }),
  };
}
