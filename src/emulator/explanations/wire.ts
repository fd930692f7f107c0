/** Explanations in the words of the contract. */
import type { components } from '../../contract/openapi.ts';
import type { Explanation } from './explainer.ts';

type Body = components['schemas']['Explanation'];
type Token = NonNullable<Explanation['token']>;

export function explanationBody({
  summary,
  accepted,
  operation,
  checks,
  refusal,
  signature,
  token,
  kms,
  oci,
}: Explanation): Body {
  return {
    ...{ summary, accepted },
    ...(operation !== undefined && { operation }),
    checks: checks.map((check) => ({ ...check })),
    ...(refusal && { refusal: { ...refusal } }),
    ...(signature && { signature: { ...signature, tried: [...signature.tried] } }),
    ...(token && { token: tokenBody(token) }),
    ...(kms && { kms }),
    ...(oci && { oci }),
  };
}

const instant = (milliseconds: number): string => new Date(milliseconds).toISOString();

const tokenBody = ({
  verdict,
  explanation,
  user,
  projectId,
  issuedAt,
  expiresAt,
}: Token): components['schemas']['TokenExplanation'] => ({
  ...{ verdict, explanation },
  ...(user !== undefined && { user }),
  ...(projectId !== undefined && { project_id: projectId }),
  ...(issuedAt !== undefined && { issued_at: instant(issuedAt) }),
  ...(expiresAt !== undefined && { expires_at: instant(expiresAt) }),
});
