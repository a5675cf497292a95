import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JournalUnavailable } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { aLedgerCall, aRow, CLOSED, SETTLED } from '../../test/a-row.js';
import { JournalFolder, linesOf } from '../../test/journal-folder.js';
import { canMount, SmallDisk } from '../../test/small-disk.js';
import { meterCall } from '../meter.js';
import type { LedgerRow } from '../ledger/ledger-row.js';
import type { Journal } from './journal.js';

if (!canMount) console.warn('SKIPPED: a full disk can only be made by root on Linux, who may mount a tmpfs');

/** Reserves until the journal refuses. Returns the rows that it took. */
async function fillUp(journal: Journal): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = [];
  for (;;) {
    const row = aRow(aLedgerCall({ requestedModel: `model ${rows.length}` }));
    try {
      await journal.reserve(row);
    } catch (error) {
      expect(error).toBeInstanceOf(JournalUnavailable);
      return rows;
    }
    rows.push(row);
    if (rows.length > 10_000) throw new Error('the disk does not get full');
  }
}

function rowOfBytes(bytes: number): LedgerRow {
  return aRow(aLedgerCall({ requestedModel: 'x'.repeat(bytes) }));
}

function settled(row: LedgerRow): LedgerRow {
  row.settle(SETTLED);
  return row;
}

describe.runIf(canMount)('a journal on a full disk', () => {
  it('refuses reservations, and leaves nothing half-written behind', async () => {
    using disk = new SmallDisk(64);
    using folder = new JournalFolder(join(disk.directory, 'journal'));
    const journal = folder.open();
    const rows = await fillUp(journal);
    expect(rows.length).toBeGreaterThan(50);
    expect(folder.faults).toMatchObject([{ code: 'ENOSPC' }]);
    expect(linesOf(journal)).toHaveLength(rows.length);
    const [segment] = journal.segments;
    expect(readFileSync(segment?.path ?? '').length).toBe(segment?.written);
    expect(journal.openReservations).toBe(rows.length);
    await expect(journal.reserve(aRow())).rejects.toBeInstanceOf(JournalUnavailable);
  });

  it('keeps settlements in memory and writes them when there is room again', async () => {
    using disk = new SmallDisk(64);
    using folder = new JournalFolder(join(disk.directory, 'journal'));
    const journal = folder.open({ syncIntervalMs: 20 });
    disk.fill(1);
    const rows = await fillUp(journal);
    for (const row of rows) journal.settle(settled(row));
    await expect(journal.commit()).rejects.toBeInstanceOf(JournalUnavailable);
    expect(journal.unwritten).toBe(rows.length);
    expect(linesOf(journal).filter(({ kind }) => kind === 'S')).toEqual([]);
    await expect(journal.reserve(aRow())).rejects.toBeInstanceOf(JournalUnavailable);
    disk.makeRoom();
    await expect.poll(() => journal.unwritten, { timeout: 2000 }).toBe(0);
    const texts = linesOf(journal).flatMap(({ kind, text }) => (kind === 'S' ? [text] : []));
    expect(texts).toEqual(rows.map((row) => `${row.encode()}\n`));
    await journal.reserve(aRow());
  });

  it('does not pile up the closings of calls that it refuses', async () => {
    using disk = new SmallDisk(64);
    using folder = new JournalFolder(join(disk.directory, 'journal'));
    const journal = folder.open();
    disk.fill(1);
    const [paid] = await fillUp(journal);
    if (!paid) throw new Error('nothing was reserved');
    journal.settle(settled(paid));
    for (let refused = 0; refused < 500; refused++) {
      const meter = meterCall(aLedgerCall(), journal);
      await expect(meter.close({ ...CLOSED, status: 'failed' })).rejects.toBeInstanceOf(JournalUnavailable);
    }
    expect(journal.unwritten).toBe(1);
    disk.makeRoom();
    await journal.commit();
    expect(linesOf(journal).filter(({ kind }) => kind === 'S')).toMatchObject([{ text: `${paid.encode()}\n` }]);
  });

  it('keeps a settlement that waits in the next segment, since its reservation may go away with the last one', async () => {
    using disk = new SmallDisk(64);
    using folder = new JournalFolder(join(disk.directory, 'journal'));
    const journal = folder.open({ segmentBytes: 8192, syncIntervalMs: 60_000 });
    const row = rowOfBytes(6_000);
    await journal.reserve(row);
    const [first] = journal.segments;
    if (!first) throw new Error('there is no segment');
    disk.fill(3);
    journal.settle(settled(row));
    // There is room for the next segment and its head, but not for what was to be written into it.
    await expect(journal.reserve(rowOfBytes(20_000))).rejects.toBeInstanceOf(JournalUnavailable);
    expect(first.sealed).toBe(true);
    first.flushed = first.written;
    journal.prune();
    expect(journal.segments).not.toContain(first);
    expect(linesOf(journal)).toMatchObject([{ kind: 'R', text: `${row.encode()}\n` }]);
    expect(journal.unwritten).toBe(1);
  });

  it('can be sealed all the same, so that a gateway which stops flushes what there is', async () => {
    using disk = new SmallDisk(64);
    using folder = new JournalFolder(join(disk.directory, 'journal'));
    const journal = folder.open();
    await fillUp(journal);
    disk.fill();
    const faults = folder.faults.length;
    expect(() => journal.seal()).not.toThrow();
    expect(folder.faults.slice(faults)).toMatchObject([{ code: 'ENOSPC' }]);
    expect(journal.segments).toHaveLength(1);
    expect(journal.segments[0]?.sealed).toBe(false);
  });
});
