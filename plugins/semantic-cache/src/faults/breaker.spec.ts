import { expect, it } from 'vitest';
import { Breaker } from './breaker.js';

function aBreaker(): { breaker: Breaker; changes: unknown[] } {
  const changes: unknown[] = [];
  return { breaker: new Breaker({ failures: 3, restMs: 100, changed: (failure) => changes.push(failure) }), changes };
}

it('opens after so many failures in a row, and says so once', () => {
  const { breaker, changes } = aBreaker();
  for (const failure of ['1', '2']) breaker.failed(failure, 0);
  breaker.succeeded();
  for (const failure of ['3', '4']) breaker.failed(failure, 0);
  expect(breaker.permits(0)).toBe(true);
  breaker.failed('5', 0);
  breaker.failed('6', 0);
  expect(changes).toEqual(['5']);
  expect(breaker.permits(99)).toBe(false);
});

it('lets one attempt through when it has rested, and closes with its success', () => {
  const { breaker, changes } = aBreaker();
  for (const failure of ['1', '2', '3']) breaker.failed(failure, 0);
  expect(breaker.permits(100)).toBe(true);
  expect(breaker.permits(101)).toBe(false);
  breaker.failed('4', 110);
  expect(breaker.permits(205)).toBe(false);
  expect(breaker.permits(210)).toBe(true);
  breaker.succeeded();
  expect(breaker.permits(211)).toBe(true);
  expect(changes).toEqual(['3', null]);
});
