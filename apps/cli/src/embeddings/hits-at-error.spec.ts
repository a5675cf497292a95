import { describe, expect, it } from 'vitest';
import { hitsAtError } from './hits-at-error.js';

const inTurns = (index: number) => (index % 2 === 0 ? 0 : 1);

/** Each pair twice, so that both halves are the same. */
const twice = (pairs: readonly (readonly [number, boolean])[]) =>
  pairs.flatMap(([similarity, right]) => [
    { similarity, right },
    { similarity, right },
  ]);
const hitsOf = (pairs: readonly (readonly [number, boolean])[], rate: number) =>
  hitsAtError(twice(pairs), rate, inTurns).filter((_, index) => index % 2 === 0);

describe('hitsAtError', () => {
  const pairs = [
    [0.9, true],
    [0.8, true],
    [0.7, false],
    [0.6, true],
    [0.5, false],
  ] as const;

  it.each([
    [0, [true, true, false, false, false]],
    [0.19, [true, true, false, false, false]],
    [0.2, [true, true, true, true, false]],
    [1, [true, true, true, true, true]],
  ])('at %d goes as low as the error allows', (rate, hits) => expect(hitsOf(pairs, rate)).toEqual(hits));

  it('does not part pairs of one similarity', () =>
    expect(
      hitsOf(
        [
          [0.9, true],
          [0.9, false],
          [0.8, true],
        ],
        0,
      ),
    ).toEqual([false, false, false]));

  it('chooses each half’s threshold on the other half', () => {
    const scored = [
      { similarity: 0.9, right: true },
      { similarity: 0.9, right: false },
    ];
    // The right one alone lets everything from 0.9 up through; the wrong one alone lets nothing through.
    expect(hitsAtError(scored, 0, inTurns)).toEqual([false, true]);
  });

  it('finds the hits of a log in which right and wrong take turns', () => {
    const log = Array.from({ length: 100 }, (_, index) => ({
      similarity: index % 2 === 0 ? 0.9 : 0.3,
      right: index % 2 === 0,
    }));
    expect(hitsAtError(log, 0)).toEqual(log.map(({ right }) => right));
  });
});
