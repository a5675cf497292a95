import { describe, expect, it } from 'vitest';
import { checkCalls } from './check-calls.js';

const seen = (id: string | undefined, left = false) => ({ id, status: id === undefined ? undefined : 200, left });
const entry = (id: string, settlement = 'EXACT') => ({ id, status: 'ok', settlement });
const missed = (...witnesses: Parameters<typeof checkCalls>) =>
  checkCalls(...witnesses)
    .filter(({ met }) => !met)
    .map(({ what }) => what);

describe('checkCalls', () => {
  it('is content where every answered call stands in the ledger once', () =>
    expect(missed([seen('a'), seen('b', true)], [entry('b'), entry('a')])).toEqual([]));

  it('lets a caller who left before any answer be in the ledger, or not', () => {
    expect(missed([seen('a'), seen(undefined, true)], [entry('a'), entry('x')])).toEqual([]);
    expect(missed([seen('a'), seen(undefined, true)], [entry('a')])).toEqual([]);
  });

  it.each([
    ['answered calls in the ledger', [seen('a'), seen('b')], [entry('a')]],
    ['calls that stand there more than once', [seen('a')], [entry('a'), entry('a')]],
    ['calls of callers who left before any answer', [seen('a')], [entry('a'), entry('x')]],
    ['answers without a request id', [seen('a'), seen(undefined)], [entry('a')]],
    ['request ids that came twice', [seen('a'), seen('a')], [entry('a')]],
    ['calls whose cost is not exact', [seen('a')], [entry('a', 'AT_LEAST')]],
  ])('notices: %s', (what, results, ledger) => expect(missed(results, ledger)).toEqual([what]));
});
