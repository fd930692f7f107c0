/** The last requests that the gateway sent to backends, or would have. */
import type { ForwardedRequest } from '../../contract/forwarded.ts';
import { Ring } from '../journal/ring.ts';

/** Few, since at full speed all of them grow old: with more, the garbage collector takes a good part of the gateway's time. */
const MOST = 200;
/** Bytes that all of them together may hold on to, more or less. */
const HEAVIEST = 16 * 1024 * 1024;

interface Kept {
  readonly record: ForwardedRequest;
  readonly weight: number;
}

export class ForwardedRequests {
  readonly #size: number;
  readonly #ring: Ring<Kept>;

  /** @param size how many are kept, if they are not too many */
  constructor(size: number) {
    this.#size = Math.min(size, MOST);
    this.#ring = new Ring(this.#size, HEAVIEST);
  }

  readonly record = (record: ForwardedRequest): void => {
    if (this.#size > 0) this.#ring.add({ record, weight: weightOf(record) });
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
    this.#ring.remove(({ record }) => projectId === undefined || record.projectId === projectId);
  }

  #of(projectId: string | undefined): readonly ForwardedRequest[] {
    return this.#ring.newestFirst().flatMap(([, { record }]) => {
      return projectId === undefined || record.projectId === projectId ? [record] : [];
    });
  }
}

const weightOf = ({ sent, signature }: ForwardedRequest): number =>
  1024 +
  (signature?.canonicalRequest.length ?? 0) +
  (sent?.rawHeaders.reduce((length, text) => length + text.length, 0) ?? 0);
