/** What the OCI-style gateway did with a request: what it tells of each, and what is asked of it. */

/** Header values hold a byte in each character. */
export interface OciMessage {
  readonly method: string;
  /** Path and query as they stand in the request line. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Bytes. */
  readonly bodyLength: number;
}

/** One question of the vendor's checklist for calls that fail behind a gateway. */
export interface ChecklistEntry {
  readonly question: string;
  /** `missing`: what it is about did not get to the back end, or was never there. */
  readonly answer: 'ok' | 'differs' | 'missing';
  /** What the client signed, as far as that is proved. */
  readonly signed: string | undefined;
  /** What the client sent to the gateway. */
  readonly sent: string | undefined;
  /** What the back end received. */
  readonly received: string | undefined;
  readonly explanation: string;
}

/** A request for a deployment, with its signatures as they are. */
export interface ForwardedOciRequest<Diagnosis = unknown> {
  readonly requestId: string;
  /** Milliseconds since 1970, by Signet's clock. */
  readonly at: number;
  readonly deployment: { readonly id: string; readonly name: string; readonly pathPrefix: string };
  /** As the route has it. */
  readonly path: string;
  readonly backEnd: 'HTTP_BACKEND' | 'ORACLE_FUNCTIONS_BACKEND' | 'STOCK_RESPONSE_BACKEND';
  /** As the client sent it. */
  readonly sent: OciMessage;
  /** As the back end received it; undefined where the gateway answered itself. */
  readonly received: (OciMessage & { readonly url: string }) | undefined;
  /** The key with which a function signed. */
  readonly signedBy: string | undefined;
  readonly status: number;
  readonly refusal: { readonly code: string; readonly text: string } | undefined;
  /** A sentence or several: what was done, and what came of it. */
  readonly explanation: string;
  /** Empty unless the back end refused the signature. */
  readonly checklist: readonly ChecklistEntry[];
  readonly diagnosis: Diagnosis | undefined;
}

/** What a deployment may be, for those who keep them. */
export interface OciDeploymentRules {
  /** Each mistake is a place such as `routes[0].backend.url` and what is wrong there. */
  readonly check: (
    pathPrefix: string,
    specification: unknown,
  ) => { readonly mistakes: readonly string[]; readonly ignored: readonly string[] };
  /** The specification as it may be shown: without private keys. */
  readonly shown: (specification: string) => object;
}
