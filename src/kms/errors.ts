import { catalogue, gatewayRefusals, nestedEnvelope, type ErrorDialect, type Refusal } from '../errors.ts';

/**
 * The KMS's refusals: status, code and text as its error table prints them.
 * Source: https://docs.otc.t-systems.com/key-management-service/api-ref/appendix/error_code.html
 */
export const kmsRefusals = catalogue(nestedEnvelope, {
  systemException: [500, 'KMS.0103', 'A system exception occurred. Contact technical support.'],
  notJson: [400, 'KMS.0202', 'Invalid JSON format of the request message.'],
  messageTooLong: [400, 'KMS.0203', 'Request message too long.'],
  parameterMissing: [400, 'KMS.0204', 'Parameters missing in the request message.'],
  invalidKeyId: [400, 'KMS.0205', 'Invalid key ID.'],
  invalidSequence: [400, 'KMS.0206', 'Invalid sequence number.'],
  noSuchKey: [404, 'KMS.0207', 'The key does not exist.'],
  keyDisabled: [400, 'KMS.0209', 'The key has been disabled.'],
  keyPendingDeletion: [400, 'KMS.0210', 'The key is in Scheduled deletion state and cannot be used.'],
  defaultKey: [400, 'KMS.0211', 'Cannot perform this operation on Default Master Keys.'],
  methodNotAllowed: [405, 'KMS.0215', 'Request method not supported.'],
  // The error table gives 403; the pages of sign, verify and get-publickey list 401 for a request without a credential.
  tokenMissing: [401, 'KMS.0301', 'Invalid or null X-Auth-Token.', 'assumed'],
  tokenInvalid: [403, 'KMS.0302', 'Invalid X-Auth-Token.'],
  tokenExpired: [403, 'KMS.0303', 'X-Auth-Token expired.'],
  tokenWithoutProject: [403, 'KMS.0305', 'Invalid X-Auth-Token project name.'],
  keyForbidden: [403, 'KMS.0306', 'No access permissions.'],
  apiForbidden: [403, 'KMS.0307', 'No access permissions.'],
  invalidParameter: [400, 'KMS.0308', 'Invalid parameter.'],
  otherProject: [403, 'KMS.0321', 'URIs in URL and X-Auth-Token do not match.'],
  digestLength: [400, 'KMS.0329', 'Hash algorithm does not match the digest length.'],
  symmetricKey: [400, 'KMS.0331', 'The symmetric key is not support this operation.'],
  algorithmOfOtherKey: [400, 'KMS.0332', 'This key is not support the signing algorithm.'],
  encryptionKey: [400, 'KMS.0334', 'The cmk is used to encrypt and decrypt.'],
  hmacKey: [400, 'KMS.0341', 'The hmac key do not support this operation.'],
  invalidAlias: [400, 'KMS.1101', 'Invalid key_alias.'],
  invalidDescription: [400, 'KMS.1103', 'Invalid key_description.'],
  duplicateAlias: [400, 'KMS.1104', 'Duplicate key aliases.'],
  tooManyKeys: [400, 'KMS.1105', 'Too many keys.'],
  symmetricKeyCannotSign: [400, 'KMS.1115', 'Symmetric keys do not support to sign/verify.'],
  keyNotDisabled: [400, 'KMS.1201', 'The key is not disabled.'],
  keyNotEnabled: [400, 'KMS.1301', 'The key is not enabled.'],
  pendingDays: [400, 'KMS.1401', 'Set the pending deletion period between 7 to 1096 days.'],
  alreadyPendingDeletion: [400, 'KMS.1402', 'The key is already in Pending deletion state.'],
  notPendingDeletion: [400, 'KMS.1501', 'The key is not in Pending deletion state.'],
  invalidLimit: [400, 'KMS.1601', 'Invalid limit.'],
  invalidMarker: [400, 'KMS.1602', 'marker must be greater than or equals 0.'],
  // The pages document these two statuses without a code; the gateway's are our guess.
  badGateway: [502, 'APIGW.0202', 'Backend unavailable', 'assumed'],
  gatewayTimeout: [504, 'APIGW.0203', 'Backend timeout', 'assumed'],
});

const refusals = new Map(Object.values(kmsRefusals).map((refusal) => [refusal.code, refusal]));

export const refusalByCode = (code: string): Refusal | undefined => refusals.get(code);

/** Who answers for a bad token: the KMS itself (403, nested), or the public gateway in front of it (401, flat). */
export type AuthErrors = 'kms' | 'gateway';

export function kmsDialect(authErrors: AuthErrors): ErrorDialect {
  const { tokenMissing, tokenInvalid, tokenExpired } = authErrors === 'kms' ? kmsRefusals : gatewayRefusals;
  return {
    byCode: refusalByCode,
    faults: {
      tokenMissing,
      tokenInvalid,
      tokenExpired,
      foreignProject: kmsRefusals.otherProject,
      bodyNotJson: kmsRefusals.notJson,
      bodyTooLong: kmsRefusals.messageTooLong,
      parameterMissing: kmsRefusals.parameterMissing,
      parameterInvalid: kmsRefusals.invalidParameter,
      methodNotAllowed: kmsRefusals.methodNotAllowed,
      internal: kmsRefusals.systemException,
    },
  };
}
