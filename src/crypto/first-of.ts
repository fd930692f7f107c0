/** The first of them; the others are not made. */
export function firstOf<Item>(items: Iterable<Item>, most: number): Item[] {
  const taken: Item[] = [];
  if (most === 0) return taken;
  for (const item of items) {
    taken.push(item);
    if (taken.length === most) break;
  }
  return taken;
}
