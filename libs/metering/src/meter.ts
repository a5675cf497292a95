import { NO_USAGE, USAGE_BUCKETS } from '@parsimony/contract';
import type { Call, CallContext, Decision, ModelTarget, PicoDollars, Usage, UsageBucket } from '@parsimony/contract';
import type { Journal } from './journal/journal.js';
import {
  LedgerCall,
  LedgerRow,
  type AccountedCall,
  type CallOutcome,
  type Reservation,
  type RungOutcome,
} from './ledger/ledger-row.js';

/**
 * Keeps the account of one call: what was set aside, what it cost, how it ended. Side questions that plugins ask for it
 * are rungs of it like any other, but it neither waits for them nor ends with them: one may begin when the call has long
 * been closed.
 */
export class CallMeter {
  /** What the call has cost so far, side questions included. */
  cost: PicoDollars = 0n;
  /** Of the answer's rungs. */
  usage: Usage = NO_USAGE;
  /** Where the last provider call went. */
  target: ModelTarget | null = null;
  /** What layers decided before the last provider call. */
  decisions: readonly Decision[] = [];
  /** Hears once that the call is closed and all its provider calls are settled, drained ones too. */
  onSettled: (() => void) | undefined;
  readonly #ledger: LedgerCall;
  #rungs = 0;
  #open = 0;
  #last: LedgerRow | undefined;
  #closing: CallOutcome | undefined;
  /** No commit of the call's own comes any more. */
  #closed = false;

  constructor(
    call: AccountedCall,
    private readonly journal: Journal,
  ) {
    this.#ledger = new LedgerCall(call);
  }

  /** @throws JournalUnavailable, before any money can be spent. */
  async reserve(reservation: Reservation, decisions: readonly Decision[]): Promise<LedgerRow> {
    const row = new LedgerRow(this.#ledger, this.#rungs++, reservation);
    await this.journal.reserve(row);
    if (row.isAside) return row;
    this.#open++;
    this.target = reservation.target;
    this.decisions = decisions;
    return row;
  }

  settle(row: LedgerRow, outcome: RungOutcome): void {
    this.cost += outcome.cost;
    if (row.isAside) {
      row.settle(outcome);
      this.journal.settle(row);
      if (this.#closed) void this.journal.commit();
      return;
    }
    this.#open--;
    this.usage = addUsage(this.usage, outcome.usage);
    row.settle(outcome);
    this.#last = row;
    this.journal.settle(row);
    if (!this.#closing || this.#open > 0) return;
    row.close(this.#closing);
    void this.journal.commit();
    this.onSettled?.();
  }

  /**
   * Closes the call. While a provider call is still drained, the closing waits for its settlement.
   *
   * @returns a promise for the journal's commit.
   */
  close(outcome: CallOutcome): Promise<void> {
    this.#closed = true;
    if (this.#open > 0) {
      this.#closing = outcome;
      return Promise.resolve();
    }
    const row = this.#last && !this.#last.written ? this.#last : new LedgerRow(this.#ledger, this.#rungs++, undefined);
    row.close(outcome);
    this.journal.settle(row);
    this.onSettled?.();
    return this.journal.commit();
  }
}

const METER = Symbol('meter');

/** A call that carries its account. Copies made by spreading it carry the account too, and no layer can name it. */
interface Metered {
  [METER]?: CallMeter;
}

/** Opens the account of a call and ties it to the call, which must not have been handed out yet. */
export function meterCall(call: Call, journal: Journal): CallMeter {
  return meterContext(call, journal);
}

/** The same for work that is no call to a model, such as a look-up in a cache: what is asked for it is booked to it. */
export function meterContext(context: CallContext & AccountedCall, journal: Journal): CallMeter {
  return ((context as Metered)[METER] = new CallMeter(context, journal));
}

/** @throws Error where a layer made up a call of its own instead of copying the one that it was given. */
export function meterOf(call: Call): CallMeter {
  const meter = (call as Metered)[METER];
  if (!meter) throw new Error('the call carries no account: a layer must pass on a copy of the call that it was given');
  return meter;
}

function addUsage(a: Usage, b: Usage): Usage {
  if (a === NO_USAGE) return b;
  const sum: Record<UsageBucket, number> = { ...a };
  for (const bucket of USAGE_BUCKETS) sum[bucket] += b[bucket];
  return sum;
}
