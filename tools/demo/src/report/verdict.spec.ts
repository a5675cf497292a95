import { describe, expect, it } from 'vitest';
import { judge } from './verdict.js';

const usage = { input: 10, cachedInput: 2, output: 5, reasoning: 1 };
const outcome = { answered: 2, failures: [] as string[], usage };
const ledger = [
  { key: 'openai/a', calls: 2, failedCalls: 0, inputTokens: 10, cachedInputTokens: 2, outputTokens: 5, cost: 9n },
];
const comparison = { lines: [], ledger: 9n, bill: 9n, agree: true };

describe('judge', () => {
  it('agrees where application, ledger and bill do', () => {
    const { agree, lines } = judge(outcome, ledger, comparison);
    expect(agree).toBe(true);
    expect(lines.every((line) => line.startsWith('✔'))).toBe(true);
  });

  it.each([
    ['a call failed', { ...outcome, failures: ['x'] }, ledger, comparison],
    ['a call is missing in the ledger', { ...outcome, answered: 3 }, ledger, comparison],
    ['the application read other tokens', { ...outcome, usage: { ...usage, output: 6 } }, ledger, comparison],
    ['ledger and bill differ', outcome, ledger, { ...comparison, ledger: 10n, agree: false }],
  ])('does not where %s', (_what, ...witnesses) => {
    const { agree, lines } = judge(...witnesses);
    expect(agree).toBe(false);
    expect(lines.filter((line) => line.startsWith('✘'))).toHaveLength(1);
  });
});
