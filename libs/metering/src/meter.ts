import { NO_USAGE } from '@parsimony/contract';
import type { Call, Decision, ModelTarget, PicoDollars, Usage, UsageBucket } from '@parsimony/contract';
import { USAGE_BUCKETS } from '@parsimony/contract';
import type { Journal } from './journal/journal.js';
import { LedgerCall, LedgerRow, type CallOutcome, type Reservation, type RungOutcome } from './ledger/ledger-row.js';

/** Keeps the account of one call: what was set aside, what it cost, how it ended. */
export class CallMeter {
  /** What the call has cost so far. */
  cost: PicoDollars = 0n;
  usage: Usage = NO_USAGE;
  /** Where the last provider call went. */
  target: ModelTarget | null = null;
  /** What layers decided before the last provider call. */
  decisions: readonly Decision[] = [];
  readonly #ledger: LedgerCall;
  #rungs = 0;
  #open = 0;
  #last: LedgerRow | undefined;
  #closing: CallOutcome | undefined;

  constructor(
    call: Call,
    private readonly journal: Journal,
    private readonly onClosed: () => void,
  ) {
    this.#ledger = new LedgerCall(call);
  }

  /** @throws JournalUnavailable, before any money can be spent. */
  async reserve(reservation: Reservation, decisions: readonly Decision[]): Promise<LedgerRow> {
    const row = new LedgerRow(this.#ledger, this.#rungs++, reservation);
    await this.journal.reserve(row);
    this.#open++;
    this.target = reservation.target;
    this.decisions = decisions;
    return row;
  }

  settle(row: LedgerRow, outcome: RungOutcome): void {
    this.#open--;
    this.cost += outcome.cost;
    this.usage = addUsage(this.usage, outcome.usage);
    row.settle(outcome);
    this.#last = row;
    if (this.#closing && this.#open === 0) {
      row.close(this.#closing);
      this.onClosed();
    }
    void this.journal.settle(row);
  }

  /**
   * Closes the call. While a provider call is still drained, the closing waits for its settlement.
   *
   * @returns a promise for the journal's commit.
   */
  close(outcome: CallOutcome): Promise<void> {
    if (this.#open > 0) {
      this.#closing = outcome;
      return Promise.resolve();
    }
    this.onClosed();
    const row = this.#last && !this.#last.written ? this.#last : new LedgerRow(this.#ledger, this.#rungs, undefined);
    row.close(outcome);
    return this.journal.settle(row);
  }
}

/** The accounts of all calls under way, by call. */
export class Metering {
  readonly #meters = new Map<string, CallMeter>();

  constructor(private readonly journal: Journal) {}

  get callsUnderWay(): number {
    return this.#meters.size;
  }

  open(call: Call): CallMeter {
    const meter = new CallMeter(call, this.journal, () => this.#meters.delete(call.id));
    this.#meters.set(call.id, meter);
    return meter;
  }

  get(callId: string): CallMeter | undefined {
    return this.#meters.get(callId);
  }
}

function addUsage(a: Usage, b: Usage): Usage {
  if (a === NO_USAGE) return b;
  const sum: Record<UsageBucket, number> = { ...a };
  for (const bucket of USAGE_BUCKETS) sum[bucket] += b[bucket];
  return sum;
}
