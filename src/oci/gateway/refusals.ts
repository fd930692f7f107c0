import { catalogue, type Envelope, type ErrorDialect } from '../../errors.ts';

/** The gateway's own envelope, with the status as a number in the place of a code: that is how it differs from the services of OCI. */
const envelope: Envelope = ({ status, text }) => ({ code: status, message: text });

/** What the OCI-style gateway answers in place of a back end. The vendor lists none of these; they are what its gateway is said to answer. */
export const ociGatewayRefusals = catalogue(envelope, {
  badRequest: [400, 'BadRequest', 'Bad Request', 'assumed'],
  notFound: [404, 'NotFound', 'Not Found', 'assumed'],
  methodNotAllowed: [405, 'MethodNotAllowed', 'Method Not Allowed', 'assumed'],
  bodyTooLarge: [413, 'PayloadTooLarge', 'Request Entity Too Large', 'assumed'],
  throttled: [429, 'TooManyRequests', 'Too Many Requests', 'assumed'],
  internal: [500, 'InternalServerError', 'Internal Server Error', 'assumed'],
  badGateway: [502, 'BadGateway', 'Bad Gateway', 'assumed'],
});

export const ociGatewayDialect: ErrorDialect = {
  catalogue: ociGatewayRefusals,
  front: {},
  faults: {
    // It asks nobody for anything: whoever checks a credential is behind it.
    ...{ tokenMissing: ociGatewayRefusals.badRequest, tokenInvalid: ociGatewayRefusals.badRequest },
    ...{ tokenExpired: ociGatewayRefusals.badRequest, foreignProject: ociGatewayRefusals.badRequest },
    ...{ bodyNotJson: ociGatewayRefusals.badRequest, bodyTooLong: ociGatewayRefusals.bodyTooLarge },
    ...{ parameterMissing: ociGatewayRefusals.badRequest, parameterInvalid: ociGatewayRefusals.badRequest },
    ...{ methodNotAllowed: ociGatewayRefusals.methodNotAllowed, internal: ociGatewayRefusals.internal },
  },
};
