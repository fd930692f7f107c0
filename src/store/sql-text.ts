/** Text in SQL. */
import { sql } from 'kysely';
import type { NameFilter } from './store.ts';

/** Whether a column has this text in it, to the letter: `like` takes or leaves capitals as the engine has it. */
export const contains = (column: string, text: string) =>
  text === '' ? sql<boolean>`1 = 1` : sql<boolean>`replace(${sql.ref(column)}, ${text}, '') <> ${sql.ref(column)}`;

export const matches = (column: string, { text, isExact }: NameFilter) =>
  isExact ? sql<boolean>`${sql.ref(column)} = ${text}` : contains(column, text);
