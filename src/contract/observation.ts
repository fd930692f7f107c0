/** What happened to one request, as it is told to those who watch. Nothing in it is redacted: whoever shows it sees to that. */
import type { Caller } from './caller.ts';

export interface Observation {
  readonly requestId: string;
  /** When it came: milliseconds since 1970, by Signet's clock. */
  readonly at: number;
  /** From its head to its answer, in real milliseconds. */
  readonly milliseconds: number;
  readonly method: string;
  /** Path and query as they stand in the request line. */
  readonly target: string;
  /** The header Host, or what a trusted proxy says of it; empty where there is none. */
  readonly host: string;
  /** Names and values by turns, a byte in each character. */
  readonly rawHeaders: readonly string[];
  /** Of a long one, perhaps only the beginning. */
  readonly body: Uint8Array;
  /** Bytes of the whole body. */
  readonly bodyLength: number;
  /** Undefined where no operation has this path and method. */
  readonly operation: string | undefined;
  /** What stands for the contract's names in the path. */
  readonly path: Readonly<Record<string, string>>;
  /** The body as the operation took it; undefined where it did not get so far. */
  readonly parsed: Readonly<Record<string, unknown>> | undefined;
  readonly caller: Caller | undefined;
  /** What was looked at, in this order; the last one refused where there is a refusal. */
  readonly checks: readonly Check[];
  readonly refusal: { readonly code: string; readonly text: string } | undefined;
  /** What of it is not as the contract describes it; sentences without its values. */
  readonly complaints: readonly string[] | undefined;
  /** The fault rule that acted. */
  readonly fault: string | undefined;
  /** `broken`: the client got no whole answer. */
  readonly outcome: 'answered' | 'refused' | 'broken';
  /** Undefined where the client did not get as much as a status. */
  readonly status: number | undefined;
  readonly answer: object | string | undefined;
  readonly answerHeaders: Readonly<Record<string, number | string | readonly string[] | undefined>>;
}

export type Observe = (observation: Observation) => void;

/**
 * What a request is checked for: that it is HTTP within the limits (http), that an operation answers its path (route), that its sender may
 * use Signet's own (door), that the path takes this method (method), who sends it (credential, and what that consists of), that the
 * credential is for this (admission), that the contract describes it (contract), a fault rule (fault), and last by the operation itself;
 * or, in place of all but the first, by API Gateway's data plane (gateway). The OCI-style gateway looks for the deployment of a path
 * (deployment).
 */
export type Check =
  | ('http' | 'gateway' | 'route' | 'door' | 'method' | 'credential' | 'admission' | 'contract' | 'fault' | 'operation')
  | ('token' | 'access key' | 'security token' | 'signing time' | 'body digest' | 'signature')
  | ('authorization' | 'signed headers' | 'api key' | 'deployment');
