import { seededRandom } from '../statistics/seeded-random.js';

/**
 * Draws items whose popularity falls with their rank: the n-th is drawn in proportion to 1/n (Zipf's law, exponent 1).
 *
 * @param items how many there are, at least one.
 * @returns item numbers, 0 the most popular.
 */
export function zipfDraws(items: number, draws: number, seed: number): number[] {
  const random = seededRandom(seed);
  const upTo: number[] = [];
  let sum = 0;
  for (let rank = 1; rank <= items; rank += 1) upTo.push((sum += 1 / rank));
  return Array.from({ length: draws }, () => {
    const point = random() * sum;
    return upTo.findIndex((bound) => point < bound);
  });
}
