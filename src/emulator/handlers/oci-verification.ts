import type { KeyObject } from 'node:crypto';
import { readPublicKey } from '../../crypto/oci/public-keys.ts';
import { askedInstant } from '../asked-instant.ts';
import { readGiven } from '../explanations/given-text.ts';
import { withoutSecrets } from '../explanations/masking.ts';
import { usable } from '../oci/first-keys.ts';
import { ociRequest } from '../oci/given-side.ts';
import { secretsOf } from '../oci/secrets.ts';
import { explanationBody } from '../oci/wire.ts';
import type { EmulatorContext, Family, Schemas } from './family.ts';

export function ociVerificationHandlers({
  projects: { now },
  oci,
}: Pick<EmulatorContext, 'projects' | 'oci'>): Family<'verifyOciRequest'> {
  const { keys, contentType, hosts, prefixes, refusal } = oci;
  return {
    async verifyOciRequest({ body }) {
      const { examine } = await import('../oci/examination.ts');
      const { ociSummary, tellOciChecks } = await import('../oci/told-checks.ts');
      const given = await readGiven(body.request, body.body_base64);
      const sent = body.sent === undefined ? undefined : await readGiven(body.sent, body.sent_body_base64);
      const at = askedInstant(body.at) ?? now();
      const [request, before] = [ociRequest(given), sent && ociRequest(sent)];
      const examination = await examine(request, {
        ...{ contentType, at, namesOthers: true },
        // Of a request that was signed long ago it is asked with the keys of today.
        keys: {
          find: (id) => keys.find(id, Math.max(at, now())),
          others: (id, most) => keys.others(id, most),
        },
        given: givenKeys(body.keys),
        hosts: [...(body.hosts ?? []), ...hosts],
        prefixes: [...(body.prefixes ?? []), ...prefixes],
        ...(before && { sent: before }),
        ...(body.candidates !== undefined && { limit: body.candidates }),
      });
      const facts = { ...examination, at, namesOthers: true };
      const { verdict } = examination;
      const { status, code } = refusal;
      const told: Schemas['VerifyOciResponse'] = {
        summary: [ociSummary(facts), ...given.notes, ...(sent?.notes ?? [])].join(' '),
        accepted: verdict.accepted,
        ...(!verdict.accepted && { refusal: { status, code, message: verdict.text } }),
        checks: tellOciChecks(facts),
        ...explanationBody(examination),
      };
      return { body: withoutSecrets(told, [request, before ?? request].flatMap(secretsOf)) };
    },
  };
}

/** Bits: of the key that the vendor's own samples are signed with, which no user could upload. */
const SHORTEST = 1024;

/** @throws ServiceError unusableOciKey */
const givenKeys = (keys: Schemas['VerifyOciRequest']['keys'] = []): ReadonlyMap<string, KeyObject> =>
  new Map(keys.map(({ key_id: id, public_key_pem: pem }) => [id, usable(() => readPublicKey(pem, SHORTEST))]));
