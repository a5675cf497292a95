import type { PicoDollars } from '@parsimony/contract';
import { compareLedger, type ComparisonLine, type LedgerLine } from '@parsimony/demo';
import type { BillReport } from '@parsimony/simulator';

/** The ledger beside the bills of several providers. */
export interface BillsComparison {
  readonly lines: readonly ComparisonLine[];
  readonly ledger: PicoDollars;
  readonly bill: PicoDollars;
  /** Whether every model's money and tokens are the same in both. */
  readonly agree: boolean;
  /** Whether no model costs more in the ledger than its provider charged. */
  readonly atMost: boolean;
}

/**
 * @param ledger grouped by model, as `provider/model`.
 * @param bills by the provider's name.
 */
export function compareBills(
  ledger: readonly LedgerLine[],
  bills: Readonly<Record<string, BillReport>>,
): BillsComparison {
  const comparisons = Object.entries(bills).map(([provider, bill]) =>
    compareLedger(
      linesOf(ledger, (name) => name === provider),
      bill,
    ),
  );
  // Of a provider that nobody knows there is no bill: whatever it cost is too much.
  const unknown = compareLedger(
    linesOf(ledger, (name) => !(name in bills)),
    NO_BILL,
  );
  const all = [...comparisons, unknown];
  return {
    lines: all.flatMap(({ lines }) => lines),
    ledger: all.reduce((sum, each) => sum + each.ledger, 0n),
    bill: all.reduce((sum, each) => sum + each.bill, 0n),
    agree: all.every(({ agree }) => agree),
    atMost: all.every(({ lines }) => lines.every((line) => line.ledger <= line.bill)),
  };
}

const NO_TOKENS = { input: 0, cachedInput: 0, output: 0, reasoning: 0 };
const NO_BILL: BillReport = { lines: [], total: { calls: 0, tokens: NO_TOKENS, chargedPicoDollars: '0' } };

/** The lines of some providers, without the provider's name, which a bill does not have. */
function linesOf(ledger: readonly LedgerLine[], isMeant: (provider: string) => boolean): LedgerLine[] {
  return ledger.flatMap((line) => {
    const [provider = '', ...model] = line.key?.split('/') ?? [];
    if (!isMeant(provider)) return [];
    return [{ ...line, key: line.key === null ? null : model.join('/') }];
  });
}
