import { ociTexts } from '../crypto/oci/check-signature.ts';
import { catalogue, type Envelope, type ErrorDialect } from '../errors.ts';
import { mostApiKeys } from '../store/store.ts';

const envelope: Envelope = ({ code, text }) => ({ code, message: text });

/**
 * OCI's refusals. Every status with its code is documented; `documented` and `observed` are those with a text that somebody has seen, and of
 * the others the text is ours. Which of them an upload gets that is one too many, or of a key that is there, is not known either.
 * Source: https://docs.oracle.com/en-us/iaas/Content/API/References/apierrors.htm
 */
export const ociRefusals = catalogue(envelope, {
  cannotParse: [
    400,
    'CannotParseRequest',
    'The request cannot be parsed: its path has to be well-formed, of 32 KiB at most, and its body a JSON object.',
    'assumed',
  ],
  invalidParameter: [400, 'InvalidParameter', 'The parameter %(key)s is not valid.', 'assumed'],
  missingParameter: [400, 'MissingParameter', 'The parameter %(key)s is missing.', 'assumed'],
  limitExceeded: [400, 'LimitExceeded', `A user can have ${mostApiKeys} API keys at most.`, 'assumed'],
  // With the text that belongs to what is wrong.
  notAuthenticated: [401, 'NotAuthenticated', ociTexts.generic, 'observed'],
  notAuthorizedOrNotFound: [
    404,
    'NotAuthorizedOrNotFound',
    'Authorization failed or requested resource not found.',
    'observed',
  ],
  noSuchOperation: [404, 'NotFound', 'There is no operation of this path.', 'assumed'],
  methodNotAllowed: [405, 'MethodNotAllowed', 'The path does not take this method.', 'assumed'],
  conflict: [409, 'Conflict', 'The user has this API key already.', 'assumed'],
  invalidatedRetryToken: [
    409,
    'InvalidatedRetryToken',
    'The opc-retry-token was used for another request, or what that made is gone.',
    'assumed',
  ],
  noEtagMatch: [412, 'NoEtagMatch', 'The API key does not have the etag in if-match.', 'assumed'],
  payloadTooLarge: [413, 'PayloadTooLarge', 'The body is longer than 1 MiB.', 'assumed'],
  internal: [500, 'InternalServerError', 'An internal server error occurred.', 'assumed'],
  // Given only where a fault is asked for; the first two are those that SDKs try again.
  throttled: [429, 'TooManyRequests', 'User-rate limit exceeded.'],
  incorrectState: [409, 'IncorrectState', 'The resource is in another state than it must be in for this.', 'assumed'],
  serviceUnavailable: [503, 'ServiceUnavailable', 'The service is currently unavailable.', 'assumed'],
});

export const ociDialect: ErrorDialect = {
  catalogue: ociRefusals,
  // Nothing of the other clouds stands in front of it.
  front: {},
  faults: {
    tokenMissing: ociRefusals.notAuthenticated,
    tokenInvalid: ociRefusals.notAuthenticated,
    tokenExpired: ociRefusals.notAuthenticated,
    foreignProject: ociRefusals.notAuthorizedOrNotFound,
    bodyNotJson: ociRefusals.cannotParse,
    bodyTooLong: ociRefusals.payloadTooLarge,
    parameterMissing: ociRefusals.missingParameter,
    parameterInvalid: ociRefusals.invalidParameter,
    methodNotAllowed: ociRefusals.methodNotAllowed,
    internal: ociRefusals.internal,
  },
};
