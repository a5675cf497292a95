import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { formatUsd } from '@parsimony/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aLedgerCall, aRow, CLOSED, SETTLED } from '../../test/a-row.js';
import { JournalFolder } from '../../test/journal-folder.js';
import { Ledger } from '../../test/ledger.js';
import { startJournalingProcess } from '../../test/start-journaling-process.js';
import type { Journal } from '../journal/journal.js';
import type { LedgerRow, RungOutcome } from '../ledger/ledger-row.js';

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

async function settleAll(journal: Journal, rows: readonly LedgerRow[], outcome = SETTLED): Promise<void> {
  for (const row of rows) {
    row.settle(outcome);
    row.close(CLOSED);
    journal.settle(row);
  }
  await journal.commit();
}

async function settle(journal: Journal, count: number, outcome?: RungOutcome): Promise<void> {
  await settleAll(journal, await reserveAll(journal, count), outcome);
}

describe('a flush', () => {
  it('brings what is settled to the ledger, once, and not what is open', async () => {
    using folder = new JournalFolder();
    const journal = folder.open();
    const flusher = ledger.flusher(journal, folder.files);
    const rows = await reserveAll(journal, 30);
    await settleAll(journal, rows.slice(0, 20));
    await flusher.flush();
    const first = await ledger.rows();
    expect(first).toHaveLength(20);
    await flusher.flush();
    expect(await ledger.rows()).toEqual(first);
    await settleAll(journal, rows.slice(20));
    await flusher.flush();
    expect(await ledger.rows()).toHaveLength(30);
    expect(journal.backlogBytes).toBe(0);
    await flusher.stop(0);
  });

  it('takes many batches and segments, and removes those that are through', async () => {
    using folder = new JournalFolder();
    const journal = folder.open({ segmentBytes: 20_000 });
    const flusher = ledger.flusher(journal, folder.files, { batchBytes: 3000 });
    for (let turns = 0; turns < 10; turns++) await settle(journal, 30);
    expect(folder.names('.journal').length).toBeGreaterThan(3);
    await flusher.flush();
    expect(await ledger.rows()).toHaveLength(300);
    expect(folder.names('.journal')).toHaveLength(1);
    await flusher.stop(0);
  });

  it('takes a row that is longer than a batch, and all that come behind it', async () => {
    using folder = new JournalFolder();
    const journal = folder.open();
    const flusher = ledger.flusher(journal, folder.files, { batchBytes: 1000 });
    const long = aRow(aLedgerCall({ requestedModel: 'm'.repeat(50_000) }));
    await journal.reserve(long);
    await settleAll(journal, [long]);
    await settle(journal, 5);
    await flusher.flush();
    expect(await ledger.rows()).toHaveLength(6);
    await flusher.stop(0);
  });

  it('puts one poisonous row among a thousand aside', async () => {
    using folder = new JournalFolder();
    const journal = folder.open();
    const flusher = ledger.flusher(journal, folder.files);
    const rows = await reserveAll(journal, 1000);
    await settleAll(journal, rows.slice(0, 400));
    // More than the column's integer holds.
    await settleAll(journal, rows.slice(400, 401), { ...SETTLED, usage: { ...SETTLED.usage, input: 2 ** 31 } });
    await settleAll(journal, rows.slice(401));
    await flusher.flush();
    expect(await ledger.rows()).toHaveLength(999);
    expect(readFileSync(ledger.rejects.path, 'utf8')).toBe(`${rows[400]?.encode()}\n`);
    expect(ledger.rejects.count).toBe(1);
    expect(ledger.faults).toMatchObject([{ code: '22003' }]);
    expect(journal.backlogBytes).toBe(0);
    await flusher.stop(0);
  });
});

describe('an outage of the database', () => {
  it('loses nothing: all arrives when it is over', async () => {
    using folder = new JournalFolder();
    const journal = folder.open({ segmentBytes: 20_000 });
    const flusher = ledger.flusher(journal, folder.files, { intervalMs: 10, longestWaitMs: 100 });
    await settle(journal, 50);
    await expect.poll(async () => (await ledger.rows()).length).toBe(50);
    await ledger.database.stopServer();
    try {
      for (let turns = 0; turns < 5; turns++) await settle(journal, 50);
      await expect.poll(() => flusher.failing).toBe(true);
      expect(journal.backlogBytes).toBeGreaterThan(0);
    } finally {
      await ledger.database.startServer();
    }
    await expect.poll(() => journal.backlogBytes, { timeout: 5000 }).toBe(0);
    expect(flusher.failing).toBe(false);
    expect(ledger.faults.length).toBeGreaterThan(0);
    const stored = await ledger.rows();
    expect(stored).toHaveLength(300);
    expect(new Set(stored.map(({ cost }) => cost))).toEqual(new Set([formatUsd(15n)]));
    await flusher.stop(1000);
  });
});

