/**
 * The value that so many of all do not exceed, by nearest rank.
 *
 * @param part above 0, at most 1: 0.99 for p99.
 * @throws RangeError where there is nothing measured.
 */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('there are no measurements');
  return value;
}
