import {
  catalogue,
  gatewayRefusals,
  type Envelope,
  type AuthErrors,
  type ErrorDialect,
  type Refusal,
} from '../errors.ts';

/** The envelope of API Gateway's control plane, which has no request id as that of its data plane has. */
const flatEnvelope: Envelope = ({ code, text }) => ({ error_code: code, error_msg: text });

/**
 * The refusals of API Gateway's control plane. A text is the one in an operation's own sample where there is one, otherwise the error
 * table's, without the full stop that no sample has.
 * Source: https://docs.otc.t-systems.com/api-gateway/api-ref/appendix/error_codes.html
 */
export const apigRefusals = catalogue(flatEnvelope, {
  tokenMissing: [401, 'APIG.1000', 'The token is missing.'],
  tokenExpired: [401, 'APIG.1001', 'Session expired. Please try again later.'],
  tokenInvalid: [401, 'APIG.1002', 'Incorrect token or token resolution failed'],
  tokenWithoutProject: [401, 'APIG.1003', 'Token contains no project information'],
  // The error table gives 401; every operation's sample gives 403.
  forbidden: [403, 'APIG.1005', 'No permissions to request this method'],
  signatureKeyForbidden: [403, 'APIG.1112', 'No permissions to perform operations on this signature key'],
  bodyNotJson: [400, 'APIG.2000', 'Parameter error: Serialization error: unexpected end of JSON input'],
  // The error table's text, in the form that the next two have in the samples.
  parameterMissing: [
    400,
    'APIG.2001',
    'The request parameters must be specified,parameterName:%(key)s. Please refer to the support documentation',
    'assumed',
  ],
  invalidValue: [
    400,
    'APIG.2011',
    'Invalid parameter value,parameterName:%(key)s. Please refer to the support documentation',
  ],
  invalidParameter: [
    400,
    'APIG.2012',
    'Invalid parameter value,parameterName:%(key)s. Please refer to the support documentation',
  ],
  requestPathUndefined: [400, 'APIG.2026', 'The request path parameters are not defined'],
  backendPathUndefined: [400, 'APIG.2027', 'The backend path parameters are not defined'],
  mappedParameterUndefined: [
    400,
    'APIG.2028',
    'The request parameters mapped to the backend parameters are not defined',
  ],
  noSuchGroup: [404, 'APIG.3001', 'API group %(key)s does not exist'],
  noSuchApi: [404, 'APIG.3002', 'API %(key)s does not exist'],
  noSuchEnvironment: [404, 'APIG.3003', 'Environment %(key)s does not exist'],
  noSuchPublication: [404, 'APIG.3015', 'The API publication record does not exist'],
  noSuchSignatureKey: [404, 'APIG.3017', 'Signature key %(key)s does not exist'],
  noSuchBinding: [404, 'APIG.3018', 'The signature key binding record does not exist'],
  noSuchGateway: [404, 'APIG.3030', 'The instance does not exist;id:%(key)s'],
  tooManyGroups: [403, 'APIG.3101', 'The number of API groups exceeds the maximum allowed limit'],
  tooManyApis: [403, 'APIG.3102', 'The number of APIs exceeds the maximum allowed limit'],
  tooManyEnvironments: [403, 'APIG.3104', 'The number of environments exceeds the maximum allowed limit'],
  tooManySignatureKeys: [403, 'APIG.3105', 'The number of signature keys exceeds the maximum allowed limit'],
  groupNameTaken: [400, 'APIG.3201', 'The API group name already exists'],
  apiNameTaken: [400, 'APIG.3202', 'The API name already exists, api_name:%(key)s'],
  environmentNameTaken: [400, 'APIG.3205', 'The environment name already exists'],
  signatureKeyNameTaken: [400, 'APIG.3207', 'The signature key name already exists'],
  parameterNameTaken: [400, 'APIG.3209', 'The parameter name already exists'],
  /** Another API of the gateway is called in the same way. */
  apiTaken: [400, 'APIG.3301', 'The API already exists'],
  // The error table gives 403 for these two as well; the pages of the operations give 412 and 409.
  groupNotEmpty: [412, 'APIG.3415', 'The API group cannot be deleted because it contains APIs,id:%(key)s'],
  apiPublished: [409, 'APIG.3416', 'The API cannot be deleted because it has been published'],
  environmentInUse: [403, 'APIG.3418', 'The environment contains published APIs'],
  // The error table has the digits the other way round, APIG.3458, and a general text; this is the sample of the operations.
  publicKeyUnsupported: [412, 'APIG.3548', 'sign_type=public_key not supported by instance %(key)s'],
  internal: [500, 'APIG.9999', 'System error'],
  // Gateways themselves are another part's, with codes of its own.
  gatewaysForbidden: [403, 'APIC.7106', 'No permissions to request for the method'],
  noSuchInstance: [404, 'APIC.7302', 'Instance not found'],
});

const refusals = new Map(Object.values(apigRefusals).map((refusal) => [refusal.code, refusal]));

export const refusalByCode = (code: string): Refusal | undefined => refusals.get(code);

export function apigDialect(authErrors: AuthErrors): ErrorDialect {
  const { tokenMissing, tokenInvalid, tokenExpired } = authErrors === 'kms' ? apigRefusals : gatewayRefusals;
  return {
    byCode: refusalByCode,
    catalogue: apigRefusals,
    faults: {
      tokenMissing,
      tokenInvalid,
      tokenExpired,
      foreignProject: apigRefusals.forbidden,
      bodyNotJson: apigRefusals.bodyNotJson,
      bodyTooLong: gatewayRefusals.bodyTooLarge,
      parameterMissing: apigRefusals.parameterMissing,
      parameterInvalid: apigRefusals.invalidValue,
      // As of any call that no API of the public gateway takes.
      methodNotAllowed: gatewayRefusals.noSuchApi,
      internal: apigRefusals.internal,
    },
  };
}
