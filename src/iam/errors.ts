import { catalogue, type Envelope, type ErrorDialect } from '../errors.ts';

/** Keystone's envelope; the code is the status, as a number. */
const keystoneEnvelope: Envelope = ({ status, code, text }) => ({
  error: { message: text, code: status, title: code },
});

/** The envelope of v3.0, which has no request id as the gateway's has. */
const flatEnvelope: Envelope = ({ code, text }) => ({ error_msg: text, error_code: code });

const unexpected = 'An unexpected error prevented the server from fulfilling your request.';

/**
 * IAM's refusals; the second column is Keystone's title.
 * Source: https://docs.otc.t-systems.com/identity-access-management/api-ref/apis/token_management/obtaining_a_user_token_through_password_authentication.html
 */
export const iamRefusals = catalogue(keystoneEnvelope, {
  illegalRequest: [400, 'Bad Request', 'Illegal request'],
  // Seen in 2017 for a wrong user as well as for a wrong password.
  unauthorized: [401, 'Unauthorized', 'Unauthorized.', 'observed'],
  credentialMissing: [401, 'Unauthorized', 'The request you have made requires authentication.'],
  unsupportedMethod: [401, 'Unauthorized', 'Attempted to authenticate with an unsupported method.', 'assumed'],
  forbidden: [403, 'Forbidden', 'Forbidden operation'],
  noSuchProject: [404, 'Not Found', 'Could not find project: %(key)s.', 'assumed'],
  noSuchUser: [404, 'Not Found', 'Could not find user: %(key)s.', 'assumed'],
  invalidSubjectToken: [404, 'Not Found', 'X-Subject-Token is invalid in the request'],
  methodNotAllowed: [405, 'Method Not Allowed', 'The method is not allowed for the requested URL.', 'assumed'],
  requestTooLarge: [413, 'Request Entity Too Large', 'Request is too large.', 'assumed'],
  internal: [500, 'Internal Server Error', unexpected, 'assumed'],
});

export const iamDialect: ErrorDialect = {
  catalogue: iamRefusals,
  faults: {
    tokenMissing: iamRefusals.credentialMissing,
    tokenInvalid: iamRefusals.credentialMissing,
    tokenExpired: iamRefusals.credentialMissing,
    foreignProject: iamRefusals.forbidden,
    bodyNotJson: iamRefusals.illegalRequest,
    bodyTooLong: iamRefusals.requestTooLarge,
    parameterMissing: iamRefusals.illegalRequest,
    parameterInvalid: iamRefusals.illegalRequest,
    methodNotAllowed: iamRefusals.methodNotAllowed,
    internal: iamRefusals.internal,
  },
};

/**
 * Refusals of v3.0. Source: https://docs.otc.t-systems.com/identity-access-management/api-ref/appendix/error_codes.html
 */
export const credentialsRefusals = catalogue(flatEnvelope, {
  unauthenticated: [401, 'IAM.0001', 'The request you have made requires authentication.'],
  forbidden: [403, 'IAM.0002', 'You are not authorized to perform the requested action.'],
  internal: [500, 'IAM.0006', unexpected, 'assumed'],
  parameterInvalid: [400, 'IAM.0007', 'Request parameter %(key)s is invalid.'],
  bodyInvalid: [400, 'IAM.0011', 'Request body is invalid.'],
  tokenExpired: [401, 'IAM.0066', 'The token has expired.'],
  tokenInvalid: [401, 'IAM.0067', 'Invalid token.'],
  parameterMissing: [400, 'IAM.0072', "'%(key)s' is a required property."],
  methodNotAllowed: [405, 'IAM.0405', 'The method is not allowed for the requested URL.', 'assumed'],
});

export const credentialsDialect: ErrorDialect = {
  catalogue: credentialsRefusals,
  faults: {
    tokenMissing: credentialsRefusals.unauthenticated,
    tokenInvalid: credentialsRefusals.tokenInvalid,
    tokenExpired: credentialsRefusals.tokenExpired,
    foreignProject: credentialsRefusals.forbidden,
    bodyNotJson: credentialsRefusals.bodyInvalid,
    bodyTooLong: credentialsRefusals.bodyInvalid,
    parameterMissing: credentialsRefusals.parameterMissing,
    parameterInvalid: credentialsRefusals.parameterInvalid,
    methodNotAllowed: credentialsRefusals.methodNotAllowed,
    internal: credentialsRefusals.internal,
  },
};
