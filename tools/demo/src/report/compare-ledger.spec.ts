import type { BillReport } from '@parsimony/simulator';
import { describe, expect, it } from 'vitest';
import type { LedgerLine } from '../deployment/ledger.js';
import { compareLedger } from './compare-ledger.js';

const line = (key: string | null, cost: bigint, tokens: Partial<LedgerLine> = {}): LedgerLine => ({
  key,
  calls: 1,
  failedCalls: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  cost,
  ...tokens,
});

const NO_TOKENS = { input: 0, cachedInput: 0, output: 0, reasoning: 0 };

function bill(charges: Readonly<Record<string, bigint>>, tokens = NO_TOKENS): BillReport {
  const lines = Object.entries(charges).map(([model, charged]) => ({
    key: '…key',
    model,
    calls: 1,
    tokens,
    chargedPicoDollars: String(charged),
  }));
  const total = lines.reduce((sum, { chargedPicoDollars }) => sum + BigInt(chargedPicoDollars), 0n);
  return { lines, total: { calls: lines.length, tokens, chargedPicoDollars: String(total) } };
}

describe('compareLedger', () => {
  it('agrees where every model costs the same in both', () => {
    const compared = compareLedger([line('openai/a', 3n), line('openai/b', 4n)], bill({ b: 4n, a: 3n }));
    expect(compared).toMatchObject({ agree: true, ledger: 7n, bill: 7n });
    expect(compared.lines.map(({ model }) => model)).toEqual(['a', 'b']);
  });

  it('sees one pico-dollar, beyond what a floating-point number could hold', () => {
    const much = 10n ** 20n;
    expect(compareLedger([line('openai/a', much + 1n)], bill({ a: much })).agree).toBe(false);
  });

  it('is not fooled by two errors that cancel each other out', () => {
    const compared = compareLedger([line('openai/a', 3n), line('openai/b', 4n)], bill({ a: 4n, b: 3n }));
    expect(compared).toMatchObject({ agree: false, ledger: 7n, bill: 7n });
  });

  it.each([
    ['missing in the ledger', [], bill({ a: 1n })],
    ['missing in the bill', [line('openai/a', 1n)], bill({})],
    ['without a model, but with a cost', [line(null, 1n)], bill({})],
  ])('does not agree where a model is %s', (_what, ledger, charged) => {
    expect(compareLedger(ledger, charged).agree).toBe(false);
  });

  it('leaves out calls that never reached a provider', () => {
    const compared = compareLedger([line(null, 0n), line('openai/a', 1n)], bill({ a: 1n }));
    expect(compared.agree).toBe(true);
    expect(compared.lines).toHaveLength(1);
  });

  it('compares tokens too: cached ones are part of the input, hidden ones of the output', () => {
    const tokens = { input: 10, cachedInput: 5, output: 7, reasoning: 3 };
    const same = { inputTokens: 15, cachedInputTokens: 5, outputTokens: 10 };
    expect(compareLedger([line('openai/a', 1n, same)], bill({ a: 1n }, tokens)).agree).toBe(true);
    for (const wrong of [{ inputTokens: 10 }, { cachedInputTokens: 4 }, { outputTokens: 7 }])
      expect(compareLedger([line('openai/a', 1n, { ...same, ...wrong })], bill({ a: 1n }, tokens)).agree).toBe(false);
  });
});
