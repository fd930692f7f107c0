/** Requests for what answers below a path of its own, and its replies: openapi.yaml describes neither. */
import type { Caller } from './caller.ts';
import type { RawRequest } from './raw-request.ts';

export interface MountedRequest extends RawRequest {
  /** 32 lower-case hex digits. */
  readonly requestId: string;
  readonly remoteAddress: string;
  /** Told who is found to have sent it. */
  readonly onCaller: (caller: Caller) => void;
}

export interface MountedReply {
  readonly status: number;
  /** Text has its Content-Type among the headers. */
  readonly body: object | string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Headers of a service's own for an answer, given the request id and the headers of the request. */
export type TraceOf = (
  requestId: string,
  header: (name: string) => string | undefined,
) => Readonly<Record<string, string>>;
