/** So many are put into every order: 720 of them. */
const MOST = 6;

const known = new Map<number, readonly (readonly number[])[]>();

/** Every order of so many things but the one in which they are. */
function permutations(count: number): readonly (readonly number[])[] {
  const before = known.get(count);
  if (before !== undefined) return before;
  const made = count === 0 ? [[]] : insertions(count);
  known.set(count, made);
  return made;
}

/** The last one at each place of each order of the others. */
const insertions = (count: number): readonly (readonly number[])[] =>
  permutations(count - 1).flatMap((order) =>
    Array.from({ length: count }, (_, at) => order.toSpliced(count - 1 - at, 0, count - 1)),
  );

/** Things in every other order where they are few; where they are more, with one of them at another place. */
export function* orders<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  if (items.length <= MOST) {
    for (const order of permutations(items.length).slice(1)) yield order.map((at) => items[at] as Item);
    return;
  }
  for (const [from, item] of items.entries()) {
    const others = items.toSpliced(from, 1);
    for (let to = 0; to < items.length; to++) if (to !== from) yield others.toSpliced(to, 0, item);
  }
}
