import { isParsimonyError, ProviderError, ProviderInvalidAnswer } from '@parsimony/contract';
import type { ParsimonyError } from '@parsimony/contract';
import type { Dispatcher } from 'undici';
import type { ProviderEvent, ProviderExchange, ProviderStart } from '../provider-adapter.js';
import type { AnswerReader } from './answer-reader.js';
import { EventQueue } from './event-queue.js';
import type { ExchangeParties } from './exchange-parties.js';
import { providerRefusal, transportError } from './http-errors.js';

type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  readonly parts: Buffer[];
  bytes: number;
}

/** More events than this waiting for the consumer pause the provider's socket. */
const HIGH_WATER_EVENTS = 64;
/** An error answer longer than this is not read to its end. */
const ERROR_BODY_LIMIT = 1 << 20;

const START: ProviderStart = Object.freeze({ type: 'start' });

/** One undici dispatch as a provider exchange. Callbacks, not streams or fetch: those cost several times the CPU. */
export class HttpExchange implements ProviderExchange, Dispatcher.DispatchHandler {
  sent = false;
  readonly #queue = new EventQueue<ProviderEvent>();
  readonly #emit = (event: ProviderEvent): void => this.#queue.push(event);
  #controller: Dispatcher.DispatchController | undefined;
  #aborted: Error | undefined;
  #reader: AnswerReader | undefined;
  #refusal: Refusal | undefined;
  #over = false;

  /** @param callersError an error of the provider's in the caller's protocol, where that is another one. */
  constructor(
    private readonly parties: ExchangeParties,
    private readonly readerFor: (contentType: string) => AnswerReader,
    private readonly callersError?: (error: ProviderError) => ProviderError,
  ) {}

  next(): Promise<ProviderEvent> {
    const event = this.#queue.next();
    if (this.#controller?.paused && this.#queue.length < HIGH_WATER_EVENTS / 2) this.#controller.resume();
    return event;
  }

  interrupt(reason: Error): void {
    this.#queue.interrupt(reason);
  }

  abort(reason: Error): void {
    if (this.#over) return;
    this.#aborted = reason;
    const controller = this.#controller;
    this.#fail(reason);
    controller?.abort(reason);
  }

  /** Ends an exchange that could not even begin. */
  fail(error: Error): void {
    if (!this.#over) this.#fail(error);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#aborted) return void controller.abort(this.#aborted);
    this.sent = true;
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) return;
    if (status >= 300) {
      this.#refusal = { status, headers, parts: [], bytes: 0 };
      return;
    }
    this.#guarded(() => {
      const reader = this.readerFor(String(headers['content-type'] ?? ''));
      this.#reader = reader;
      const { contentType } = reader;
      this.#emit(contentType === undefined ? START : { type: 'start', contentType });
    });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const refusal = this.#refusal;
    if (refusal) {
      refusal.bytes += chunk.length;
      if (refusal.bytes <= ERROR_BODY_LIMIT) refusal.parts.push(chunk);
      else this.#refuse(refusal);
      return;
    }
    this.#guarded(() => this.#reader?.read(chunk, this.#emit));
    if (this.#queue.length >= HIGH_WATER_EVENTS && !this.#over) controller.pause();
  }

  onResponseEnd(): void {
    if (this.#over) return;
    const refusal = this.#refusal;
    if (refusal) return this.#refuse(refusal);
    this.#guarded(() => {
      this.#reader?.finish(this.#emit);
      this.#end();
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#over) return;
    this.#fail(transportError(this.parties.provider, error, this.#reader !== undefined));
  }

  #refuse({ status, headers, parts }: Refusal): void {
    if (this.#over) return;
    const error = this.#forCaller(providerRefusal(this.parties, status, headers, Buffer.concat(parts)));
    const controller = this.#controller;
    this.#fail(error);
    // A no-op where the answer is whole; an endless error page would otherwise hold the caller for ever.
    controller?.abort(error);
  }

  #guarded(step: () => void): void {
    if (this.#over) return;
    try {
      step();
    } catch (error) {
      const known = isParsimonyError(error)
        ? this.#forCaller(error)
        : new ProviderInvalidAnswer(`${this.parties.provider} sent an answer that cannot be read`, { cause: error });
      const controller = this.#controller;
      this.#fail(known);
      controller?.abort(known);
    }
  }

  #forCaller(error: ParsimonyError): ParsimonyError {
    return this.callersError && error instanceof ProviderError ? this.callersError(error) : error;
  }

  #fail(error: Error): void {
    this.#end();
    this.#queue.fail(error);
  }

  /** What belongs to the connection is let go at once: kept until the caller has its answer, it would outlive young garbage. */
  #end(): void {
    this.#over = true;
    this.#controller = undefined;
    this.#reader = undefined;
  }
}
