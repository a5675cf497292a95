import { appendFileSync, existsSync } from 'node:fs';
import type { ChatCall } from '@parsimony/contract';
import type { RejectedRows } from '../src/flush/batch-writer.js';
import { Flusher } from '../src/flush/flusher.js';
import type { LedgerWriter } from '../src/flush/ledger-writer.js';
import type { ReplayReport } from '../src/flush/replay.js';
import { encodeLine, sealGroup } from '../src/journal/journal-line.js';
import type { Journal } from '../src/journal/journal.js';
import type { LedgerRow } from '../src/ledger/ledger-row.js';
import { meterCall, type CallMeter } from '../src/meter.js';
import { aLedgerCall, aReservation, aSettledLine, CLOSED, SETTLED } from './a-row.js';
import { JournalFolder } from './journal-folder.js';

/** What must be in the ledger of a provider call, in the end. */
export interface Rung {
  readonly call: ChatCall;
  readonly number: number;
  readonly cost: bigint;
  /** `asked`: the journal has not said yes. `settling`: not said to be written yet. `unsure`: nor before the crash. */
  state: 'asked' | 'reserved' | 'settling' | 'settled' | 'unsure';
  row: LedgerRow | undefined;
}

interface LiveCall {
  readonly call: ChatCall;
  readonly meter: CallMeter;
  rungs: number;
}

/** A gateway's metering without HTTP: it crashes, loses its database and its acknowledgements, and keeps books of what it promised. */
export class AccidentProneGateway implements Disposable {
  readonly rungs: Rung[] = [];
  readonly reports: ReplayReport[] = [];
  /** The journals that crashes have left behind. */
  readonly deadJournals: string[] = [];
  crashes = 0;
  lostBatches = 0;
  readonly #folder = new JournalFolder();
  #journal: Journal;
  #flusher: Flusher;
  #calls: LiveCall[] = [];
  #open: Rung[] = [];

  constructor(
    private readonly random: () => number,
    private readonly writer: LedgerWriter,
    private readonly rejects: RejectedRows,
  ) {
    [this.#journal, this.#flusher] = this.#start();
  }

  get segments(): number {
    return this.#journal.segments.length;
  }

  get open(): readonly Rung[] {
    return this.#open;
  }

  reserve(): void {
    const live = this.random() < 0.3 ? pick(this.random, this.#calls) : undefined;
    const { call, meter, rungs } = live ?? this.#begin();
    if (live) live.rungs++;
    const rung: Rung = { call, number: rungs, cost: BigInt(this.rungs.length + 1), state: 'asked', row: undefined };
    this.rungs.push(rung);
    const journal = this.#journal;
    meter.reserve(aReservation(), []).then(
      (row) => {
        rung.row = row;
        if (journal !== this.#journal) return;
        rung.state = 'reserved';
        this.#open.push(rung);
      },
      () => undefined,
    );
  }

  settle(): void {
    const rung = pick(this.random, this.#open);
    const meter = this.#calls.find(({ call }) => call === rung?.call)?.meter;
    if (!rung?.row || !meter) return;
    this.#open.splice(this.#open.indexOf(rung), 1);
    rung.state = 'settling';
    meter.settle(rung.row, { ...SETTLED, cost: rung.cost });
  }

  close(): void {
    const live = pick(this.random, this.#calls);
    if (!live || this.#open.some(({ call }) => call === live.call)) return;
    this.#calls.splice(this.#calls.indexOf(live), 1);
    live.meter.close(CLOSED).catch(() => undefined);
  }

  rotate(): void {
    this.#journal.seal();
  }

  /** Waits until all that was appended is written. */
  async commit(): Promise<void> {
    await this.#journal.commit();
    for (const rung of this.rungs) if (rung.state === 'settling') rung.state = 'settled';
  }

  async flush(): Promise<void> {
    await this.#flusher.flush().catch(() => this.lostBatches++);
  }

  /** Dies in the middle of what it does: what is not in the files is gone, and the last group may be torn. */
  crash(): void {
    this.crashes++;
    // Nothing can be written any more, also by who gives up properly.
    for (const segment of this.#journal.segments) segment.close();
    this.#journal[Symbol.dispose]();
    const active = this.#journal.segments.at(-1);
    // One in which nothing was ever written is gone.
    if (active && existsSync(active.path)) {
      this.deadJournals.push(this.#journal.instance);
      if (this.random() < 0.5) this.#tear(active.path);
    }
    for (const rung of this.rungs) if (rung.state === 'settling') rung.state = 'unsure';
    this.#calls = [];
    this.#open = [];
    [this.#journal, this.#flusher] = this.#start();
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }

  #tear(path: string): void {
    const torn = sealGroup(encodeLine('S', aSettledLine().trimEnd()));
    appendFileSync(path, torn.subarray(0, Math.floor(this.random() * (torn.length - 1))));
  }

  #begin(): LiveCall {
    const call = aLedgerCall();
    const live = { call, meter: meterCall(call, this.#journal), rungs: 0 };
    this.#calls.push(live);
    return { ...live, rungs: live.rungs++ };
  }

  #start(): [Journal, Flusher] {
    const journal = this.#folder.open({ segmentBytes: 8192 });
    const flusher = new Flusher(
      journal,
      this.#folder.files,
      (rows) => this.#throughAccidents(() => this.writer.write(rows)),
      this.rejects,
      {
        intervalMs: 3_600_000,
        longestWaitMs: 3_600_000,
        batchBytes: 4096,
        closeJournal: (instance) => this.#throughAccidents(() => this.writer.closeJournal(instance)),
        onFault: () => undefined,
        onReplay: (report) => this.reports.push(report),
      },
    );
    return [journal, flusher];
  }

  /** The database is away now and then, and now and then it has written and cannot say so any more. */
  async #throughAccidents(work: () => Promise<void>): Promise<void> {
    if (this.random() < 0.03) throw new Error('the database is away');
    await work();
    if (this.random() < 0.03) throw new Error('the connection broke before the acknowledgement');
  }
}

function pick<Item>(random: () => number, items: readonly Item[]): Item | undefined {
  return items[Math.floor(random() * items.length)];
}
