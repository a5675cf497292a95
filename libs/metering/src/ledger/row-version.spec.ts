import { expect, it } from 'vitest';
import { aLedgerCall, aSettledLine } from '../../test/a-row.js';
import { completeRow } from './row-version.js';
import { LEDGER_COLUMNS } from './ledger-row.js';

/** A row as the version before the last `missing` columns wrote it. */
function formerRow(missing: number): Buffer {
  const call = aLedgerCall({ tags: { tab: 'a\tb', line: 'a\nb' } });
  const fields = aSettledLine(call).trimEnd().split('\t');
  expect(fields).toHaveLength(LEDGER_COLUMNS.length);
  return Buffer.from(`${fields.slice(0, fields.length - missing).join('\t')}\n`);
}

it.each([0, 1, 3, 4])('a row that lacks the last %i columns gets them, as 0', (missing) => {
  const row = formerRow(missing);
  const complete = completeRow(row).toString();
  expect(complete.split('\t')).toHaveLength(LEDGER_COLUMNS.length);
  expect(complete).toBe(row.toString().replace(/\n$/, `${'\t0'.repeat(missing)}\n`));
});

it('what lacks more is no row of ours, and stays as it is', () => {
  const row = formerRow(5);
  expect(completeRow(row)).toBe(row);
});
