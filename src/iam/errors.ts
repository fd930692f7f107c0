import { catalogue, type Envelope, type ErrorDialect } from '../errors.ts';

/** Keystone's envelope; the code is the status, as a number. */
const keystoneEnvelope: Envelope = ({ status, code, text }) => ({
  error: { message: text, code: status, title: code },
});

/**
 * IAM's refusals; the second column is Keystone's title.
 * Source: https://docs.otc.t-systems.com/identity-access-management/api-ref/apis/token_management/obtaining_a_user_token.html
 */
export const iamRefusals = catalogue(keystoneEnvelope, {
  illegalRequest: [400, 'Bad Request', 'Illegal request'],
  // Seen in 2017 for a wrong user as well as for a wrong password.
  unauthorized: [401, 'Unauthorized', 'Unauthorized.', 'observed'],
  credentialMissing: [401, 'Unauthorized', 'The request you have made requires authentication.'],
  unsupportedMethod: [401, 'Unauthorized', 'Attempted to authenticate with an unsupported method.', 'assumed'],
  invalidSubjectToken: [404, 'Not Found', 'X-Subject-Token is invalid in the request'],
  methodNotAllowed: [405, 'Method Not Allowed', 'The method is not allowed for the requested URL.', 'assumed'],
  requestTooLarge: [413, 'Request Entity Too Large', 'Request is too large.', 'assumed'],
  internal: [
    500,
    'Internal Server Error',
    'An unexpected error prevented the server from fulfilling your request.',
    'assumed',
  ],
});

export const iamDialect: ErrorDialect = {
  byCode: () => undefined,
  faults: {
    tokenMissing: iamRefusals.credentialMissing,
    tokenInvalid: iamRefusals.credentialMissing,
    tokenExpired: iamRefusals.credentialMissing,
    bodyNotJson: iamRefusals.illegalRequest,
    bodyTooLong: iamRefusals.requestTooLarge,
    parameterMissing: iamRefusals.illegalRequest,
    parameterInvalid: iamRefusals.illegalRequest,
    methodNotAllowed: iamRefusals.methodNotAllowed,
    internal: iamRefusals.internal,
  },
};
