/** OCI's tenancies, users and keys, and what is found out about signatures, in the words of the contract. */
import type { components } from '../../contract/openapi.ts';
import type { OciDiagnosis } from '../../crypto/oci/diagnosis/question.ts';
import { keyIdOf } from '../../crypto/oci/key-id.ts';
import { asText } from '../../crypto/text-bytes.ts';
import { apiKeyState, type OciApiKey, type OciTenancy, type OciUser } from '../../store/store.ts';
import { shownKeyId, type Examination } from './examination.ts';

type Schemas = components['schemas'];

const instant = (milliseconds: number): string => new Date(milliseconds).toISOString();

export const tenancyBody = ({ id, name, createdAt }: OciTenancy): Schemas['OciTenancy'] => ({
  ...{ id, name, created_at: instant(createdAt) },
});

export const userBody = ({ id, tenancyId, name, isAdministrator, createdAt }: OciUser): Schemas['OciUser'] => ({
  ...{ id, tenancy_id: tenancyId, name, is_administrator: isAdministrator, created_at: instant(createdAt) },
});

/** @param at the instant of which it tells the state */
export const keyBody = (key: OciApiKey, { tenancyId }: Pick<OciUser, 'tenancyId'>, at: number): Schemas['OciKey'] => ({
  ...{ user_id: key.userId, fingerprint: key.fingerprint, key_id: keyIdOf({ tenancyId, ...key }) },
  ...{ public_key_pem: key.publicKey, lifecycle_state: apiKeyState(key, at) },
  ...(key.inactiveStatus !== null && { inactive_status: key.inactiveStatus }),
  ...{ created_at: instant(key.createdAt), active_at: instant(key.activeAt) },
});

/** How a signature was checked. */
export function explanationBody(examination: Examination): Schemas['OciExplanation'] {
  const { authorization, why, signingString, diagnosis, verdict } = examination;
  return {
    ...(authorization && {
      key_id: shownKeyId(authorization),
      signed_headers: authorization.headers.map((name) => asText(name)),
    }),
    ...(why !== undefined && { why }),
    ...(signingString !== undefined && { signing_string: asText(signingString) }),
    ...(diagnosis && { diagnosis: diagnosisBody(diagnosis) }),
    ...(verdict.accepted && verdict.warnings.length > 0 && { warnings: verdict.warnings.map(asText) }),
  };
}

export const diagnosisBody = ({
  summary,
  proved,
  causes,
  expected,
  signed,
  difference,
  recovered,
  components,
  tried,
}: OciDiagnosis): Schemas['OciDiagnosis'] => ({
  ...{ summary, proved, causes: causes.map((cause) => ({ ...cause })), expected },
  ...(signed !== undefined && { signed }),
  ...(difference && { difference }),
  ...(recovered && { recovered: { ...recovered } }),
  components: components.map(({ name, received, sent }) => ({
    name,
    ...(received !== undefined && { received }),
    ...(sent !== undefined && { sent }),
  })),
  tried: [...tried],
});
