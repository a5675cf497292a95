import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { aLedgerCall, aRow, CLOSED, SETTLED } from '../../test/a-row.js';
import { groupsOf, JournalFolder, linesIn, linesOf } from '../../test/journal-folder.js';
import { LedgerCall, LedgerRow } from '../ledger/ledger-row.js';
import { rowKey } from './journal-line.js';
import type { Journal } from './journal.js';

function keyOf(row: LedgerRow): string {
  return rowKey(Buffer.from(`${row.encode()}\n`));
}

function closingRow(): LedgerRow {
  const row = new LedgerRow(new LedgerCall(aLedgerCall()), 0, undefined);
  row.close(CLOSED);
  return row;
}

/** The end of this turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A reservation that stays open: the journal then knows that calls are under way. */
async function openOne(journal: Journal): Promise<LedgerRow> {
  const row = aRow();
  await journal.reserve(row);
  return row;
}

describe('committing', () => {
  it('writes all of a turn of the event loop together while another call is under way', async () => {
    using folder = new JournalFolder();
    const journal = folder.open();
    await openOne(journal);
    await turn();
    const before = groupsOf(journal);
    const rows = Array.from({ length: 1000 }, () => aRow());
    await Promise.all(rows.map((row) => journal.reserve(row)));
    expect(groupsOf(journal)).toBe(before + 1);
    expect(
      linesOf(journal)
        .map(({ key }) => key)
        .slice(1),
    ).toEqual(rows.map(keyOf));
    expect(journal.openReservations).toBe(1001);
  });

  it('has written before it says so', async () => {
    using folder = new JournalFolder();
    const journal = folder.open();
    const other = await openOne(journal);
    for (let call = 0; call < 50; call++) {
      const row = aRow();
      const [, reserved] = [journal.reserve(aRow()), journal.reserve(row)];
      await reserved;
      expect(linesOf(journal).at(-1)).toMatchObject({ kind: 'R', key: keyOf(row) });
      row.settle(SETTLED);
      journal.settle(row);
      await journal.commit();
      expect(linesOf(journal).at(-1)).toMatchObject({ kind: 'S', key: keyOf(row), text: `${row.encode()}\n` });
    }
    expect(journal.openReservations).toBe(51);
    expect(other.written).toBe(false);
  });

  it('does not let a call wait that is alone', async () => {
    using folder = new JournalFolder();
    const journal = folder.open();
    const row = aRow();
    void journal.reserve(row);
    expect(linesOf(journal)).toMatchObject([{ kind: 'R', key: keyOf(row) }]);
    await turn();
    row.settle(SETTLED);
    row.close(CLOSED);
    journal.settle(row);
    void journal.commit();
    expect(linesOf(journal)).toMatchObject([{ kind: 'R' }, { kind: 'S', key: keyOf(row) }]);
    expect(row.written).toBe(true);
  });

  it('writes a settlement with the next synchronisation where nobody waits for it', async () => {
    using folder = new JournalFolder();
    const journal = folder.open({ syncIntervalMs: 20 });
    const row = await openOne(journal);
    row.settle(SETTLED);
    journal.settle(row);
    expect(journal.unwritten).toBe(1);
    await expect.poll(() => journal.unwritten).toBe(0);
    expect(linesOf(journal).at(-1)).toMatchObject({ kind: 'S', key: keyOf(row) });
  });

  it('writes a row once that is settled and closed in one turn', async () => {
    using folder = new JournalFolder();
    const journal = folder.open();
    const row = await openOne(journal);
    row.settle(SETTLED);
    journal.settle(row);
    row.close(CLOSED);
    journal.settle(row);
    await journal.commit();
    expect(linesOf(journal).map(({ kind }) => kind)).toEqual(['R', 'S']);
    expect(linesOf(journal).at(-1)?.text).toBe(`${row.encode()}\n`);
  });

  it('keeps to the order in which rows came', async () => {
    using folder = new JournalFolder();
    const journal = folder.open();
    await openOne(journal);
    const rows = Array.from({ length: 20 }, closingRow);
    for (const row of rows) journal.settle(row);
    await journal.commit();
    expect(
      linesOf(journal)
        .slice(1)
        .map(({ key }) => key),
    ).toEqual(rows.map(keyOf));
  });
});

describe('segments', () => {
  it('are sealed when they are full, and the next one begins with the reservations that are open', async () => {
    using folder = new JournalFolder();
    const journal = folder.open({ segmentBytes: 4096 });
    const open = [await openOne(journal), await openOne(journal)];
    while (journal.segments.length < 3) {
      const row = await openOne(journal);
      row.settle(SETTLED);
      journal.settle(row);
      await journal.commit();
    }
    for (const { path, sealed, written } of journal.segments.slice(0, -1)) {
      expect(sealed).toBe(true);
      expect(written).toBeLessThanOrEqual(4096);
      expect(readFileSync(path).length).toBe(written);
    }
    for (const { path } of journal.segments.slice(1)) {
      const head = linesIn(path).slice(0, open.length);
      expect(head.map(({ kind, key }) => [kind, key])).toEqual(open.map((row) => ['R', keyOf(row)]));
    }
    expect(folder.names('.journal')).toHaveLength(3);
  });

  it('go away once the database has all of them, and not before', async () => {
    using folder = new JournalFolder();
    const journal = folder.open();
    await openOne(journal);
    const [first] = journal.segments;
    if (!first) throw new Error('there is no segment');
    first.flushed = first.written;
    journal.prune();
    expect(existsSync(first.path)).toBe(true);
    journal.seal();
    await openOne(journal);
    journal.prune();
    expect(existsSync(first.path)).toBe(false);
    const [second] = journal.segments;
    expect(journal.segments).toHaveLength(1);
    expect(linesOf(journal)).toHaveLength(2);
    journal.seal();
    journal.prune();
    expect(existsSync(second?.path ?? '')).toBe(true);
    expect(journal.backlogBytes).toBe(journal.segments.reduce((sum, { written }) => sum + written, 0));
  });

  it('are not sealed while they are empty', () => {
    using folder = new JournalFolder();
    const journal = folder.open();
    journal.seal();
    journal.seal();
    expect(folder.names('.journal')).toHaveLength(1);
  });

  it('are there for the next start, unless nothing was ever written or the database has all and knows that', async () => {
    using folder = new JournalFolder();
    const empty = folder.open();
    empty[Symbol.dispose]();
    expect(folder.names('.journal')).toEqual([]);
    const journal = folder.open();
    const row = await openOne(journal);
    row.settle(SETTLED);
    journal.settle(row);
    journal[Symbol.dispose]();
    const [left] = folder.files.abandoned();
    expect(left).toMatchObject({ instance: journal.instance, segments: [journal.segments[0]?.path] });
    expect(linesOf(journal).map(({ kind }) => kind)).toEqual(['R', 'S']);
    expect(folder.names('.owner')).toEqual([]);
    const finished = folder.open();
    finished.closed = true;
    finished[Symbol.dispose]();
    expect(folder.names('.journal')).toHaveLength(1);
  });

  it('can be read by nobody else', async () => {
    using folder = new JournalFolder();
    const journal = folder.open();
    await openOne(journal);
    expect(statSync(journal.segments[0]?.path ?? '').mode & 0o077).toBe(0);
  });
});
