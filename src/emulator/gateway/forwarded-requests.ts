/** The last requests that the gateway sent to backends, or would have. */
import type { ForwardedRequest } from '../../contract/forwarded.ts';
import type { Numbering } from '../journal/ring.ts';
import { RecentCalls, type Numbered } from './recent-calls.ts';

type Recorded = Numbered<ForwardedRequest>;

export class ForwardedRequests {
  readonly #calls: RecentCalls<ForwardedRequest>;

  /** @param size how many are kept, if they are not too many */
  constructor(size: number, numbering?: Numbering) {
    this.#calls = new RecentCalls(size, weightOf, numbering);
  }

  readonly record = (record: ForwardedRequest): void => {
    this.#calls.add(record);
  };

  /** Newest first. @param projectId whose they are; undefined: all */
  list(projectId: string | undefined, limit: number): readonly Recorded[] {
    return this.#calls.newestFirst(ofProject(projectId)).slice(0, limit);
  }

  /** The last one with this signature. */
  signedAs(signature: string, projectId: string | undefined): Recorded | undefined {
    return this.#calls.newestFirst(ofProject(projectId)).find(({ call }) => call.signature?.signature === signature);
  }

  find(requestId: string, projectId: string | undefined): Recorded | undefined {
    return this.#calls.newestFirst(ofProject(projectId)).find(({ call }) => call.requestId === requestId);
  }

  /** Forgets all, or those of a project. */
  clear(projectId: string | undefined): void {
    this.#calls.remove(ofProject(projectId));
  }
}

const ofProject =
  (projectId: string | undefined) =>
  (record: ForwardedRequest): boolean =>
    projectId === undefined || record.projectId === projectId;

const weightOf = ({ sent, signature }: ForwardedRequest): number =>
  1024 +
  (signature?.canonicalRequest.length ?? 0) +
  (sent?.rawHeaders.reduce((length, text) => length + text.length, 0) ?? 0);
