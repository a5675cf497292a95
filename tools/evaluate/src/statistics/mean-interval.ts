/** Student's t at 97.5 % for 1 … 9 degrees of freedom; beyond, the normal's is near enough. */
const STUDENT = [12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26] as const;

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** 95 % interval of the mean over seeds; the value itself where there is one seed. */
export function meanInterval(values: readonly number[]): readonly [number, number] {
  const centre = mean(values);
  if (values.length < 2) return [centre, centre];
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
  const half = (STUDENT[values.length - 2] ?? 2) * Math.sqrt(variance / values.length);
  return [centre - half, centre + half];
}
