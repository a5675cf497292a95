import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { formatUsd } from '@parsimony/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aLedgerCall, aRow, aSettledLine, CLOSED, SETTLED } from '../../test/a-row.js';
import { JournalFolder } from '../../test/journal-folder.js';
import { Ledger } from '../../test/ledger.js';
import { encodeLine, sealGroup } from '../journal/journal-line.js';
import type { Journal } from '../journal/journal.js';
import type { LedgerRow } from '../ledger/ledger-row.js';
import { replay, type ReplayReport } from './replay.js';

let ledger: Ledger;
beforeAll(async () => {
  ledger = await Ledger.open();
});
beforeEach(() => ledger.clear());
afterAll(() => ledger[Symbol.asyncDispose]());

async function reserveAll(journal: Journal, count: number): Promise<LedgerRow[]> {
  const rows = Array.from({ length: count }, () => aRow());
  await Promise.all(rows.map((row) => journal.reserve(row)));
  return rows;
}

async function settleAll(journal: Journal, rows: readonly LedgerRow[]): Promise<void> {
  for (const row of rows) {
    row.settle(SETTLED);
    row.close(CLOSED);
    journal.settle(row);
  }
  await journal.commit();
}

/** Replays the journal as if its process were no more. */
function replayOf(journal: Journal): Promise<ReplayReport> {
  const segments = journal.segments.map(({ path }) => path);
  return replay({ instance: journal.instance, segments }, (rows) => ledger.writer.write(rows));
}

