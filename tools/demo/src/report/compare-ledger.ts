import type { PicoDollars } from '@parsimony/contract';
import type { BillReport } from '@parsimony/simulator';
import type { LedgerLine } from '../deployment/ledger.js';

/** One model in the ledger and in the provider's bill. */
export interface ComparisonLine {
  readonly model: string;
  readonly ledger: PicoDollars;
  readonly bill: PicoDollars;
  readonly tokensAgree: boolean;
}

export interface Comparison {
  readonly lines: readonly ComparisonLine[];
  readonly ledger: PicoDollars;
  readonly bill: PicoDollars;
  /** Whether every model's money and tokens are the same in both. */
  readonly agree: boolean;
}

const PROVIDER = 'openai/';

/**
 * Lays the ledger, grouped by model, next to the provider's bill. A model that stands in one of them only is compared
 * with nothing, so that equal totals cannot hide two errors.
 */
export function compareLedger(ledger: readonly LedgerLine[], bill: BillReport): Comparison {
  const ledgerLines = Map.groupBy(ledger, ({ key }) => key?.replace(PROVIDER, '') ?? '');
  const billLines = Map.groupBy(bill.lines, ({ model }) => model);
  const models = [...new Set([...ledgerLines.keys(), ...billLines.keys()])].sort();
  const lines = models.map((model) => {
    const ours = ledgerLines.get(model) ?? [];
    const theirs = billLines.get(model) ?? [];
    const tokensAgree =
      sum(ours, (line) => line.inputTokens) === sum(theirs, ({ tokens }) => tokens.input + tokens.cachedInput) &&
      sum(ours, (line) => line.cachedInputTokens) === sum(theirs, ({ tokens }) => tokens.cachedInput) &&
      sum(ours, (line) => line.outputTokens) === sum(theirs, ({ tokens }) => tokens.output + tokens.reasoning);
    return {
      model,
      ledger: money(ours, ({ cost }) => cost),
      bill: money(theirs, ({ chargedPicoDollars }) => BigInt(chargedPicoDollars)),
      tokensAgree,
    };
  });
  return {
    lines: lines.filter(({ model, ledger: cost, bill: charged }) => model !== '' || cost !== charged),
    ledger: money(ledger, ({ cost }) => cost),
    bill: BigInt(bill.total.chargedPicoDollars),
    agree: lines.every(({ ledger: cost, bill: charged, tokensAgree }) => cost === charged && tokensAgree),
  };
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function money<Item>(items: readonly Item[], of: (item: Item) => PicoDollars): PicoDollars {
  return items.reduce((total, item) => total + of(item), 0n);
}
