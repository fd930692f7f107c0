/** The last requests that the OCI-style gateway took, with what became of them. */
import type { ForwardedOciRequest, OciMessage } from '../../contract/oci-forwarded.ts';
import type { OciDiagnosis } from '../../crypto/oci/diagnosis/question.ts';
import { RecentCalls, type Numbered } from '../gateway/recent-calls.ts';
import type { Numbering } from '../journal/ring.ts';

export type ForwardedOci = ForwardedOciRequest<OciDiagnosis>;

/** What each takes besides its texts. */
const LEAST_WEIGHT = 2048;

export class ForwardedOciRequests {
  readonly #calls: RecentCalls<ForwardedOci>;

  /** @param size how many are kept, if they are not too many */
  constructor(size: number, numbering?: Numbering) {
    this.#calls = new RecentCalls(size, weightOf, numbering);
  }

  readonly record = (record: ForwardedOci): void => {
    this.#calls.add(record);
  };

  /** Newest first. */
  list(limit: number): readonly Numbered<ForwardedOci>[] {
    return this.#calls.newestFirst().slice(0, limit);
  }

  find(requestId: string): Numbered<ForwardedOci> | undefined {
    return this.#calls.newestFirst().find(({ call }) => call.requestId === requestId);
  }

  clear(): void {
    this.#calls.remove(() => true);
  }
}

/** What is told of them besides is made of the same texts. */
const weightOf = ({ sent, received, diagnosis }: ForwardedOci): number =>
  LEAST_WEIGHT +
  (lengthOf(sent) + (received === undefined ? 0 : lengthOf(received))) * (diagnosis === undefined ? 1 : 4);

const lengthOf = ({ target, headers }: OciMessage): number =>
  headers.reduce((length, [name, value]) => length + name.length + value.length, target.length);