describe('replay', () => {
  it('writes what was settled, and of the reservations those that were not, with what was set aside', async () => {
    using folder = new JournalFolder();
    const journal = folder.open();
    const rows = await reserveAll(journal, 30);
    await settleAll(journal, rows.slice(0, 20));
    expect(await replayOf(journal)).toEqual({
      instance: journal.instance,
      settled: 20,
      unconfirmed: 10,
      garbled: 0,
      torn: 0,
    });
    const stored = await ledger.rows();
    expect(stored.filter(({ settlement, cost }) => settlement === 'exact' && cost === formatUsd(15n))).toHaveLength(20);
    expect(stored.filter(({ settlement }) => settlement === 'unconfirmed')).toHaveLength(10);
    for (const row of stored.filter(({ settlement }) => settlement === 'unconfirmed')) {
      expect(row).toMatchObject({
        cost: formatUsd(0n),
        reserved: formatUsd(100n),
        closes: true,
        status: 'failed',
        error_code: 'interrupted',
      });
    }
  });

  it('reads what a version before the buckets of usage were added has left behind', async () => {
    using folder = new JournalFolder();
    const journal = folder.open();
    const former = (line: string) => line.trimEnd().split('\t').slice(0, -5).join('\t');
    const calls = [aLedgerCall({ tags: { note: 'tab\t, line\n' } }), aLedgerCall(), aLedgerCall()];
    const [first, second, third] = calls.map((call) => former(aSettledLine(call, { cost: 7n })));
    const group = encodeLine('R', first ?? '') + encodeLine('S', first ?? '') + encodeLine('S', second ?? '');
    const [segment] = journal.segments;
    if (!segment) throw new Error('the journal has no segment');
    writeFileSync(segment.path, Buffer.concat([sealGroup(group), sealGroup(encodeLine('R', third ?? ''))]));
    expect(await replayOf(journal)).toMatchObject({ settled: 2, unconfirmed: 1, garbled: 0, torn: 0 });
    const stored = await ledger.rows();
    expect(stored.map(({ call_id }) => call_id).sort()).toEqual(calls.map(({ id }) => id).sort());
    for (const row of stored)
      expect(row).toMatchObject({
        cost: formatUsd(7n),
        cache_write_long: 0,
        characters: 0,
        seconds: 0,
        searches: 0,
        leases: null,
      });
  });

  it('may be repeated', async () => {
    using folder = new JournalFolder();
    const journal = folder.open();
    await settleAll(journal, (await reserveAll(journal, 10)).slice(5));
    const report = await replayOf(journal);
    const stored = await ledger.rows();
    expect(await replayOf(journal)).toEqual(report);
    expect(await ledger.rows()).toEqual(stored);
  });

  it('does not take a reservation that was written again in the next segment for a second one', async () => {
    using folder = new JournalFolder();
    const journal = folder.open({ segmentBytes: 4096 });
    const [longest, forever] = await reserveAll(journal, 2);
    if (!longest || !forever) throw new Error('nothing was reserved');
    while (journal.segments.length < 4) await settleAll(journal, await reserveAll(journal, 3));
    await settleAll(journal, [longest]);
    expect(await replayOf(journal)).toMatchObject({ unconfirmed: 1 });
    const stored = await ledger.rows();
    expect(stored.filter(({ settlement }) => settlement === 'unconfirmed')).toHaveLength(1);
    expect(new Set(stored.map(({ call_id }) => call_id)).size).toBe(stored.length);
  });

  it('leaves a later and better row alone', async () => {
    using folder = new JournalFolder();
    const journal = folder.open();
    const call = aLedgerCall();
    await journal.reserve(aRow(call));
    await replayOf(journal);
    await ledger.writer.write(Buffer.from(aSettledLine(call)));
    await replayOf(journal);
    expect(await ledger.rows()).toMatchObject([{ settlement: 'exact' }]);
  });

  it('leaves a torn end out and reports it, at whichever byte', async () => {
    using folder = new JournalFolder();
    const journal = folder.open();
    await reserveAll(journal, 2);
    const [path, whole] = [journal.segments[0]?.path ?? '', journal.backlogBytes];
    const torn = sealGroup(encodeLine('S', aSettledLine().trimEnd()));
    for (const kept of [1, 2, 50, torn.length - 10, torn.length - 1]) {
      truncateSync(path, whole);
      appendFileSync(path, torn.subarray(0, kept));
      expect(await replayOf(journal)).toMatchObject({ settled: 0, unconfirmed: 2, garbled: 0, torn: 1 });
    }
    truncateSync(path, whole);
    appendFileSync(path, torn);
    expect(await replayOf(journal)).toMatchObject({ settled: 1, unconfirmed: 2, garbled: 0, torn: 0 });
  });

  it('goes on behind a garbled group and reports it', async () => {
    using folder = new JournalFolder();
    const path = folder.files.segmentPath('11111111-2222-4333-8444-555555555555', 0);
    const groups = [aSettledLine(), aSettledLine(), aSettledLine()].map((line) =>
      sealGroup(encodeLine('S', line.trimEnd())),
    );
    const garbled = Buffer.from(groups[1] ?? '');
    garbled[100] = (garbled[100] ?? 0) ^ 1;
    writeFileSync(path, Buffer.concat([groups[0] ?? garbled, garbled, groups[2] ?? garbled]));
    const report = await replay({ instance: 'i', segments: [path] }, (rows) => ledger.writer.write(rows));
    expect(report).toEqual({ instance: 'i', settled: 2, unconfirmed: 0, garbled: 1, torn: 0 });
    expect(await ledger.rows()).toHaveLength(2);
  });

  it('reads segments that are longer than what it holds at once', async () => {
    using folder = new JournalFolder();
    const path = folder.files.segmentPath('11111111-2222-4333-8444-555555555555', 0);
    const calls = Array.from({ length: 24 }, () => aLedgerCall({ requestedModel: 'm'.repeat(400_000) }));
    for (const call of calls) appendFileSync(path, sealGroup(encodeLine('S', aSettledLine(call).trimEnd())));
    expect(readFileSync(path).length).toBeGreaterThan(9 << 20);
    const report = await replay({ instance: 'i', segments: [path] }, (rows) => ledger.writer.write(rows));
    expect(report).toMatchObject({ settled: 24, garbled: 0, torn: 0 });
    expect(await ledger.rows()).toHaveLength(24);
  });

  it('fails where the database does, and leaves the files', async () => {
    using folder = new JournalFolder();
    const journal = folder.open();
    await settleAll(journal, await reserveAll(journal, 1));
    const [segment] = journal.segments;
    const failing = replay({ instance: 'i', segments: [segment?.path ?? ''] }, () => Promise.reject(new Error('away')));
    await expect(failing).rejects.toThrow('away');
    expect(readFileSync(segment?.path ?? '').length).toBe(segment?.written);
  });
});
