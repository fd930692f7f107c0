import { headersToSign, onceIn, type Defect } from '../../crypto/backend-signature.ts';
import { asBytes } from '../../crypto/text-bytes.ts';
import { RequestFault, ServiceError } from '../../errors.ts';
import { askedInstant } from '../asked-instant.ts';
import { emulatorRefusals as refusals } from '../errors.ts';
import type { GivenRequest } from '../explanations/given-request.ts';
import { readGiven } from '../explanations/given-text.ts';
import { basicGiven, signGiven } from '../gateway/backend-signing.ts';
import { forwardedBody, signedBody, verdictBody } from '../gateway/wire.ts';
import { scopeOf } from '../scopes.ts';
import type { EmulatorContext, Family } from './family.ts';

export function gatewayHandlers({
  projects: { store, now },
  forwarded,
  gatewaySigning,
  checkToken,
}: EmulatorContext): Family<
  'signForBackend' | 'verifyForBackend' | 'listForwardedRequests' | 'clearForwardedRequests'
> {
  return {
    async signForBackend({ body, header }) {
      await scopeOf(header, checkToken);
      const { sign_type: type, sign_key: key, sign_secret: secret, signed_headers: names } = body;
      const defect: Defect | undefined = body.defect;
      const pair = { key, secret };
      if (type === 'basic') return { body: signedBody(basicGiven(pair, defect)) };
      const request = await given(body);
      const signedHeaders = onceIn(headersToSign(names ?? gatewaySigning.signedHeaders), countIn(request));
      const at = askedInstant(body.at) ?? now();
      return { body: signedBody(signGiven({ request, pair, signedHeaders, at, defect })) };
    },

    async verifyForBackend({ body, header }) {
      const scope = await scopeOf(header, checkToken);
      const { checkForBackend, checkForwarded } = await import('../gateway/backend-check.ts');
      const computed = {
        canonicalRequest: bytesOf(body.canonical_request),
        stringToSign: bytesOf(body.string_to_sign),
      };
      if (body.request_id !== undefined) {
        const record = await forwarded.find(body.request_id, scope);
        if (record?.signature === undefined) throw new ServiceError(refusals.noSuchRequest);
        return { body: verdictBody(checkForwarded(record, computed)) };
      }
      const own = body.keys ?? [];
      const verdict = await checkForBackend(await given(body), {
        secretsOf: async (key) => ({
          given: own.filter((pair) => pair.sign_key === key).map((pair) => pair.sign_secret),
          known: (await store.gateways.keysFor(key, scope)).map(({ secret }) => secret),
        }),
        at: askedInstant(body.at) ?? now(),
        signatureHeader: gatewaySigning.signatureHeader,
        computed,
        signedAs: (signature) => forwarded.signedAs(signature, scope),
      });
      return { body: verdictBody(verdict) };
    },

    async listForwardedRequests({ query, header }) {
      const records = await forwarded.list(await scopeOf(header, checkToken), query.limit ?? 100);
      return { body: { requests: records.map(forwardedBody) } };
    },

    async clearForwardedRequests({ header }) {
      await forwarded.clear(await scopeOf(header, checkToken));
      return { body: undefined };
    },
  };
}

/** @throws RequestFault where there is none */
async function given({ request, body_base64: bytes }: GivenText): Promise<GivenRequest> {
  if (request === undefined) throw new RequestFault('parameterMissing', 'request');
  return readGiven(request, bytes);
}

interface GivenText {
  readonly request?: string;
  readonly body_base64?: string;
}

const bytesOf = (text: string | undefined): string | undefined => (text === undefined ? undefined : asBytes(text));

/** A text may have no Host. */
const countIn =
  ({ headers, host }: GivenRequest) =>
  (wanted: string): number =>
    wanted === 'host' ? Number(host !== '') : headers.filter(([name]) => name.toLowerCase() === wanted).length;
