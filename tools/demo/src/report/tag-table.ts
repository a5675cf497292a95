import type { LedgerLine } from '../deployment/ledger.js';
import { count } from './count.js';
import { dollars } from './money.js';
import { formatTable, type Column } from './table.js';

const COLUMNS: readonly Column[] = [
  { title: 'tag', align: 'left' },
  { title: 'calls' },
  { title: 'input' },
  { title: 'of it cached' },
  { title: 'output' },
  { title: 'ledger' },
];

/** The ledger by the tags that the application gave its calls: by language, and by streaming or not. */
export function tagTable(ledger: readonly LedgerLine[]): string {
  const rows = ledger.map((line) => [
    line.key ?? '(none)',
    count(line.calls),
    count(line.inputTokens),
    count(line.cachedInputTokens),
    count(line.outputTokens),
    dollars(line.cost),
  ]);
  return formatTable(COLUMNS, rows);
}
