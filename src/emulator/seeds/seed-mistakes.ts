/** What is wrong with a seed file, and where. */

/** Where in the file: field names and positions in lists, from the outside in. */
export type Path = readonly (string | number)[];

export interface Mistake {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** All that is wrong with a seed, a line each: `file:line: message`. */
export class SeedError extends Error {
  override name = 'SeedError';
  readonly mistakes: readonly Mistake[];

  constructor(fileName: string, mistakes: readonly Mistake[]) {
    const sorted = mistakes.toSorted((one, other) => one.line - other.line);
    super(sorted.map(({ line, message }) => `${fileName}:${line}: ${message}`).join('\n'));
    this.mistakes = sorted;
  }
}

/** A message with the place that it is about, as in `domains[0].name: …`. */
export function placed(path: Path, message: string): string {
  const place = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return place === '' ? message : `${place.replace(/^\./, '')}: ${message}`;
}

/** Collects mistakes, so that they are told all at once. */
export class Proofreader {
  readonly mistakes: Mistake[] = [];
  readonly #lineOf: (path: Path) => number;
  readonly #seen = new Map<string, Path>();

  constructor(lineOf: (path: Path) => number) {
    this.#lineOf = lineOf;
  }

  complain(path: Path, message: string): void {
    this.mistakes.push({ line: this.#lineOf(path), message: placed(path, message) });
  }

  /** For a name that may stand only once: in the whole file, or in one `realm` of it. */
  once(what: string, name: string, path: Path, realm = ''): void {
    const identity = JSON.stringify([what, realm, name]);
    const earlier = this.#seen.get(identity);
    if (earlier) this.complain(path, `this ${what} stands on line ${this.#lineOf(earlier)} already`);
    else this.#seen.set(identity, path);
  }

  /** What the attempt gives, or undefined and a complaint with the words of its error. */
  attempt<T>(path: Path, attempt: () => T): T | undefined {
    try {
      return attempt();
    } catch (error) {
      this.complain(path, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }
}
