/** How well a fact is known: seen on the real service, stated by its reference, or our best guess. */
export type Fidelity = 'observed' | 'documented' | 'assumed';

/** The JSON that carries a refusal to the client. */
export type Envelope = (refusal: { status: number; code: string; text: string }, requestId: string) => object;

/** One way in which a service says no. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly text: string;
  readonly fidelity: Fidelity;
  readonly envelope: Envelope;
  /** That go with it. */
  readonly headers?: Readonly<Record<string, string>>;
}

type Row = readonly [status: number, code: string, text: string, fidelity?: Fidelity];

/** A service's refusals, a line each; `documented` where a row does not say otherwise. */
export function catalogue<Name extends string>(envelope: Envelope, rows: Record<Name, Row>): Record<Name, Refusal> {
  const refusals = {} as Record<Name, Refusal>;
  for (const [name, [status, code, text, fidelity = 'documented']] of Object.entries<Row>(rows)) {
    refusals[name as Name] = { status, code, text, fidelity, envelope };
  }
  return refusals;
}

/** Thrown anywhere below `src/http/`, written to the client there. */
export class ServiceError extends Error {
  override name = 'ServiceError';
  readonly refusal: Refusal;
  /** More of it for the journal, a sentence or several; or nothing. */
  readonly why: string;

  /** `cause` is logged, never sent. */
  constructor(refusal: Refusal, text: string = refusal.text, { why = '', ...options }: ServiceErrorOptions = {}) {
    super(text, options);
    this.refusal = refusal;
    this.why = why;
  }
}

interface ServiceErrorOptions extends ErrorOptions {
  readonly why?: string;
}

/** The refusal with the thing that it is about in the place of its `%(key)s`, where it has one. */
export const refusalOf = (refusal: Refusal, key: string): ServiceError =>
  new ServiceError(
    refusal,
    refusal.text.replace('%(key)s', () => key),
  );

/** What may be wrong with a request before a service looks at it. */
export type Fault =
  | 'tokenMissing'
  | 'tokenInvalid'
  | 'tokenExpired'
  | 'foreignProject'
  | 'bodyNotJson'
  | 'bodyTooLong'
  | 'parameterMissing'
  | 'parameterInvalid'
  | 'methodNotAllowed'
  | 'internal';

/** A service's own words for these faults (`%(key)s` stands for the parameter), and for the codes that openapi.yaml names. */
export interface ErrorDialect {
  readonly faults: Readonly<Record<Fault, Refusal>>;
  /** The refusal with this vendor code; openapi.yaml names it as `x-refusal`. */
  readonly byCode?: (code: string) => Refusal | undefined;
  /** All of its refusals, by name. */
  readonly catalogue: Readonly<Record<string, Refusal>>;
  /** Those of what stands in front of it, by name; of the API gateway where undefined. */
  readonly front?: Readonly<Record<string, Refusal>>;
}

/** A fault found where the service is not known; `src/http/` says it in the dialect of the operation. */
export class RequestFault extends Error {
  override name = 'RequestFault';
  readonly fault: Fault;
  /** The parameter that it is about. */
  readonly parameter: string;
  /** More of it, for explanations; a sentence without the client's values, or nothing. */
  readonly detail: string;

  constructor(fault: Fault, parameter = '', detail = '') {
    super(fault);
    this.fault = fault;
    this.parameter = parameter;
    this.detail = detail;
  }
}

/** The envelope of the services themselves: `{"error": {"error_code", "error_msg"}}`. */
export const nestedEnvelope: Envelope = ({ code, text }) => ({ error: { error_code: code, error_msg: text } });

/** The envelope of the API gateway in front of them. */
const gatewayEnvelope: Envelope = ({ code, text }, requestId) => ({
  error_msg: text,
  error_code: code,
  request_id: requestId,
});

/**
 * Refusals of the API gateway in front of every service, in its flat envelope.
 * Source: https://docs.otc.t-systems.com/api-gateway/umn/published_api_calling/error_codes.html; texts as the public gateway prints them.
 */
export const gatewayRefusals = catalogue(gatewayEnvelope, {
  noSuchApi: [404, 'APIGW.0101', 'The API does not exist or has not been published in the environment', 'observed'],
  badRequest: [400, 'APIGW.0201', 'API request error'],
  requestTimeout: [408, 'APIGW.0201', 'Request timeout', 'assumed'],
  bodyTooLarge: [413, 'APIGW.0201', 'Request entity too large'],
  uriTooLong: [414, 'APIGW.0201', 'Request URI too large'],
  headersTooLarge: [494, 'APIGW.0201', 'Request headers too large'],
  tokenMissing: [401, 'APIGW.0301', 'Incorrect IAM authentication information: x-auth-token not found'],
  tokenInvalid: [401, 'APIGW.0301', 'Incorrect IAM authentication information: decrypt token fail'],
  tokenExpired: [401, 'APIGW.0307', 'The token must be updated'],
  // What comes after this, behind a colon, says what is wrong with a signed request.
  signatureRefused: [401, 'APIGW.0301', 'Incorrect IAM authentication information', 'observed'],
  // Given only where a fault is asked for.
  badGateway: [502, 'APIGW.0202', 'Backend unavailable'],
  gatewayTimeout: [504, 'APIGW.0203', 'Backend timeout'],
  throttled: [429, 'APIGW.0308', 'The throttling threshold has been reached'],
  internal: [500, 'APIGW.0601', 'Internal server error'],
});

/** Thrown where more is asked for than can be done in time: refused at once, rather than kept waiting. */
export class Overloaded extends ServiceError {
  override name = 'Overloaded';
  readonly what: string;

  /**
   * @param what there is too much of, in a word or two
   * @param refusal in whose words it is said
   */
  constructor(what: string, refusal: Refusal = gatewayRefusals.throttled) {
    super(refusal, undefined, { why: `Refused at once, since too much is under way: ${what}.` });
    this.what = what;
  }
}

/** Who answers for a bad token: the service itself, as the KMS does, or the public gateway in front of every service. */
export type AuthErrors = 'kms' | 'gateway';
