/** Log-odds from -8 to 8 in steps of a quarter: fine enough to plan with, coarse enough to fill. */
const MOST_LOG_ODDS = 8;
export const SCORE_STEP = 0.25;
export const SCORE_BINS = (2 * MOST_LOG_ODDS) / SCORE_STEP;

export function clampLogOdds(logOdds: number): number {
  return Math.max(-MOST_LOG_ODDS, Math.min(MOST_LOG_ODDS, logOdds));
}

export function scoreBinOf(logOdds: number): number {
  return Math.max(0, Math.min(SCORE_BINS - 1, Math.floor((logOdds + MOST_LOG_ODDS) / SCORE_STEP)));
}

/** The least log-odds that fall into a bin. */
export function lowestOfBin(bin: number): number {
  return SCORE_STEP * bin - MOST_LOG_ODDS;
}
