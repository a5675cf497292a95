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

const ADDED = ['0', '0', '0', '0', '\\N'];

it.each([0, 1, 3, 4, 5])('a row that lacks the last %i columns gets them, as what their lack means', (missing) => {
  const row = formerRow(missing);
  const complete = completeRow(row).toString();
  const added = ADDED.slice(ADDED.length - missing).map((value) => `\t${value}`);
  expect(complete.split('\t')).toHaveLength(LEDGER_COLUMNS.length);
  expect(complete).toBe(row.toString().replace(/\n$/, `${added.join('')}\n`));
});

it('what lacks more is no row of ours, and stays as it is', () => {
  const row = formerRow(6);
  expect(completeRow(row)).toBe(row);
});
