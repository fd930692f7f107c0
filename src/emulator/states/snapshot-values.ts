/** Values as a snapshot has them. */
import type { KeyState } from '../../store/store.ts';
import type { StateName } from './snapshot-format.ts';

export const stateNames: Readonly<Record<KeyState, StateName>> = {
  2: 'enabled',
  3: 'disabled',
  4: 'pending-deletion',
  5: 'pending-import',
};

/** Milliseconds; no date is further from 1970 (ECMA-262 21.4.1.1). */
const furthest = 8.64e15;

/** Milliseconds since 1970 as ISO 8601. */
export const written = (instant: number): string =>
  new Date(Math.max(-furthest, Math.min(instant, furthest))).toISOString();

export const writtenOrNull = (instant: number | null): string | null => (instant === null ? null : written(instant));

/** DER in lines of Base64 (RFC 7468), to the byte: a parser might write it anew. */
export function pem(label: PemLabel, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

export type PemLabel = 'PRIVATE KEY' | 'PUBLIC KEY';

/** The DER of one such block; undefined for any other text. */
export function derOf(label: PemLabel, text: string): Uint8Array | undefined {
  const lines = text.trim().split(/\r?\n/);
  if (lines.at(0) !== `-----BEGIN ${label}-----` || lines.at(-1) !== `-----END ${label}-----`) return undefined;
  const base64 = lines.slice(1, -1).join('');
  return isBase64(base64) ? Buffer.from(base64, 'base64') : undefined;
}

export const isBase64 = (text: string): boolean => /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0;

/** Without the fields that are null. */
export const present = <Entry extends object>(entry: { readonly [Field in keyof Entry]: Entry[Field] | null }): Entry =>
  Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null)) as Entry;

/** The entries of these rows in the order of a field; null where there are none. */
export function inOrder<Row, Entry>(
  rows: readonly Row[] | undefined,
  by: (row: Row) => string | number,
  write: (row: Row) => Entry,
): readonly Entry[] | null {
  if (rows === undefined || rows.length === 0) return null;
  return rows
    .toSorted((one, other) => {
      const [first, second] = [by(one), by(other)];
      return first < second ? -1 : first > second ? 1 : 0;
    })
    .map(write);
}

/** Rows by what they belong to. */
export type Groups<Row> = ReadonlyMap<string, readonly Row[]>;

export const groupedBy = <Row>(rows: readonly Row[], owner: (row: Row) => string): Groups<Row> =>
  Map.groupBy(rows, owner);
