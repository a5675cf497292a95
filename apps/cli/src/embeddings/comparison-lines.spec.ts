import { expect, it } from 'vitest';
import { comparisonJson, comparisonLines } from './comparison-lines.js';

const comparison = {
  pairs: 200,
  rightShare: 0.5,
  maxErrorRate: 0.01,
  answerCost: 1_000_000_000n,
  reports: [
    {
      model: 'bundled',
      areaUnderCurve: null,
      hits: [true],
      rightHitRate: 0.25,
      errorRate: 0.005,
      costPerThousand: 0n,
    },
    {
      model: 'openai/text-embedding-3-small',
      areaUnderCurve: 0.91234,
      hits: [true],
      rightHitRate: 0.4,
      errorRate: 0.005,
      costPerThousand: 400_000_000n,
    },
  ],
  recommendation: {
    model: 'openai/text-embedding-3-small',
    advantages: [
      {
        model: 'openai/text-embedding-3-small',
        over: 'bundled',
        savesAtLeast: 120_000_000_000n,
        costsMore: 400_000_000n,
        pays: true,
      },
    ],
  },
};

it('shows a table, what each step brings, and which to take', () => {
  const text = comparisonLines(comparison).join('\n');
  expect(text).toContain('200 pairs of questions, 50.0 % of them with one answer');
  expect(text).toMatch(/^bundled +– +25\.0 % +0\.5 % +0\.000000000000$/m);
  expect(text).toMatch(/^openai\/text-embedding-3-small +0\.912 +40\.0 % +0\.5 % +0\.000400000000$/m);
  expect(text).toContain('saves at least $0.120000000000, costs $0.000400000000 more: it pays');
  expect(text.endsWith('take openai/text-embedding-3-small')).toBe(true);
});

it('writes money as decimal USD, and no bits of single pairs, for programs', () => {
  const json = JSON.parse(comparisonJson(comparison)) as object;
  expect(json).toMatchObject({
    pairs: 200,
    answerCostUsd: '0.001000000000',
    embedders: [
      { model: 'bundled', areaUnderCurve: null, costPerThousandUsd: '0.000000000000' },
      { costPerThousandUsd: '0.000400000000' },
    ],
    advantages: [{ savesAtLeastUsd: '0.120000000000', pays: true }],
    recommended: 'openai/text-embedding-3-small',
  });
  expect(JSON.stringify(json)).not.toContain('hits"');
});
