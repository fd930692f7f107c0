/** What is wrong with a snapshot. */
import { refusalOf, ServiceError } from '../../errors.ts';
import { emulatorRefusals as refusals } from '../errors.ts';
import { placed, type Path } from '../seeds/seed-mistakes.ts';

/** Characters of a message: names in it come from the file. */
const longest = 500;

/** Thrown at the first mistake; the state is as it was. */
export class SnapshotMistake extends ServiceError {
  constructor(path: Path, words: string) {
    const text = placed(path, words);
    super(refusals.invalidSnapshot, refusalOf(refusals.invalidSnapshot, shortened(text)).message);
  }
}

const shortened = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);

/** For names that may stand only once: in the whole file, or in one `realm` of it. */
export class Register {
  readonly #seen = new Set<string>();

  /** @throws SnapshotMistake when it stands there already */
  once(what: string, name: string, path: Path, realm = ''): void {
    const identity = JSON.stringify([what, realm, name]);
    if (this.#seen.has(identity)) throw new SnapshotMistake(path, `there is a ${what} ${name} already`);
    this.#seen.add(identity);
  }
}
