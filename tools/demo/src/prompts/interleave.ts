/**
 * Takes so many items from several lists in turn, from the beginning again where all are used up, so that every list has
 * its share.
 *
 * @throws RangeError where all lists are empty.
 */
export function interleave<Item>(lists: readonly (readonly Item[])[], count: number): Item[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  const round = Array.from({ length: longest }, (_, index) =>
    lists.flatMap((list) => (index < list.length ? [list[index] as Item] : [])),
  ).flat();
  if (round.length === 0) throw new RangeError('there is nothing to take from');
  return Array.from({ length: count }, (_, index) => round[index % round.length] as Item);
}
