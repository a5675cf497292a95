import { describe, expect, it } from 'vitest';
import { judge } from './verdict.js';

const usage = { input: 10, cachedInput: 2, output: 5, reasoning: 1 };
const outcome = { answered: 3, fromCache: 1, failures: [] as string[], usage };
const lookUps = { asked: 2, hits: 1 };
const ledger = [
  { key: null, calls: 1, failedCalls: 0, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, cost: 0n },
  { key: 'openai/a', calls: 2, failedCalls: 0, inputTokens: 10, cachedInputTokens: 2, outputTokens: 5, cost: 9n },
];
const savings = {
  saved: 5n,
  byCause: ['exact', 'intermediate'].map((cause) => ({ plugin: 'semantic-cache', cause, calls: 1, saved: 2n })),
};
const comparison = { lines: [], ledger: 9n, bill: 9n, agree: true };

describe('judge', () => {
  it('agrees where application, ledger and bill do', () => {
    const { agree, lines } = judge({ calls: outcome, lookUps }, { byModel: ledger, savings }, comparison);
    expect(agree).toBe(true);
    expect(lines.every((line) => line.startsWith('✔'))).toBe(true);
  });

  it.each([
    ['a call failed', { ...outcome, failures: ['x'] }, ledger, comparison],
    ['a call is missing in the ledger', { ...outcome, answered: 4 }, ledger, comparison],
    ['the application read other tokens', { ...outcome, usage: { ...usage, output: 6 } }, ledger, comparison],
    ['ledger and bill differ', outcome, ledger, { ...comparison, ledger: 10n, agree: false }],
    ['a hit was not booked', { ...outcome, fromCache: 2 }, ledger, comparison],
  ])('does not where %s', (_what, calls, byModel, compared) => {
    const { agree, lines } = judge({ calls, lookUps }, { byModel, savings }, compared);
    expect(agree).toBe(false);
    expect(lines.filter((line) => line.startsWith('✘'))).toHaveLength(1);
  });
});
