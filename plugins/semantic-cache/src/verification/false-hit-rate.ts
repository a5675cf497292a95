export interface FalseHitRate {
  /** Share of hits that were wrong, 0 to 1; NaN without an audit. */
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The share of hits that are wrong, from the audited ones, with Wilson's score interval.
 *
 * @param deviations how wide the interval is, in standard deviations; 1.96 is 95 %.
 * @see E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212.
 */
export function falseHitRate(
  { audits, falseHits }: { readonly audits: number; readonly falseHits: number },
  deviations = 1.96,
): FalseHitRate {
  if (audits === 0) return { rate: Number.NaN, low: 0, high: 1 };
  const rate = falseHits / audits;
  const square = deviations ** 2;
  const centre = (falseHits + square / 2) / (audits + square);
  const half = (deviations / (audits + square)) * Math.sqrt(audits * rate * (1 - rate) + square / 4);
  return {
    rate,
    low: falseHits === 0 ? 0 : Math.max(0, centre - half),
    high: falseHits === audits ? 1 : Math.min(1, centre + half),
  };
}
