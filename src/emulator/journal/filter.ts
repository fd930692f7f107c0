/** Which entries of the journal are asked for. */
import { accessOf } from './headers.ts';
import type { Kept } from './kept.ts';

/** What is undefined is not looked at. */
export interface Filter {
  /** Such as `kms.sign`, or `kms.*`. */
  readonly operation: string | undefined;
  readonly projectId: string | undefined;
  readonly keyId: string | undefined;
  /** The access key that signed. */
  readonly access: string | undefined;
  readonly userId: string | undefined;
  readonly outcome: string | undefined;
  readonly status: number | undefined;
  readonly code: string | undefined;
}

type Tests = { readonly [Name in keyof Filter]: (kept: Kept, wanted: NonNullable<Filter[Name]>) => boolean };

const tests: Tests = {
  operation: ({ observation: { operation = '' } }, wanted) =>
    wanted.endsWith('*') ? operation.startsWith(wanted.slice(0, -1)) : operation === wanted,
  projectId: ({ projectId }, wanted) => projectId === wanted,
  keyId: ({ keyId }, wanted) => keyId === wanted,
  access: ({ observation }, wanted) => accessOf(observation) === wanted,
  userId: ({ observation }, wanted) => observation.caller?.user.id === wanted,
  outcome: ({ observation }, wanted) => observation.outcome === wanted,
  status: ({ observation }, wanted) => observation.status === wanted,
  code: ({ observation }, wanted) => observation.refusal?.code === wanted,
};

/** A test for entries, of all that the filter names. */
export function makeTest(filter: Partial<Filter>): (kept: Kept) => boolean {
  const chosen = Object.entries(filter).flatMap(([name, wanted]) => {
    const test = tests[name as keyof Filter] as (kept: Kept, wanted: string | number) => boolean;
    return wanted === undefined ? [] : [(kept: Kept) => test(kept, wanted)];
  });
  return (kept) => chosen.every((test) => test(kept));
}
