/** The entries of a seed file, each with the place where it stands. */
import type { AgencyEntry, DomainEntry, KeyEntry, ProjectEntry, TokenEntry, UserEntry } from './seed-format.ts';
import type { Path, Proofreader } from './seed-mistakes.ts';

/** An entry, where it stands, and what it stands in. */
export interface Placed<Entry, Parent = unknown> {
  readonly entry: Entry;
  readonly path: Path;
  readonly parent: Parent;
  /** What tells it from others of its kind. */
  readonly id: string;
}

export type PlacedDomain = Placed<DomainEntry>;
export type PlacedProject = Placed<ProjectEntry, PlacedDomain>;
export type PlacedUser = Placed<UserEntry, PlacedDomain>;
export type PlacedAgency = Placed<AgencyEntry, PlacedDomain>;
export type PlacedToken = Placed<TokenEntry, PlacedUser>;
export type PlacedKey = Placed<KeyEntry, PlacedProject>;

export function place<Entry, Parent extends { readonly path: Path }>(
  entries: readonly Entry[] | undefined,
  field: string,
  parent: Parent,
  idOf: (entry: Entry) => string,
): Placed<Entry, Parent>[] {
  return (entries ?? []).map((entry, index) => ({
    entry,
    path: [...parent.path, field, index],
    parent,
    id: idOf(entry),
  }));
}

/** Milliseconds since 1970; null where there is no text. */
export function readInstant(text: string | undefined, path: Path, proofreader: Proofreader): number | null {
  if (text === undefined) return null;
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) proofreader.complain(path, 'there is no such instant');
  return instant;
}
