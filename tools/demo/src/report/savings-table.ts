import type { Savings } from '../deployment/ledger.js';
import { count } from './count.js';
import { dollars } from './money.js';
import { formatTable, type Column } from './table.js';

const COLUMNS: readonly Column[] = [
  { title: 'saved by', align: 'left' },
  { title: 'cause', align: 'left' },
  { title: 'calls' },
  { title: 'saved' },
];

/** What was saved, by the plugin that did it and how. */
export function savingsTable({ saved, byCause }: Savings): string {
  const rows = byCause.map((line) => [line.plugin, line.cause, count(line.calls), dollars(line.saved)]);
  const calls = byCause.reduce((sum, line) => sum + line.calls, 0);
  return formatTable(COLUMNS, [...rows, ['total', '', count(calls), dollars(saved)]]);
}
