/** Smallest, middle and largest of some measurements. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** @throws RangeError where there is nothing measured. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const min = sorted[0];
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) throw new RangeError('there are no measurements');
  const upper = sorted[sorted.length >> 1] as number;
  const lower = sorted[(sorted.length - 1) >> 1] as number;
  return { min, median: (lower + upper) / 2, max };
}

/** @returns for example `2.10 s (1.98–2.31)`. */
export function formatSpread({ min, median, max }: Spread, digits: number, unit = ''): string {
  return `${median.toFixed(digits)}${unit && ` ${unit}`} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}
