/** The last requests that the gateway sent to backends, or would have. */
import type { ForwardedRequest } from '../../contract/forwarded.ts';
import { RecentCalls } from './recent-calls.ts';

export class ForwardedRequests {
  readonly #calls: RecentCalls<ForwardedRequest>;

  /** @param size how many are kept, if they are not too many */
  constructor(size: number) {
    this.#calls = new RecentCalls(size, weightOf);
  }

  readonly record = (record: ForwardedRequest): void => {
    this.#calls.add(record);
  };

  /** Newest first. @param projectId whose they are; undefined: all */
  list(projectId: string | undefined, limit: number): readonly ForwardedRequest[] {
    return this.#of(projectId).slice(0, limit);
  }

  /** The last one with this signature. */
  signedAs(signature: string, projectId: string | undefined): ForwardedRequest | undefined {
    return this.#of(projectId).find((record) => record.signature?.signature === signature);
  }

  find(requestId: string, projectId: string | undefined): ForwardedRequest | undefined {
    return this.#of(projectId).find((record) => record.requestId === requestId);
  }

  /** Forgets all, or those of a project. */
  clear(projectId: string | undefined): void {
    this.#calls.remove((record) => projectId === undefined || record.projectId === projectId);
  }

  #of(projectId: string | undefined): readonly ForwardedRequest[] {
    return this.#calls.newestFirst().filter((record) => projectId === undefined || record.projectId === projectId);
  }
}

const weightOf = ({ sent, signature }: ForwardedRequest): number =>
  1024 +
  (signature?.canonicalRequest.length ?? 0) +
  (sent?.rawHeaders.reduce((length, text) => length + text.length, 0) ?? 0);
