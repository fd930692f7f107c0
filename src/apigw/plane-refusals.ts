import { catalogue, type Envelope } from '../errors.ts';

/** The envelope of API Gateway's data plane: what whoever calls an API is answered, in place of the backend's answer. */
const planeEnvelope: Envelope = ({ code, text }, requestId) => ({
  error_msg: text,
  error_code: code,
  request_id: requestId,
});

/**
 * Why a call never reached its backend, or came to nothing there.
 * Source: https://docs.otc.t-systems.com/api-gateway/umn/published_api_calling/error_codes.html
 */
export const gatewayPlaneRefusals = catalogue(planeEnvelope, {
  apiNotFound: [404, 'APIG.0101', 'The API does not exist or has not been published in the environment.'],
  /** There is such a path, but not with this method. */
  methodNotFound: [404, 'APIG.0101', 'The API does not exist.'],
  /** A parameter that the API requires is missing, or is not as the API wants it. */
  badRequest: [400, 'APIG.0201', 'API request error.'],
  requestTooLarge: [413, 'APIG.0201', 'Request entity too large.'],
  uriTooLarge: [414, 'APIG.0201', 'Request URI too large.'],
  throttled: [429, 'APIG.0308', 'The throttling threshold has been reached.'],
  backendUnavailable: [502, 'APIG.0202', 'Backend unavailable'],
  backendTimeout: [504, 'APIG.0203', 'Backend timeout'],
  backendDenied: [403, 'APIG.0404', 'Access to the backend IP address has been denied.'],
  internal: [500, 'APIG.0601', 'Internal server error.'],
  nameResolution: [500, 'APIG.0605', 'Domain name resolution failed.'],
  signatureFailed: [500, 'APIG.0705', 'Backend signature calculation failed.'],
});
