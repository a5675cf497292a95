import { spreadOf, type Spread } from '../statistics/spread.js';
import type { HarnessRound } from './harness-report.js';

/** Rounds in which others used more than this part of the gateway's core say little. */
const MOST_FOREIGN = 0.1;

export type Figure = 'rps' | 'p50' | 'ttfb50';

/**
 * Compares two targets round by round: rounds are neighbours in time, so the drift of the machine cancels out.
 *
 * @returns spread of one target's figure over the other's; undefined where no round has both.
 */
export function ratioOf(
  rounds: readonly HarnessRound[],
  conc: number,
  figure: Figure,
  [ours, theirs]: readonly [string, string],
): Spread | undefined {
  return spreadOfRounds(rounds, conc, (find) => divide(find(ours)?.[figure], find(theirs)?.[figure]), [ours, theirs]);
}

/** The same for what a target adds to the figure of `direct`. */
export function addedRatioOf(
  rounds: readonly HarnessRound[],
  conc: number,
  figure: Figure,
  [ours, theirs]: readonly [string, string],
): Spread | undefined {
  return spreadOfRounds(
    rounds,
    conc,
    (find) => {
      const direct = find('direct')?.[figure];
      return divide(minus(find(ours)?.[figure], direct), minus(find(theirs)?.[figure], direct));
    },
    [ours, theirs],
  );
}

type Find = (target: string) => HarnessRound | undefined;

function spreadOfRounds(
  rounds: readonly HarnessRound[],
  conc: number,
  ratio: (find: Find) => number | undefined,
  targets: readonly string[],
): Spread | undefined {
  const meant = rounds.filter((round) => round.conc === conc && round.failed === undefined);
  const ratios = [...Map.groupBy(meant, ({ round }) => round).values()].flatMap((same) => {
    const find: Find = (target) => same.find((round) => round.target === target);
    const value = ratio(find);
    const clean = targets.every((target) => (find(target)?.foreign ?? 0) <= MOST_FOREIGN);
    return value === undefined ? [] : [{ value, clean }];
  });
  const used = ratios.some(({ clean }) => clean) ? ratios.filter(({ clean }) => clean) : ratios;
  return used.length === 0 ? undefined : spreadOf(used.map(({ value }) => value));
}

function minus(value: number | undefined, other: number | undefined): number | undefined {
  return value === undefined || other === undefined ? undefined : value - other;
}

/** A peer that adds nothing measurable makes no ratio. */
function divide(value: number | undefined, by: number | undefined): number | undefined {
  return value === undefined || by === undefined || by <= 0 ? undefined : value / by;
}
