import { JournalUnavailable, NO_USAGE, recordDecision } from '@parsimony/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aLedgerCall, aReservation, CLOSED, SETTLED } from '../test/a-row.js';
import { JournalFolder, linesOf } from '../test/journal-folder.js';
import type { Journal } from './journal/journal.js';
import { purposeOf, withPurpose } from './egress/purpose.js';
import { meterCall, meterContext, meterOf } from './meter.js';

let folder: JournalFolder;
let journal: Journal;
beforeEach(() => {
  folder = new JournalFolder();
  journal = folder.open();
});
afterEach(() => folder[Symbol.dispose]());

interface WrittenRow {
  readonly rung: string;
  readonly settlement: string;
  readonly cost: string;
  readonly closes: string;
}

/** The final rows that the journal has, as far as they matter here. */
function settlements(): WrittenRow[] {
  return linesOf(journal)
    .filter(({ kind }) => kind === 'S')
    .map(({ text }) => text.split('\t'))
    .map((fields) => ({
      rung: fields[3] ?? '',
      settlement: fields[14] ?? '',
      cost: fields[23] ?? '',
      closes: fields[28] ?? '',
    }));
}

/** Has the journal write what nobody waits for. */
function written(): Promise<void> {
  return journal.commit();
}

describe('a call', () => {
  it('that closes right after its settlement is one row', async () => {
    const meter = meterCall(aLedgerCall(), journal);
    const row = await meter.reserve(aReservation(), []);
    meter.settle(row, SETTLED);
    await meter.close(CLOSED);
    expect(settlements()).toEqual([{ rung: '0', settlement: 'exact', cost: '0.000000000015', closes: 't' }]);
    expect(journal.openReservations).toBe(0);
  });

  it('that is closed while a provider still answers is over with its settlement', async () => {
    const meter = meterCall(aLedgerCall(), journal);
    const heard: unknown[] = [];
    meter.onSettled = () => heard.push(meter.usage);
    const row = await meter.reserve(aReservation(), []);
    await meter.close(CLOSED);
    expect(heard).toEqual([]);
    meter.settle(row, SETTLED);
    expect(heard).toEqual([SETTLED.usage]);
  });

  it('that closes later than its settlement has a closing row of its own', async () => {
    const meter = meterCall(aLedgerCall(), journal);
    meter.settle(await meter.reserve(aReservation(), []), SETTLED);
    await written();
    await meter.close(CLOSED);
    expect(settlements()).toEqual([
      { rung: '0', settlement: 'exact', cost: '0.000000000015', closes: 'f' },
      { rung: '1', settlement: '\\N', cost: '0', closes: 't' },
    ]);
  });

  it('that needed no provider is a closing row', async () => {
    await meterCall(aLedgerCall(), journal).close({ ...CLOSED, cache: 'exact' });
    expect(settlements()).toEqual([{ rung: '0', settlement: '\\N', cost: '0', closes: 't' }]);
  });

  it('that is closed while its answer is drained closes with the settlement', async () => {
    const meter = meterCall(aLedgerCall(), journal);
    const row = await meter.reserve(aReservation(), []);
    await meter.close({ ...CLOSED, status: 'cancelled' });
    await written();
    expect(settlements()).toEqual([]);
    expect(journal.openReservations).toBe(1);
    meter.settle(row, { ...SETTLED, status: 'cancelled' });
    await written();
    expect(settlements()).toEqual([{ rung: '0', settlement: 'exact', cost: '0.000000000015', closes: 't' }]);
  });

  it('adds its rungs up, and the last of several drains closes it', async () => {
    const meter = meterCall(aLedgerCall(), journal);
    const first = await meter.reserve(aReservation(), []);
    meter.settle(first, { ...SETTLED, cost: 100n });
    await written();
    const [second, third] = [await meter.reserve(aReservation(), []), await meter.reserve(aReservation(), [])];
    await meter.close(CLOSED);
    meter.settle(third, { ...SETTLED, cost: 20n });
    await written();
    meter.settle(second, { ...SETTLED, cost: 3n, usage: { ...NO_USAGE, input: 1, cachedInput: 2, reasoning: 4 } });
    await written();
    expect(meter.cost).toBe(123n);
    expect(meter.usage).toEqual({ ...NO_USAGE, input: 21, output: 10, cachedInput: 2, reasoning: 4 });
    expect(settlements().map(({ rung, closes }) => rung + closes)).toEqual(['0f', '2f', '1t']);
  });

  it('remembers where it went last and what was decided before', async () => {
    const meter = meterCall(aLedgerCall(), journal);
    expect(meter).toMatchObject({ target: null, decisions: [], cost: 0n, usage: NO_USAGE });
    const target = { provider: 'openai', model: 'gpt-4.1', tier: 'premium' } as const;
    const decisions = [{ plugin: 'route', summary: 'up', detail: {} }];
    await meter.reserve(aReservation(), []);
    await meter.reserve(aReservation({ target }), decisions);
    expect(meter).toMatchObject({ target, decisions });
  });
});

