import { expect, it } from 'vitest';
import { errorCodeOf, verdictOf } from './verdict.js';

it.each([
  [200, 'answered', '{}'],
  [402, 'refused', ''],
  [412, 'refused', 'budget exhausted'],
  [400, 'refused', 'ExceededBudget: User over budget. Spend=10.6, Budget=10.0'],
  [403, 'refused', '{"error":{"code":"quota"}}'],
  [429, 'refused', '{"error":{"code":"insufficient_quota"}}'],
  [429, 'busy', '{"error":{"code":"rate_limit_exceeded"}}'],
  [400, 'failed', 'unknown parameter'],
  [503, 'failed', 'budgets_unavailable'],
])('%i is %s: %s', (status, verdict, body) => expect(verdictOf(status, false, body)).toBe(verdict));

it('takes a stream without its end for failed', () => {
  expect(verdictOf(200, true, 'data: {}\n\ndata: [DONE]\n\n')).toBe('answered');
  expect(verdictOf(200, true, 'data: {}\n\ndata: {"error":{}}\n\n')).toBe('failed');
});

it.each([
  ['{"error":{"code":"budget_exceeded","type":"insufficient_quota"}}', 'budget_exceeded'],
  ['{"error":{"code":"429","type":"budget_exceeded"}}', 'budget_exceeded'],
  ['{"error":{"code":400,"type":"auth_error"}}', 'auth_error'],
  ['{"error":"нет денег"}', ''],
  ['{"detail":"x"}', ''],
  ['null', ''],
  ['<html>', ''],
])('names the error of %s', (body, code) => expect(errorCodeOf(body)).toBe(code));
