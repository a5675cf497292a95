import { CallCancelled, ModelNotFound, NO_USAGE } from '@parsimony/contract';
import type {
  Call,
  ModelTarget,
  Next,
  ReplyAnswer,
  ReplyDelta,
  ReplyEvent,
  RungStatus,
  Settlement,
  Usage,
} from '@parsimony/contract';
import { costOf, worstCase, type ModelPrice } from '@parsimony/pricing';
import type { ProviderAdapter, ProviderExchange } from '@parsimony/providers';
import { embeddingsCeiling, encodingOf, outputCeiling, promptCeiling, type TokenCounter } from '@parsimony/tokens';
import type { LedgerRow } from '../ledger/ledger-row.js';
import { meterOf, type CallMeter } from '../meter.js';
import type { Drains } from './drains.js';
import type { Grant, ReservationDoor } from './reservation-door.js';
import { failedBeforeContent, type UnreportedOutcome } from './rung-outcome.js';
import { embeddedText, seenText } from './seen-content.js';

/** The tenant's price of a model: the catalogue's, its own, or the ceiling; there always is one. */
export type PriceOf = (target: ModelTarget, at: number) => ModelPrice;

export interface EgressOptions {
  readonly providers: ReadonlyMap<string, ProviderAdapter>;
  readonly door: ReservationDoor;
  readonly priceOf: PriceOf;
  readonly tokens: TokenCounter;
  readonly drains: Drains;
  /** What becomes of a provider's answer when the caller leaves: read to its end for its exact cost, or aborted. */
  readonly onClientAbort: 'drain' | 'abort';
}

type Spent = Pick<UnreportedOutcome, 'settlement' | 'usage' | 'cost'>;

/** What a call without `max_tokens` may generate: the longest answer of any model in the catalogue (GPT-5 family, 128,000). */
const LONGEST_ANSWER_TOKENS = 128_000;

/** The one metered door to providers: reserve, call, settle. */
export function createEgress(options: EgressOptions): Next {
  return (call) => new ProviderCall(options, call).run();
}

class ProviderCall {
  readonly #price: ModelPrice;
  readonly #meter: CallMeter;
  readonly #seen: (ReplyDelta | ReplyAnswer)[] = [];
  #startedAt = 0;
  #row!: LedgerRow;
  #grant!: Grant;
  #exchange: ProviderExchange | undefined;
  #settled = false;

  constructor(
    private readonly options: EgressOptions,
    private readonly call: Call,
  ) {
    this.#meter = meterOf(call);
    this.#price = options.priceOf(call.target, call.receivedAt);
  }

  /** One generator and no delegation: each further one would cost a turn of the microtask queue for every event. */
  async *run(): AsyncGenerator<ReplyEvent> {
    const { call } = this;
    const { signal, target } = call;
    const provider = this.options.providers.get(target.provider);
    if (!provider) throw new ModelNotFound(`there is no provider ${target.provider}`, { param: 'model' });
    await this.#reserve();
    const leave = (): void => this.#exchange?.interrupt(new CallCancelled('the caller has left'));
    try {
      signal.throwIfAborted();
      this.#startedAt = performance.now();
      const exchange = (this.#exchange = provider.send(call, target));
      signal.addEventListener('abort', leave, { once: true });
      for (;;) {
        const event = await exchange.next();
        if (event.type === 'finish') {
          yield await this.#finish(event.usage, 'ok');
          return;
        }
        if (event.type === 'start') yield { type: 'start', target, cache: 'miss' };
        else {
          this.#seen.push(event);
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
    const reserved = worstCase(this.#price, ceilings(call));
    this.#grant = options.door.reserve({ call, target: call.target, worstCase: reserved });
    try {
      const reservation = { target: call.target, purpose: 'answer', price: this.#price, reserved };
      this.#row = await this.#meter.reserve(reservation, call.decisions);
    } catch (error) {
      this.#grant.settle(0n, 'exact');
      throw error;
    }
  }

  async #finish(reported: Usage | null, status: RungStatus): Promise<ReplyEvent> {
    const spent = reported ? this.#spent(reported, 'exact') : await this.#spentAtLeast();
    this.#settle({ status, providerStatus: 200, ...spent });
    return { type: 'end', saved: 0n, ...spent };
  }

  async #fail(error: unknown, status: RungStatus): Promise<void> {
    if (this.#settled) return;
    if (this.#seen.length > 0) this.#settle({ status, providerStatus: 200, ...(await this.#spentAtLeast()) });
    else this.#settle({ ...failedBeforeContent(error, this.#exchange?.sent ?? false), status });
  }

  /** The caller is gone, or a layer has heard enough: the provider's answer has to be paid for all the same. */
  #leave(): void {
    const exchange = this.#exchange;
    if (!exchange) {
      this.#settle({ status: 'cancelled', settlement: 'exact', usage: NO_USAGE, cost: 0n, providerStatus: null });
      return;
    }
    this.options.drains.add(this.#drain(exchange), () => exchange.abort(new CallCancelled('the gateway stops')));
    if (this.options.onClientAbort === 'abort') exchange.abort(new CallCancelled('the caller has left'));
  }

  async #drain(exchange: ProviderExchange): Promise<void> {
    try {
      for (;;) {
        const event = await exchange.next();
        if (event.type === 'finish') return void (await this.#finish(event.usage, 'cancelled'));
        if (event.type !== 'start') this.#seen.push(event);
      }
    } catch (error) {
      await this.#fail(error, 'cancelled');
    }
  }

  #spent(usage: Usage, settlement: Settlement): Spent {
    return { settlement, usage, cost: costOf(this.#price, usage) };
  }

  async #spentAtLeast(): Promise<Spent> {
    try {
      return this.#spent(await this.#countSeen(), 'at-least');
    } catch {
      // Too much text waits to be counted. Without a settlement the reservation would stay open for ever.
      return { settlement: 'unconfirmed', usage: NO_USAGE, cost: 0n };
    }
  }

  /** A lower bound where no usage was reported: the prompt, and as much of the answer as was seen. */
  async #countSeen(): Promise<Usage> {
    const { call, options } = this;
    const encoding = encodingOf(call.target.model);
    if (call.operation === 'embeddings') {
      const { tokens } = await options.tokens.count(embeddedText(call.body), encoding);
      return { ...NO_USAGE, input: tokens };
    }
    const [prompt, answer] = await Promise.all([
      options.tokens.countPrompt({ ...call.body, model: call.target.model }),
      options.tokens.count(seenText(this.#seen), encoding),
    ]);
    return { ...NO_USAGE, input: prompt.tokens, output: answer.tokens };
  }

  #settle(outcome: UnreportedOutcome): void {
    if (this.#settled) return;
    this.#settled = true;
    const latencyMs = this.#startedAt === 0 ? 0 : performance.now() - this.#startedAt;
    this.#grant.settle(outcome.cost, outcome.settlement);
    this.#meter.settle(this.#row, { ...outcome, latencyMs });
  }
}

/** Upper bounds of a call's tokens that cost nothing to find; exact counting would take longer than the rest of the gateway. */
function ceilings(call: Call): { inputTokens: number; outputTokens: number } {
  const bytes = call.received?.bytes.byteLength;
  if (call.operation === 'embeddings') return { inputTokens: embeddingsCeiling(call.body, bytes), outputTokens: 0 };
  return {
    inputTokens: promptCeiling(call.body, bytes),
    outputTokens: outputCeiling(call.body, LONGEST_ANSWER_TOKENS),
  };
}
