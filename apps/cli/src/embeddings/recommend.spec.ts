import { parseUsd } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import type { EmbedderReport } from './embedder-report.js';
import { recommend } from './recommend.js';

const PAIRS = Array.from({ length: 1_000 }, (_, index) => ({ kept: `a${index}`, asked: `b${index}`, right: true }));

/** @param hits how many of the pairs, the first ones. */
const report = (model: string, hits: number, costPerThousand: string): EmbedderReport => ({
  model,
  areaUnderCurve: 0.9,
  hits: PAIRS.map((_, index) => index < hits),
  rightHitRate: hits / PAIRS.length,
  errorRate: 0,
  costPerThousand: parseUsd(costPerThousand),
});

describe('recommend', () => {
  it('takes the dearer one where its further hits save more than it costs, whatever the order of the list', () => {
    const large = report('large', 500, '0.0026');
    const { model, advantages } = recommend([large, report('small', 400, '0.0004')], PAIRS, parseUsd('0.001'));
    expect(model).toBe('large');
    expect(advantages).toMatchObject([{ model: 'large', over: 'small', pays: true, costsMore: parseUsd('0.0022') }]);
    // 100 of 1,000 are gained; at the least 84.39 of them, 1.645 deviations of sqrt(100 − 10) below.
    expect(advantages[0]?.savesAtLeast).toBe(parseUsd('0.084394'));
  });

  it('stays with the cheaper one where answers are worth less than that', () => {
    const reports = [report('small', 400, '0.0004'), report('large', 500, '0.0026')] as const;
    expect(recommend([...reports], PAIRS, parseUsd('0.00001')).model).toBe('small');
  });

  it('does not let chance choose', () => {
    const reports = [report('small', 400, '0.0004'), report('large', 402, '0.0026')] as const;
    const { model, advantages } = recommend([...reports], PAIRS, parseUsd('1'));
    expect(model).toBe('small');
    expect(advantages[0]?.savesAtLeast).toBeLessThan(0n);
  });

  it('holds a third one against the one that was taken', () => {
    const reports = [
      report('bundled', 100, '0'),
      report('small', 500, '0.0004'),
      report('large', 500, '0.0026'),
    ] as const;
    const { model, advantages } = recommend([...reports], PAIRS, parseUsd('0.001'));
    expect(model).toBe('small');
    expect(advantages.map(({ over, pays }) => [over, pays])).toEqual([
      ['bundled', true],
      ['small', false],
    ]);
  });

  it('counts no hit that is wrong', () => {
    const wrong = PAIRS.map((pair) => ({ ...pair, right: false }));
    const reports = [report('small', 100, '0.0004'), report('large', 900, '0.0026')] as const;
    expect(recommend([...reports], wrong, parseUsd('1')).model).toBe('small');
  });
});
