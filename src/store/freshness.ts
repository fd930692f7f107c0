/** How a process learns that others have changed the database that it remembers rows of. docs/adr/0013-freshness.md has the proof. */

export interface FreshnessOptions {
  /** Another text whenever anybody else may have changed the database since; see Engine.revision. */
  readonly revision: () => Promise<string> | string;
  /** Brings what is remembered up to date; what is under way meanwhile must not be remembered. */
  readonly onChange: () => Promise<void>;
}

/**
 * After the promise that it gives, what the database held when it was called is known. A question that was under way already may have been
 * answered before that, so that such a call waits for the next one, and with it all that come meanwhile: at most one is under way, and one
 * waits. Where the answer comes at once and is the last one, there is nothing to wait for: undefined.
 */
export function makeCatchUp({ revision, onChange }: FreshnessOptions): () => Promise<undefined> | undefined {
  let last: string | undefined;
  let isUnderWay = false;
  let waiting: PromiseWithResolvers<undefined> | undefined;

  async function check(asked?: Promise<string> | string): Promise<undefined> {
    const now = await (asked ?? revision());
    if (now === last) return;
    // Only then: after an error it is asked for again.
    await onChange();
    last = now;
  }

  function begin(asked?: Promise<string> | string): Promise<undefined> {
    isUnderWay = true;
    return check(asked).finally(() => {
      isUnderWay = false;
      if (waiting === undefined) return;
      const { resolve } = waiting;
      waiting = undefined;
      resolve(begin());
    });
  }

  return () => {
    if (isUnderWay) return (waiting ??= Promise.withResolvers<undefined>()).promise;
    const asked = revision();
    return asked === last ? undefined : begin(asked);
  };
}
