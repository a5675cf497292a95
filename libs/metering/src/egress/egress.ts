import { CallCancelled, isParsimonyError, ModelNotFound, NO_USAGE, recordDecision } from '@parsimony/contract';
import type {
  Call,
  ModelTarget,
  Next,
  Operation,
  PicoDollars,
  ReplyAnswer,
  ReplyDelta,
  ReplyEvent,
  RungStatus,
  Usage,
} from '@parsimony/contract';
import { costOf, worstCase, type ModelPrice } from '@parsimony/pricing';
import type { ProviderAdapter, ProviderExchange } from '@parsimony/providers';
import type { TokenCounter } from '@parsimony/tokens';
import type { LedgerRow, RungOutcome } from '../ledger/ledger-row.js';
import { meterOf, type CallMeter } from '../meter.js';
import { cutCall } from './cut-call.js';
import type { Drains } from './drains.js';
import type { FinishedAttempt } from './finished-attempt.js';
import { purposeOf } from './purpose.js';
import type { CutCall, Grant, ReservationDoor, ReservationRequest } from './reservation-door.js';
import { failedBeforeContent, type UnreportedOutcome } from './rung-outcome.js';
import { UNCONFIRMED, unreportedUsage, type Spent } from './unreported-usage.js';
import { limitsOutput, usageBounds } from './usage-bounds.js';

/** The tenant's price of a model for a call: the catalogue's, its own, or the ceiling; there always is one. */
export type PriceOf = (target: ModelTarget, at: number, operation: Operation) => ModelPrice;

export interface EgressOptions {
  /** The provider as the call's team reaches it, with its credentials; undefined where there is none of that name. */
  readonly providerFor: (target: ModelTarget, call: Call) => ProviderAdapter | undefined;
  readonly door: ReservationDoor;
  readonly priceOf: PriceOf;
  readonly tokens: TokenCounter;
  readonly drains: Drains;
  /** What becomes of a provider's answer when the caller leaves: read to its end for its exact cost, or aborted. */
  readonly onClientAbort: 'drain' | 'abort';
  /** Hears of every provider call once, when it is settled. It must not throw. */
  readonly onAttempt?: (attempt: FinishedAttempt) => void;
}

/** The one metered door to providers: reserve, call, settle. */
export function createEgress(options: EgressOptions): Next {
  return (call) => new ProviderCall(options, call).run();
}

class ProviderCall implements ReservationRequest {
  readonly worstCase: PicoDollars;
  readonly #price: ModelPrice;
  readonly #meter: CallMeter;
  readonly #seen: (ReplyDelta | ReplyAnswer)[] = [];
  #startedAt = 0;
  #firstEventAt = 0;
  #error: unknown;
  /** What goes to the provider: the call, or what the door has cut it to. */
  #sent: Call;
  #row!: LedgerRow;
  #grant!: Grant;
  #exchange: ProviderExchange | undefined;
  #settled = false;

