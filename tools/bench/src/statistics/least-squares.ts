export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Trend {
  /** Change of y for each unit of x. */
  readonly slope: number;
  /** Change of y from the first x to the last, along the fitted line. */
  readonly change: number;
  readonly mean: number;
}

/**
 * Fits a straight line by ordinary least squares.
 *
 * @throws RangeError with fewer than two different x.
 */
export function trendOf(points: readonly Point[]): Trend {
  const meanX = mean(points.map(({ x }) => x));
  const meanY = mean(points.map(({ y }) => y));
  const squares = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  if (!(squares > 0)) throw new RangeError('a trend needs two measurements at different places');
  const slope = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / squares;
  const places = points.map(({ x }) => x);
  return { slope, change: slope * (Math.max(...places) - Math.min(...places)), mean: meanY };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
