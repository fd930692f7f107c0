/** A value of a JSON text and where it stands in it: `routes[0].backend.url`. What is wrong is kept, so that all of it is told at once. */

/** Mistakes that are told; what is beyond is not. */
const MOST_MISTAKES = 50;
/** Characters of one: a name in it may be very long. */
const LONGEST_MISTAKE = 500;

interface Notes {
  readonly mistakes: string[];
  readonly ignored: string[];
}

/** Thrown for what cannot be read, once its mistake has been noted. */
class Unread extends Error {
  override name = 'Unread';
}

export class JsonPlace {
  readonly value: unknown;
  readonly path: string;
  readonly #notes: Notes;

  constructor(value: unknown, path: string, notes: Notes) {
    this.value = value;
    this.path = path;
    this.#notes = notes;
  }

  get isThere(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  /** Notes the mistake, and gives what is to be thrown. */
  wrong(text: string): Error {
    const { mistakes } = this.#notes;
    const placed = this.path === '' ? text : `${this.path}: ${text}`;
    if (mistakes.length < MOST_MISTAKES) mistakes.push(placed.slice(0, LONGEST_MISTAKE));
    return new Unread(text);
  }

  ignore(): void {
    this.#notes.ignored.push(this.path);
  }

  /** A field of an object, an item of a list. */
  at(step: string | number): JsonPlace {
    const { value, path } = this;
    const isHere = typeof value === 'object' && value !== null && Object.hasOwn(value, step);
    const inner = isHere ? (value as Record<string | number, unknown>)[step] : undefined;
    const place = typeof step === 'number' ? `${path}[${step}]` : path === '' ? step : `${path}.${step}`;
    return new JsonPlace(inner, place, this.#notes);
  }
}

/** Throws what `wrong` gives. */
export type Reader<Value> = (place: JsonPlace) => Value;

export interface Read<Value> {
  /** Undefined where there are mistakes. */
  readonly value: Value | undefined;
  /** Each a place such as `routes[0].backend.url` and what is wrong there. */
  readonly mistakes: readonly string[];
  /** Places that mean nothing here. */
  readonly ignored: readonly string[];
}

export function read<Value>(value: unknown, reader: Reader<Value>): Read<Value> {
  const notes: Notes = { mistakes: [], ignored: [] };
  const found = attempt(() => reader(new JsonPlace(value, '', notes)));
  return { ...notes, value: notes.mistakes.length === 0 ? found : undefined };
}

/** Text that is not empty. */
export const text: Reader<string> = (place) => {
  const { value } = place;
  if (!place.isThere) throw place.wrong('is missing');
  if (typeof value !== 'string') throw place.wrong('must be text');
  if (value === '') throw place.wrong('must not be empty');
  return value;
};

export const oneOf =
  <Value extends string>(...values: readonly Value[]): Reader<Value> =>
  (place) => {
    const given = text(place);
    const found = values.find((value) => value === given);
    if (found === undefined) throw place.wrong(`must be one of ${values.join(', ')}`);
    return found;
  };

export const integer =
  (least: number, most: number): Reader<number> =>
  (place) => {
    const { value } = place;
    if (!place.isThere) throw place.wrong('is missing');
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw place.wrong(`must be a whole number from ${least} to ${most}`);
  };

export const optional =
  <Value>(reader: Reader<Value>): Reader<Value | undefined> =>
  (place) =>
    place.isThere ? reader(place) : undefined;

/** A list that is not empty. */
export const listOf =
  <Value>(reader: Reader<Value>, most: number): Reader<readonly Value[]> =>
  (place) => {
    const { value } = place;
    if (!place.isThere) throw place.wrong('is missing');
    if (!Array.isArray(value)) throw place.wrong('must be a list');
    if (value.length === 0) throw place.wrong('must not be empty');
    if (value.length > most) throw place.wrong(`has ${value.length} items, and at most ${most} may be there`);
    return all(value.map((_item, index) => () => reader(place.at(index))));
  };

type Readers = Readonly<Record<string, Reader<unknown>>>;
type Fields<Of extends Readers> = { readonly [Name in keyof Of]: ReturnType<Of[Name]> };

/**
 * An object with these fields; others are mistakes.
 * @param ignored those that may be there and mean nothing here
 * @param written what a field is called in the JSON, where that is something else
 */
export const objectOf =
  <Of extends Readers>(
    readers: Of,
    ignored: readonly string[] = [],
    written: Readonly<Record<string, string>> = {},
  ): Reader<Fields<Of>> =>
  (place) => {
    const { value } = place;
    if (value === undefined || value === null) throw place.wrong('is missing');
    if (typeof value !== 'object' || Array.isArray(value)) throw place.wrong('must be an object');
    const fields = Object.entries(readers).map(([name, reader]) => ({ name, reader, written: written[name] ?? name }));
    const known = [...fields.map((field) => field.written), ...ignored];
    for (const name of Object.keys(value)) {
      if (ignored.includes(name)) place.at(name).ignore();
      else if (!known.includes(name)) place.at(name).wrong(`there is no such field; known are ${known.join(', ')}`);
    }
    const values = all(fields.map((field) => () => field.reader(place.at(field.written))));
    return Object.fromEntries(fields.map(({ name }, index) => [name, values[index]])) as Fields<Of>;
  };

/** Does them all, so that each tells its mistakes; throws where one did. */
function all<Value>(readings: readonly (() => Value)[]): readonly Value[] {
  const values: Value[] = [];
  let unread: Unread | undefined;
  for (const reading of readings) {
    try {
      values.push(reading());
    } catch (error) {
      if (!(error instanceof Unread)) throw error;
      unread = error;
    }
  }
  if (unread !== undefined) throw unread;
  return values;
}

function attempt<Value>(reading: () => Value): Value | undefined {
  try {
    return reading();
  } catch (error) {
    if (error instanceof Unread) return undefined;
    throw error;
  }
}
