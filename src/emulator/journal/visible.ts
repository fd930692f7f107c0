/** How much of a request those see who ask for it. */
import type { Caller } from '../../contract/caller.ts';
import type { Kept } from './kept.ts';

/** A project that sees only its own. */
export interface Scope {
  readonly id: string;
  readonly domain: { readonly id: string };
}

export const isVisible = ({ projectId }: Kept, scope: Scope | undefined): boolean =>
  scope === undefined || projectId === scope.id;

/** Who sent it. A project does not learn who the strangers are that come to its path. */
export function callerSeenBy({ observation: { caller } }: Kept, scope: Scope | undefined): Caller | undefined {
  return scope === undefined || caller?.user.domain.id === scope.domain.id ? caller : undefined;
}
