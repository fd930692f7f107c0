/** What answers below a path of its own: the echo service, and the gateway in front of it. */
import type { Caller } from '../contract/caller.ts';
import type { RawRequest } from '../contract/raw-request.ts';

export interface MountedCall extends RawRequest {
  /** 32 lower-case hex digits. */
  readonly requestId: string;
  readonly remoteAddress: string;
  readonly onCaller: (caller: Caller) => void;
}

export interface MountedAnswer {
  readonly status: number;
  /** Text has its Content-Type among the headers. */
  readonly body: object | string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Whether a path is below a prefix that may be `/`: then it is all that is not Signet's own. */
export const takesBelow =
  (prefix: string) =>
  (path: string): boolean =>
    prefix === '/' ? !isOurs(path) : path === prefix || path.startsWith(`${prefix}/`);

const isOurs = (path: string): boolean => /^\/(?:_signet|console)(?:\/|$)/.test(path);
