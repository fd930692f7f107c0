/** For slips: the name that was meant. */
import { distance } from 'fastest-levenshtein';

/** The known name that a mistyped one is near to, capital or small; undefined where more than a third of it is wrong. */
function nearestName(mistyped: string, known: Iterable<string>): string | undefined {
  const given = mistyped.toLowerCase();
  const most = Math.max(2, Math.floor(given.length / 3));
  const [best] = Array.from(known, (name) => ({ name, wrong: distance(given, name.toLowerCase()) }))
    .filter(({ wrong }) => wrong <= most && wrong < given.length)
    .toSorted((one, other) => one.wrong - other.wrong);
  return best?.name;
}

/** For the end of a message; empty where no name is near. */
export function suggestion(mistyped: string, known: Iterable<string>): string {
  const name = nearestName(mistyped, known);
  return name === undefined ? '' : `; did you mean ${name}?`;
}
