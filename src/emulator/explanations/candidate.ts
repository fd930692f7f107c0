import type { Pair } from '../../crypto/canonical-query.ts';
import type { SdkAuthorization, SigningForm } from '../../crypto/sdk-hmac.ts';
import type { GivenRequest } from './given-request.ts';
import type { Dialect, HeaderLine, HmacKey, SignedText } from './signed-text.ts';

/** One thing that clients or what is between do to a request, after which its signature is wrong. */
export interface Candidate {
  /** As the contract shows it, such as `trailing-slash`. */
  readonly name: string;
  /** Of what it is: two causes of one part do not go together. */
  readonly part: string;
  /** A sentence; `%s` stands for what an attempt says of itself. */
  readonly explanation: string;
  readonly remedy: string;
  /** How many of its attempts are tried together with those of other parts; none where nothing is said. */
  readonly paired?: number;
  readonly attempts: (subject: Subject, expected: SignedText) => Iterable<Attempt>;
}

/** What the client may have signed, made of what it ought to have. */
export interface Attempt {
  readonly change: (text: SignedText) => SignedText;
  readonly how: string;
}

/** What candidates look at. */
export interface Subject extends Surroundings {
  readonly request: GivenRequest;
  readonly header: (name: string) => string;
  /** As they stand in the request line. */
  readonly path: string;
  readonly query: string;
  readonly pairs: readonly Pair[];
  readonly authorization: SdkAuthorization;
  readonly key: KeyPair;
  readonly dialect: Dialect;
  /** The key of an HMAC, derived once. */
  readonly derive: Derive;
}

export type Derive = (form: SigningForm, secret: string, access: string, scope: string) => HmacKey;

/** What is around a request: nothing that whoever asks may not see. */
export interface Surroundings {
  readonly otherKeys: readonly KeyPair[];
  readonly projectIds: readonly string[];
  readonly domainId: string;
  readonly region: string;
  /** Hosts with ports under which this Signet is known. */
  readonly hosts: readonly string[];
  /** Method and path of every operation, with what stands in this path for the names. */
  readonly operations: readonly (readonly [method: string, path: string])[];
}

export interface KeyPair {
  readonly access: string;
  readonly secret: string;
}

/** How many headers, parameters and the like are taken one by one. */
export const MOST_PARTS = 32;
/** Characters of a path or a query beyond which nothing is done with it. */
export const LONGEST = 1024;

export const attempt = (change: Partial<SignedText>, how = ''): Attempt => ({
  how,
  change: (text) => ({ ...text, ...change }),
});

/** Another value of one header, by its lower-case name. */
export const withHeader = (name: string, value: string, how = name): Attempt => ({
  how,
  change: (text) => ({
    ...text,
    headers: text.headers.map((line): HeaderLine => (line[0] === name ? [name, value] : line)),
  }),
});

export const withHeaders = (of: (line: HeaderLine) => HeaderLine, how = ''): Attempt => ({
  how,
  change: (text) => ({ ...text, headers: text.headers.map(of) }),
});

/** Without those that came before. */
export const distinct = <Item>(items: Iterable<Item>): Item[] => [...new Set(items)];