describe('a side question of a plugin', () => {
  const aside = (purpose: 'embedding' | 'judge' = 'judge') => aReservation({ purpose });
  const told = () => settlements().map(({ rung, cost, closes }) => `${rung} ${cost} ${closes}`);

  it('that ends before the call closes counts in its cost, and says nothing of the answer', async () => {
    const meter = meterCall(aLedgerCall(), journal);
    const decisions = [{ plugin: 'route', summary: 'up', detail: {} }];
    const question = await meter.reserve(aside('embedding'), []);
    const answer = await meter.reserve(aReservation(), decisions);
    meter.settle(answer, { ...SETTLED, cost: 101n });
    meter.settle(question, { ...SETTLED, cost: 21n });
    expect(meter).toMatchObject({ cost: 122n, usage: SETTLED.usage, decisions, target: aReservation().target });
    await meter.close(CLOSED);
    expect(told()).toEqual(['1 0.000000000101 t', '0 0.000000000021 f']);
  });

  it('that is the only one leaves the closing to a row of its own', async () => {
    const meter = meterCall(aLedgerCall(), journal);
    meter.settle(await meter.reserve(aside('embedding'), []), { ...SETTLED, cost: 21n });
    await meter.close({ ...CLOSED, cache: 'semantic' });
    expect(meter).toMatchObject({ cost: 21n, usage: NO_USAGE, target: null });
    expect(told()).toEqual(['0 0.000000000021 f', '1 0 t']);
  });

  it('that is under way does not hold the closing up', async () => {
    const meter = meterCall(aLedgerCall(), journal);
    const settled: string[] = [];
    meter.onSettled = () => settled.push('settled');
    const question = await meter.reserve(aside(), []);
    await meter.close(CLOSED);
    expect([settled, told()]).toEqual([['settled'], ['1 0 t']]);
    meter.settle(question, { ...SETTLED, cost: 21n });
    await written();
    expect([settled, told()]).toEqual([['settled'], ['1 0 t', '0 0.000000000021 f']]);
    expect(journal.openReservations).toBe(0);
  });

  it('that is asked when the call was closed is a row of its own behind the closing', async () => {
    const meter = meterCall(aLedgerCall(), journal);
    meter.settle(await meter.reserve(aReservation(), []), SETTLED);
    await written();
    await meter.close(CLOSED);
    meter.settle(await meter.reserve(aside(), []), { ...SETTLED, cost: 21n });
    await written();
    expect(told()).toEqual(['0 0.000000000015 f', '1 0 t', '2 0.000000000021 f']);
  });

  it('that a killed process has left open closes the call no second time', async () => {
    const meter = meterCall(aLedgerCall(), journal);
    await meter.close(CLOSED);
    await meter.reserve(aside(), []);
    const reserved = linesOf(journal).filter(({ kind }) => kind === 'R');
    const [{ text = '' } = {}] = reserved;
    const fields = text.split('\t');
    expect(reserved).toHaveLength(1);
    expect({ settlement: fields[14], closes: fields[28], status: fields[29] }).toEqual({
      settlement: 'unconfirmed',
      closes: 'f',
      status: '\\N',
    });
  });

  it('stays one when it is asked again elsewhere', () => {
    const call = withPurpose(aLedgerCall(), 'judge');
    expect(purposeOf(withPurpose(call, 'fallback'))).toBe('judge');
    expect(purposeOf(withPurpose(aLedgerCall(), 'fallback'))).toBe('fallback');
  });
});

it('is kept for work that is no call too', async () => {
  const { body: _, ...context } = aLedgerCall();
  const meter = meterContext({ ...context, operation: 'cache', requestedModel: 'cache' }, journal);
  await meter.close({ ...CLOSED, cache: 'exact', saved: 5n });
  const [line] = linesOf(journal);
  expect(line?.text.split('\t').slice(6, 8)).toEqual(['cache', 'cache']);
});

describe('where the journal cannot be written', () => {
  it('nothing is set aside, and the call is not left open', async () => {
    const meter = meterCall(aLedgerCall(), journal);
    for (const segment of journal.segments) segment.close();
    await expect(meter.reserve(aReservation(), [])).rejects.toBeInstanceOf(JournalUnavailable);
    expect(journal.openReservations).toBe(0);
    expect(meter.target).toBeNull();
    await expect(meter.close(CLOSED)).rejects.toBeInstanceOf(JournalUnavailable);
  });
});

describe('meterOf', () => {
  it('finds the account on copies of the call, and nowhere else', () => {
    const call = aLedgerCall();
    const meter = meterCall(call, journal);
    expect(meterOf(call)).toBe(meter);
    expect(meterOf(recordDecision({ ...call }, { plugin: 'p', summary: 's', detail: {} }))).toBe(meter);
    expect(JSON.stringify(call)).not.toContain('meter');
    expect(() => meterOf(aLedgerCall())).toThrow(/no account/);
  });
});
