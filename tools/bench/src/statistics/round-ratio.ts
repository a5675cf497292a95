import { spreadOf, type Spread } from './spread.js';

/** One figure of one round. */
export interface RoundFigure {
  readonly round: number;
  readonly value: number;
}

/**
 * Compares two series round by round: rounds are neighbours in time, so the drift of the machine cancels out.
 *
 * @returns spread of one series' figures over the other's; undefined where no round has both.
 */
export function roundRatio(ours: readonly RoundFigure[], theirs: readonly RoundFigure[]): Spread | undefined {
  const byRound = new Map(theirs.map(({ round, value }) => [round, value]));
  const ratios = ours.flatMap(({ round, value }) => {
    const other = byRound.get(round);
    return other === undefined || other <= 0 ? [] : [value / other];
  });
  return ratios.length === 0 ? undefined : spreadOf(ratios);
}