describe('stop', () => {
  it('brings the last rows to the ledger, and leaves no file behind', async () => {
    using folder = new JournalFolder();
    const journal = folder.open();
    const flusher = ledger.flusher(journal, folder.files);
    await settle(journal, 10);
    await flusher.stop(5000);
    journal[Symbol.dispose]();
    expect(await ledger.rows()).toHaveLength(10);
    expect([...folder.names('.journal'), ...folder.names('.owner')]).toEqual([]);
    expect(await ledger.closedJournals()).toContain(journal.instance);
  });

  it('does not close a journal in which a reservation is open, and leaves it to the next start', async () => {
    using folder = new JournalFolder();
    const journal = folder.open();
    const flusher = ledger.flusher(journal, folder.files);
    await reserveAll(journal, 1);
    await flusher.stop(5000);
    journal[Symbol.dispose]();
    expect(await ledger.closedJournals()).not.toContain(journal.instance);
    const next = ledger.flusher(folder.open(), folder.files);
    await next.flush();
    expect(await ledger.rows()).toMatchObject([{ settlement: 'unconfirmed', reserved: formatUsd(100n) }]);
    expect(await ledger.closedJournals()).toContain(journal.instance);
    await next.stop(0);
  });

  it('leaves a trace of a journal that could not be closed, by which the next start closes it', async () => {
    using folder = new JournalFolder();
    const journal = folder.open();
    const flusher = ledger.flusher(journal, folder.files, { closeJournal: () => Promise.reject(new Error('away')) });
    await settle(journal, 10);
    await flusher.stop(5000);
    journal[Symbol.dispose]();
    expect(ledger.faults).toMatchObject([{ message: 'away' }]);
    expect(await ledger.rows()).toHaveLength(10);
    const next = ledger.flusher(folder.open(), folder.files);
    await next.flush();
    expect(await ledger.closedJournals()).toContain(journal.instance);
    expect(folder.names('.journal')).toHaveLength(1);
    await next.stop(0);
  });

  it('does not close a journal of which the ledger has refused a row', async () => {
    using folder = new JournalFolder();
    const journal = folder.open();
    const flusher = ledger.flusher(journal, folder.files);
    await settle(journal, 1, { ...SETTLED, usage: { ...SETTLED.usage, input: 2 ** 31 } });
    await flusher.stop(5000);
    expect(ledger.rejects.count).toBe(1);
    expect(await ledger.closedJournals()).not.toContain(journal.instance);
  });

  it('does not wait longer than it may, and leaves the rest for the next start', async () => {
    using folder = new JournalFolder();
    const journal = folder.open();
    const flusher = ledger.flusher(journal, folder.files);
    await settle(journal, 10);
    await ledger.database.stopServer();
    try {
      const began = performance.now();
      await flusher.stop(300);
      expect(performance.now() - began).toBeLessThan(1500);
      journal[Symbol.dispose]();
    } finally {
      await ledger.database.startServer();
    }
    expect(await ledger.closedJournals()).not.toContain(journal.instance);
    const next = ledger.flusher(folder.open(), folder.files);
    await next.flush();
    expect(await ledger.rows()).toHaveLength(10);
    expect(await ledger.closedJournals()).toContain(journal.instance);
    await next.stop(0);
  });
});

