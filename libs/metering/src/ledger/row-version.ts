import { COPY_NULL } from './copy-text.js';
import { LEDGER_COLUMNS } from './ledger-row.js';

const TAB = 0x09;

/** The last columns, which rows of former versions lack, with what they mean by lacking them. Append only. */
const ADDED_COLUMNS = {
  cache_write_long: '0',
  characters: '0',
  seconds: '0',
  searches: '0',
  leases: COPY_NULL,
} as const;
const ADDED = Object.values(ADDED_COLUMNS);

/**
 * Brings a row that a former version wrote up to the columns of this one. Without it the database would refuse every row
 * of a journal that an upgrade has left behind, and the money in it would be put aside.
 *
 * @param row COPY text with its line feed; a tab inside a value is escaped there.
 */
export function completeRow(row: Buffer): Buffer {
  let fields = 1;
  for (let tab = row.indexOf(TAB); tab !== -1; tab = row.indexOf(TAB, tab + 1)) fields++;
  const missing = LEDGER_COLUMNS.length - fields;
  if (missing <= 0 || missing > ADDED.length) return row;
  const defaults = ADDED.slice(ADDED.length - missing).map((value) => `\t${value}`);
  return Buffer.concat([row.subarray(0, row.length - 1), Buffer.from(`${defaults.join('')}\n`)]);
}