  constructor(
    private readonly options: EgressOptions,
    readonly call: Call,
  ) {
    this.#sent = call;
    this.#meter = meterOf(call);
    this.#price = options.priceOf(call.target, call.receivedAt, call.operation);
    this.worstCase = worstCase(this.#price, usageBounds(call));
  }

  get target(): ModelTarget {
    return this.call.target;
  }

  get limitsOutput(): boolean {
    return limitsOutput(this.call);
  }

  cutTo(amount: PicoDollars, atMost?: number): CutCall | undefined {
    return cutCall(this.call, this.#price, usageBounds(this.call), amount, atMost);
  }

  /** One generator and no delegation: each further one would cost a turn of the microtask queue for every event. */
  async *run(): AsyncGenerator<ReplyEvent> {
    const { call } = this;
    const { signal, target } = call;
    const provider = this.options.providerFor(target, call);
    if (!provider) throw new ModelNotFound(`there is no provider ${target.provider}`, { param: 'model' });
    await this.#reserve();
    const leave = (): void => this.#exchange?.interrupt(reasonOf(signal));
    try {
      signal.throwIfAborted();
      this.#startedAt = performance.now();
      const exchange = (this.#exchange = provider.send(this.#sent, target));
      signal.addEventListener('abort', leave, { once: true });
      for (;;) {
        const event = await exchange.next();
        if (event.type === 'finish') {
          yield await this.#finish(event.usage, 'ok');
          return;
        }
        if (event.type === 'start') yield startOf(target, event.contentType, this.#grant.cut);
        else {
          this.#see(event);
          yield event;
        }
        signal.throwIfAborted();
      }
    } catch (error) {
      if (!signal.aborted) await this.#fail(error, 'failed');
      throw error;
    } finally {
      signal.removeEventListener('abort', leave);
      if (!this.#settled) this.#leave();
    }
  }

  async #reserve(): Promise<void> {
    const { call, options } = this;
    const granted = options.door.reserve(this);
    // A grant that is there at once must not cost a turn of the microtask queue.
    const grant = (this.#grant = granted instanceof Promise ? await granted : granted);
    try {
      if (grant.cut) this.#sent = noteCut(grant.cut);
      const reservation = {
        target: call.target,
        purpose: purposeOf(call),
        price: this.#price,
        reserved: grant.cut?.worstCase ?? this.worstCase,
        leases: grant.leases,
      };
      this.#row = await this.#meter.reserve(reservation, this.#sent.decisions);
    } catch (error) {
      grant.settle(0n, 'exact');
      throw error;
    }
  }

  #see(event: ReplyDelta | ReplyAnswer): void {
    if (this.options.onAttempt && this.#firstEventAt === 0) this.#firstEventAt = performance.now();
    // Of sound, which has no text to count, the first piece says enough; a recording would be kept in memory whole.
    if (this.call.operation !== 'audio.speech' || this.#seen.length === 0) this.#seen.push(event);
  }

  async #finish(reported: Usage | null, status: RungStatus): Promise<ReplyEvent> {
    const spent: Spent = reported
      ? { settlement: 'exact', usage: reported, cost: costOf(this.#price, reported) }
      : await this.#unreported(true);
    this.#settle({ status, providerStatus: 200, ...spent });
    return { type: 'end', saved: 0n, ...spent };
  }

  async #fail(error: unknown, status: RungStatus): Promise<void> {
    if (this.#settled) return;
    this.#error = error;
    if (this.#seen.length > 0) this.#settle({ status, providerStatus: 200, ...(await this.#unreported(false)) });
    else this.#settle({ ...failedBeforeContent(error, this.#exchange?.sent ?? false), status });
  }

  /** The caller is gone, or a layer has heard enough: the provider's answer has to be paid for all the same. */
  #leave(): void {
    const exchange = this.#exchange;
    if (this.call.signal.aborted) this.#error = reasonOf(this.call.signal);
    if (!exchange) {
      this.#settle({ status: 'cancelled', settlement: 'exact', usage: NO_USAGE, cost: 0n, providerStatus: null });
      return;
    }
    this.options.drains.add(this.#drain(exchange), () => exchange.abort(new CallCancelled('the gateway stops')));
    if (this.options.onClientAbort === 'abort') exchange.abort(reasonOf(this.call.signal));
  }

  async #drain(exchange: ProviderExchange): Promise<void> {
    try {
      for (;;) {
        const event = await exchange.next();
        if (event.type === 'finish') return void (await this.#finish(event.usage, 'cancelled'));
        if (event.type !== 'start') this.#see(event);
      }
    } catch (error) {
      await this.#fail(error, 'cancelled');
    }
  }

  async #unreported(finished: boolean): Promise<Spent> {
    try {
      const unreported = { call: this.#sent, price: this.#price, seen: this.#seen, finished };
      return await unreportedUsage(unreported, this.options.tokens);
    } catch {
      // Too much text waits to be counted. Without a settlement the reservation would stay open for ever.
      return UNCONFIRMED;
    }
  }

  #settle(outcome: UnreportedOutcome): void {
    if (this.#settled) return;
    this.#settled = true;
    const latencyMs = this.#startedAt === 0 ? 0 : performance.now() - this.#startedAt;
    this.#grant.settle(outcome.cost, outcome.settlement);
    const settled = { ...outcome, latencyMs };
    this.#meter.settle(this.#row, settled);
    if (this.options.onAttempt) this.#tell(settled, this.options.onAttempt);
  }

  #tell(outcome: RungOutcome, listener: (attempt: FinishedAttempt) => void): void {
    const { latencyMs } = outcome;
    listener({
      call: this.call,
      target: this.call.target,
      rung: this.#row.rung,
      purpose: purposeOf(this.call),
      startedAt: Date.now() - latencyMs,
      latencyMs,
      firstEventMs: this.#firstEventAt === 0 ? null : this.#firstEventAt - this.#startedAt,
      outcome,
      errorCode: codeOf(this.#error),
    });
  }
}

function startOf(target: ModelTarget, contentType: string | undefined, cut: CutCall | undefined): ReplyEvent {
  const start = { type: 'start', target, cache: 'miss' } as const;
  if (cut) return { ...start, maxTokens: cut.maxTokens };
  return contentType === undefined ? start : { ...start, contentType };
}

function noteCut({ call, maxTokens }: CutCall): Call {
  return recordDecision(call, {
    plugin: 'budgets',
    summary: `limited the answer to ${maxTokens} tokens, as a budget had no room for more`,
    detail: { max_tokens: maxTokens },
  });
}

/** Why nobody waits any more: the caller has left, or the deadline has passed. */
function reasonOf({ aborted, reason }: AbortSignal): Error {
  return aborted && isParsimonyError(reason) ? reason : new CallCancelled('the caller has left');
}

function codeOf(error: unknown): string | null {
  if (error === undefined) return null;
  return isParsimonyError(error) ? error.code : 'internal_error';
}
