import type { BillReport } from '@parsimony/simulator';
import type { LedgerLine } from '../deployment/ledger.js';
import type { Comparison } from './compare-ledger.js';
import { count } from './count.js';
import { dollars } from './money.js';
import { formatTable, type Column } from './table.js';

const COLUMNS: readonly Column[] = [
  { title: 'model', align: 'left' },
  { title: 'calls' },
  { title: 'input' },
  { title: 'cached input' },
  { title: 'output' },
  { title: 'reasoning' },
  { title: 'ledger' },
  { title: "provider's bill" },
  { title: '', align: 'left' },
];

/** Tokens by kind, of which each counts once, and money by model. Kinds are the provider's; the ledger's sums must fit them. */
export function modelTable(ledger: readonly LedgerLine[], bill: BillReport, comparison: Comparison): string {
  const calls = new Map(ledger.map((line) => [line.key, line.calls]));
  const rows = comparison.lines.map(({ model, ledger: cost, bill: charged, tokensAgree }) => {
    const tokens = bill.lines.find((line) => line.model === model)?.tokens;
    return [
      model,
      count(calls.get(`openai/${model}`) ?? 0),
      ...kinds(tokens),
      dollars(cost),
      dollars(charged),
      cost === charged && tokensAgree ? '=' : '≠',
    ];
  });
  const total = [
    'total',
    count(ledger.reduce((sum, line) => sum + line.calls, 0)),
    ...kinds(bill.total.tokens),
    dollars(comparison.ledger),
    dollars(comparison.bill),
    comparison.ledger === comparison.bill ? '=' : '≠',
  ];
  return formatTable(COLUMNS, [...rows, total]);
}

function kinds(tokens: BillReport['total']['tokens'] | undefined): string[] {
  const { input = 0, cachedInput = 0, output = 0, reasoning = 0 } = tokens ?? {};
  return [input, cachedInput, output, reasoning].map(count);
}
