/** Who sends a request and through what, for those who look at that before anything else. */
export interface Visit {
  /** The header Host, or what a trusted proxy says of it. */
  readonly host: string;
  /** `http` or `https`. */
  readonly protocol: string;
  /** The header Origin; empty when there is none. */
  readonly origin: string;
  /** Whether it comes from this machine, and no proxy says that it only passes on. */
  readonly isLocal: boolean;
  /** The header X-Signet-Token, or the bearer token of Authorization; empty when there is none. */
  readonly adminToken: string;
  /** The password of HTTP Basic, which browsers send of their own accord; empty when there is none. */
  readonly password: string;
  /** Whether a page of another site has made a browser send it: the header Sec-Fetch-Site. */
  readonly isFromElsewhere: boolean;
  /** Whether there is a header X-Auth-Token. */
  readonly hasToken: boolean;
}

/**
 * Who may use an operation of Signet's own: the admin alone, also a project with its token, or everybody. A page is for everybody who has
 * come to it by a name of this Signet, and what tells about Signet itself for everybody; in a sandbox both are for the admin alone.
 */
export type Door = 'admin' | 'project' | 'page' | 'about' | 'open';
