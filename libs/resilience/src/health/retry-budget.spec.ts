import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { passTime, stopClock } from '../../test/scripted-provider.js';
import { RetryBudget } from './retry-budget.js';

beforeEach(stopClock);
afterEach(() => void vi.useRealTimers());

function take(budget: RetryBudget, times: number): number {
  return Array.from({ length: times }, () => budget.tryWithdraw()).filter(Boolean).length;
}

it('pays what is saved up, then a share of the calls', () => {
  const budget = new RetryBudget({ share: 0.25, perSecond: 0, most: 10 });
  expect(take(budget, 20)).toBe(10);
  for (let index = 0; index < 12; index++) budget.deposit();
  expect(take(budget, 20)).toBe(3);
});

it('pays so many a second however few calls there are, and saves no more than its most', () => {
  const budget = new RetryBudget({ share: 0, perSecond: 10, most: 20 });
  expect(take(budget, 100)).toBe(20);
  passTime(500);
  expect(take(budget, 100)).toBe(5);
  passTime(3_600_000);
  expect(take(budget, 100)).toBe(20);
});

it('does not lose by a clock that is set back', () => {
  const budget = new RetryBudget({ share: 0, perSecond: 10, most: 20 });
  take(budget, 10);
  passTime(-60_000);
  expect(take(budget, 100)).toBe(10);
});