describe('what a killed process left', () => {
  it('is brought to the ledger at the next start, and not while it lives', async () => {
    using folder = new JournalFolder();
    const process = await startJournalingProcess(folder.directory, 200);
    const [adopted] = folder.names('.owner').map((name) => name.replace('.owner', ''));
    const early = ledger.flusher(folder.open(), folder.files);
    await early.flush();
    expect(await ledger.rows()).toEqual([]);
    expect(ledger.replays).toEqual([]);
    expect(await ledger.closedJournals()).not.toContain(adopted);
    await process.kill();

    const next = ledger.flusher(folder.open(), folder.files);
    await next.flush();
    expect(ledger.replays).toMatchObject([{ instance: adopted, garbled: 0 }]);
    const stored = new Map((await ledger.rows()).map((row) => [row.call_id, row]));
    for (const id of process.settled)
      expect(stored.get(id)).toMatchObject({ settlement: 'exact', cost: formatUsd(15n) });
    for (const id of process.reserved) expect(stored.has(id)).toBe(true);
    const unconfirmed = [...stored.values()].filter(({ settlement }) => settlement === 'unconfirmed');
    expect(unconfirmed.length).toBeGreaterThanOrEqual(process.reserved.size - process.settled.size - 1);
    // Killed while it began a segment, it may have left a settled row there as a reservation.
    const { unconfirmed: reported = 0 } = ledger.replays[0] ?? {};
    expect([reported, reported - 1]).toContain(unconfirmed.length);
    expect(folder.names('.owner')).toHaveLength(2);
    expect(await ledger.closedJournals()).toContain(adopted);
    await Promise.all([early.stop(0), next.stop(0)]);
  });

  it('is tried again while the database is away, and holds nothing up afterwards', async () => {
    using folder = new JournalFolder();
    const dead = folder.open();
    await settle(dead, 3);
    dead[Symbol.dispose]();
    const journal = folder.open();
    const flusher = ledger.flusher(journal, folder.files);
    await ledger.database.stopServer();
    try {
      await expect(flusher.flush()).rejects.toThrow();
      expect(existsSync(dead.segments[0]?.path ?? '')).toBe(true);
    } finally {
      await ledger.database.startServer();
    }
    expect(await ledger.closedJournals()).not.toContain(dead.instance);
    await settle(journal, 4);
    await flusher.flush();
    expect(await ledger.rows()).toHaveLength(7);
    expect(await ledger.closedJournals()).toContain(dead.instance);
    expect(existsSync(dead.segments[0]?.path ?? '')).toBe(false);
    await flusher.stop(0);
  });

  it('is closed before its files go, so that dying between the two loses nothing', async () => {
    using folder = new JournalFolder();
    const dead = folder.open();
    await settle(dead, 3);
    dead[Symbol.dispose]();
    const there: boolean[] = [];
    const closeJournal = (): Promise<void> => {
      there.push(existsSync(dead.segments[0]?.path ?? ''));
      return there.length === 1 ? Promise.reject(new Error('killed')) : Promise.resolve();
    };
    const flusher = ledger.flusher(folder.open(), folder.files, { closeJournal });
    await expect(flusher.flush()).rejects.toThrow('killed');
    await flusher.flush();
    expect(there).toEqual([true, true]);
    expect(existsSync(dead.segments[0]?.path ?? '')).toBe(false);
    expect(await ledger.rows()).toHaveLength(3);
    await flusher.stop(0);
  });

  it('is not closed where a part of it cannot be read any more', async () => {
    using folder = new JournalFolder();
    const dead = folder.open();
    await settle(dead, 3);
    const [segment] = dead.segments;
    dead[Symbol.dispose]();
    const bytes = readFileSync(segment?.path ?? '');
    bytes[10] = (bytes[10] ?? 0) ^ 1;
    writeFileSync(segment?.path ?? '', bytes);
    const flusher = ledger.flusher(folder.open(), folder.files);
    await flusher.flush();
    expect(ledger.replays).toMatchObject([{ garbled: 1 }]);
    expect(await ledger.closedJournals()).not.toContain(dead.instance);
    await flusher.stop(0);
  });

  it('may be adopted by two at once: what one has removed does not stop the other', async () => {
    using folder = new JournalFolder();
    const dead = folder.open({ segmentBytes: 4096 });
    for (let turns = 0; turns < 5; turns++) await settle(dead, 5);
    dead[Symbol.dispose]();
    expect(dead.segments.length).toBeGreaterThan(1);
    const journals = [folder.open(), folder.open()];
    const flushers = journals.map((journal) => ledger.flusher(journal, folder.files));
    await Promise.allSettled(flushers.map((flusher) => flusher.flush()));
    for (const journal of journals) await settle(journal, 1);
    for (const flusher of flushers) await flusher.flush();
    expect(await ledger.rows()).toHaveLength(27);
    expect(await ledger.closedJournals()).toContain(dead.instance);
    expect(folder.names('.owner')).toHaveLength(2);
    for (const flusher of flushers) await flusher.stop(0);
  });
});
