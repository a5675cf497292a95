import { randomUUID } from 'node:crypto';
import { JournalUnavailable } from '@parsimony/contract';
import type { LedgerRow } from '../ledger/ledger-row.js';
import { Roster } from '../roster.js';
import type { JournalFiles } from './journal-files.js';
import { encodeLine, sealGroup } from './journal-line.js';
import { Segment } from './segment.js';

export interface JournalOptions {
  /** A segment that has grown past this is sealed, and removed once the database has it. */
  readonly segmentBytes: number;
  /** How long a written line may wait until it is forced to the disk: what a power cut, but no kill, can take. */
  readonly syncIntervalMs: number;
  readonly onFault: (error: unknown) => void;
}

const DEFAULTS: JournalOptions = { segmentBytes: 16 << 20, syncIntervalMs: 200, onFault: () => undefined };

interface Group {
  readonly committed: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: JournalUnavailable) => void;
}

/**
 * The gateway's own log of reservations and settlements. All that is appended in one turn of the event loop is written
 * by one system call (group commit), after which it outlives the process; a timer forces it to the disk.
 */
export class Journal implements Disposable {
  readonly instance = randomUUID();
  readonly segments: Segment[] = [];
  /** Set by the flusher: the database has all of it and knows that nothing will be added. */
  closed = false;
  readonly #options: JournalOptions;
  readonly #open = new Roster<LedgerRow>();
  #reservations: LedgerRow[] = [];
  /** Settlements that are not in a file yet. When the disk is full they wait here: the provider has been paid. */
  #settlements: LedgerRow[] = [];
  #group: Group | undefined;
  /** Whether the end of this turn of the event loop writes the group. */
  #scheduled = false;
  #failing = false;
  #active: Segment;
  #number = 0;
  readonly #syncTimer: NodeJS.Timeout;

  constructor(
    private readonly files: JournalFiles,
    options: Partial<JournalOptions> = {},
  ) {
    this.#options = { ...DEFAULTS, ...options };
    files.claim(this.instance);
    this.#active = this.#begin();
    this.#syncTimer = setInterval(() => this.#sync(), this.#options.syncIntervalMs).unref();
  }

  /** Reservations that have not been settled yet. */
  get openReservations(): number {
    return this.#open.size;
  }

  /** Settlements that could not be written yet. */
  get unwritten(): number {
    return this.#settlements.length;
  }

  /** Whether the last write failed, so that calls are refused. */
  get failing(): boolean {
    return this.#failing;
  }

  /** Bytes that the database does not have yet. */
  get backlogBytes(): number {
    return this.segments.reduce((sum, segment) => sum + segment.written - segment.flushed, 0);
  }

  /** @throws JournalUnavailable: the row is not written and never will be. */
  reserve(row: LedgerRow): Promise<void> {
    this.#reservations.push(row);
    return this.commit();
  }

  /**
   * The row goes with the next group, which is written at the latest when the disk is next synchronised. It is never
   * lost: it waits in memory where it cannot be written.
   */
  settle(row: LedgerRow): void {
    this.#open.remove(row);
    if (row.queued) return;
    row.queued = true;
    this.#settlements.push(row);
  }

  /**
   * Writes what was appended: at once where no other call is under way, else together with what others append in this
   * turn of the event loop.
   *
   * @throws JournalUnavailable
   */
  commit(): Promise<void> {
    const { committed } = (this.#group ??= newGroup());
    if (this.#scheduled) return committed;
    if (this.#open.size === 0) this.#write();
    else {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        if (this.#group) this.#write();
      });
    }
    return committed;
  }

  /** Seals the segment in use, so that it can be removed once the database has it. */
  seal(): void {
    this.#write();
    if (this.#active.written === 0) return;
    try {
      this.#rotate();
    } catch (error) {
      // On a full disk the segment in use stays in use; who stops the gateway still wants it flushed.
      this.#options.onFault(error);
    }
  }

  /** Segments whose every byte the database has go away. */
  prune(): void {
    for (const segment of this.segments.filter(({ sealed, written, flushed }) => sealed && written === flushed)) {
      segment.remove();
      this.segments.splice(this.segments.indexOf(segment), 1);
    }
  }

  /** Closes the files. Segments that the database does not have wait for the next start. */
  [Symbol.dispose](): void {
    clearInterval(this.#syncTimer);
    this.#write();
    for (const segment of this.segments) segment.close();
    // By a file that is left, even an empty one, the next process finds the journal and closes it.
    if (this.closed || this.#isUnused) this.#active.remove();
    this.files.forget(this.instance);
  }

  get #isUnused(): boolean {
    return this.#number === 1 && this.#active.written === 0 && this.unwritten === 0;
  }

  #write(): void {
    const group = this.#group;
    this.#group = undefined;
    const reservations = this.#reservations;
    this.#reservations = [];
    let lines = '';
    for (const row of reservations) lines += encodeLine('R', row.encode());
    for (const row of this.#settlements) lines += encodeLine('S', row.encode());
    try {
      if (lines !== '') this.#append(sealGroup(lines));
    } catch (error) {
      this.#failing = true;
      this.#keepMoney();
      this.#options.onFault(error);
      group?.reject(new JournalUnavailable('the journal cannot be written', { cause: error }));
      return;
    }
    this.#failing = false;
    for (const row of reservations) this.#open.add(row);
    for (const row of this.#settlements) {
      row.written = true;
      row.queued = false;
    }
    this.#settlements = [];
    group?.resolve();
  }

  /** While nothing can be written, refused calls must not pile up in memory; what cost money must not be lost. */
  #keepMoney(): void {
    this.#settlements = this.#settlements.filter(({ reservation }) => reservation !== undefined);
  }

  #append(group: Buffer): void {
    if (this.#active.written > 0 && this.#active.written + group.length > this.#options.segmentBytes) this.#rotate();
    this.#active.append(group);
  }

  /**
   * Reservations that are open, or whose settlement is not in a file yet, are written again at the head of the next
   * segment, since this one may be removed before they are settled there.
   */
  #rotate(): void {
    const sealed = this.#active;
    const next = this.#begin();
    const settling = this.#settlements.filter(({ reservation }) => reservation !== undefined);
    const open = [...this.#open.all(), ...settling].map((row) => encodeLine('R', row.encode()));
    try {
      if (open.length > 0) next.append(sealGroup(open.join('')));
    } catch (error) {
      next.remove();
      this.segments.pop();
      throw error;
    }
    sealed.sealed = true;
    sealed.sync((error) => {
      if (error) this.#options.onFault(error);
      sealed.close();
    });
    this.#active = next;
  }

  #begin(): Segment {
    const segment = new Segment(this.files.segmentPath(this.instance, this.#number++));
    this.segments.push(segment);
    return segment;
  }

  #sync(): void {
    if (this.#settlements.length > 0) this.#write();
    this.#active.sync((error) => {
      if (error) this.#options.onFault(error);
    });
  }
}

function newGroup(): Group {
  const { promise: committed, resolve, reject } = Promise.withResolvers<void>();
  // Nobody need wait for a group; a rejection that nobody hears must not end the process.
  committed.catch(() => undefined);
  return { committed, resolve, reject };
}
