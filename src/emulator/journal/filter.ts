/** Which entries of the journal are asked for. */
import { accessOf } from './headers.ts';
import type { Kept } from './kept.ts';
import { callerSeenBy, isVisible, type Scope } from './visible.ts';

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

type Tests = {
  readonly [Name in keyof Filter]: (kept: Kept, wanted: NonNullable<Filter[Name]>, scope: Scope | undefined) => boolean;
};

const tests: Tests = {
  operation: ({ observation: { operation = '' } }, wanted) => matches(operation, wanted),
  projectId: ({ projectId }, wanted) => projectId === wanted,
  keyId: ({ keyId }, wanted) => keyId === wanted,
  access: ({ observation }, wanted) => accessOf(observation) === wanted,
  userId: (kept, wanted, scope) => callerSeenBy(kept, scope)?.user.id === wanted,
  outcome: ({ observation }, wanted) => observation.outcome === wanted,
  status: ({ observation }, wanted) => observation.status === wanted,
  code: ({ observation }, wanted) => observation.refusal?.code === wanted,
};

/** Whether an operation is this one, or one of those that begin like this. */
export const matches = (operation: string, wanted: string): boolean =>
  wanted.endsWith('*') ? operation.startsWith(wanted.slice(0, -1)) : operation === wanted;

/** A test for entries, of all that the filter names, and of what this project may see; undefined: of all. */
export function makeTest(filter: Partial<Filter>, scope: Scope | undefined): (kept: Kept) => boolean {
  const chosen = Object.entries(filter).flatMap(([name, wanted]) => {
    const test = tests[name as keyof Filter] as (
      kept: Kept,
      wanted: string | number,
      scope: Scope | undefined,
    ) => boolean;
    return wanted === undefined ? [] : [(kept: Kept) => test(kept, wanted, scope)];
  });
  return (kept) => isVisible(kept, scope) && chosen.every((test) => test(kept));
}
