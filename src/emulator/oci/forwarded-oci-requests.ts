/** The last requests that the OCI-style gateway took, with what became of them. */
import type { ForwardedOciRequest, OciMessage } from '../../contract/oci-forwarded.ts';
import type { OciDiagnosis } from '../../crypto/oci/diagnosis/question.ts';
import { Ring } from '../journal/ring.ts';

export type ForwardedOci = ForwardedOciRequest<OciDiagnosis>;

const MOST = 200;
/** Bytes that all of them together may hold on to, more or less. */
const HEAVIEST = 16 * 1024 * 1024;
/** What each takes besides its texts. */
const LEAST_WEIGHT = 2048;

export class ForwardedOciRequests {
  readonly #size: number;
  readonly #ring: Ring<{ readonly record: ForwardedOci; readonly weight: number }>;

  /** @param size how many are kept, if they are not too many */
  constructor(size: number) {
    this.#size = Math.min(size, MOST);
    this.#ring = new Ring(this.#size, HEAVIEST);
  }

  readonly record = (record: ForwardedOci): void => {
    if (this.#size > 0) this.#ring.add({ record, weight: weightOf(record) });
  };

  /** Newest first. */
  list(limit: number): readonly ForwardedOci[] {
    return this.#ring
      .newestFirst()
      .slice(0, limit)
      .map(([, { record }]) => record);
  }

  find(requestId: string): ForwardedOci | undefined {
    return this.#ring.newestFirst().find(([, { record }]) => record.requestId === requestId)?.[1].record;
  }

  clear(): void {
    this.#ring.remove(() => true);
  }
}

/** What is told of them besides is made of the same texts. */
const weightOf = ({ sent, received, diagnosis }: ForwardedOci): number =>
  LEAST_WEIGHT +
  (lengthOf(sent) + (received === undefined ? 0 : lengthOf(received))) * (diagnosis === undefined ? 1 : 4);

const lengthOf = ({ target, headers }: OciMessage): number =>
  headers.reduce((length, [name, value]) => length + name.length + value.length, target.length);
