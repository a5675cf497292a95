import { DatabaseUnavailable } from '@parsimony/contract';
import type { SpendNotices } from './spend-notices.js';

const DONE = { done: true, value: undefined } as const;
const SHORTEST_REST_MS = 1_000;
/** What no notice tells of, such as money that is set aside, is looked for so often. */
const UNNOTICED_MS = 5_000;
/** A part of the time in which the database may be kept busy for one subscriber: 1/20. */
const REST_FOR_WORK = 20;

/** Something to show, and a text that is another one whenever there is something new. */
export interface SpendReading<Tick> {
  readonly tick: Tick;
  readonly fingerprint: string;
}

/**
 * What is read at once, and again whenever it has changed, at most once a second. Not a generator: its `return` would wait
 * behind a pending `next`, and a subscriber who leaves would be read for until something changes.
 */
export class SpendStream<Tick> implements AsyncIterableIterator<Tick, undefined> {
  #shown: string | undefined;
  #over = false;
  #noticed = false;
  #restedAt = 0;
  #wake: (() => void) | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(
    private readonly notices: Pick<SpendNotices, 'connected' | 'subscribe'>,
    private readonly read: () => Promise<SpendReading<Tick>>,
  ) {}

  /** @throws what reading throws; but once something was shown, an outage of the database is waited out. */
  async next(): Promise<IteratorResult<Tick, undefined>> {
    // Not before: a stream that is never pulled would stay subscribed.
    this.#unsubscribe ??= this.notices.subscribe(() => {
      this.#noticed = true;
      this.#wake?.();
    });
    try {
      while (!this.#over) {
        const reading = await this.#readNext();
        if (this.#over) break;
        if (!reading || reading.fingerprint === this.#shown) continue;
        this.#shown = reading.fingerprint;
        return { value: reading.tick };
      }
      return DONE;
    } catch (error) {
      if (this.#over) return DONE;
      this.#end();
      throw error;
    }
  }

  /** The subscriber has left. */
  return(): Promise<IteratorResult<Tick, undefined>> {
    this.#end();
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** @returns undefined where the subscriber left, or the database is away. */
  async #readNext(): Promise<SpendReading<Tick> | undefined> {
    await this.#untilItMayHaveChanged();
    if (this.#over) return undefined;
    this.#noticed = false;
    const began = performance.now();
    try {
      return await this.read();
    } catch (error) {
      if (error instanceof DatabaseUnavailable && this.#shown !== undefined) return undefined;
      throw error;
    } finally {
      const ended = performance.now();
      this.#restedAt = ended + Math.max(SHORTEST_REST_MS, REST_FOR_WORK * (ended - began));
    }
  }

  async #untilItMayHaveChanged(): Promise<void> {
    if (this.#restedAt === 0) return;
    for (let now = performance.now(); !this.#over && now < this.#restedAt; now = performance.now())
      await this.#pause(this.#restedAt - now);
    if (!this.#over && !this.#noticed && this.notices.connected) await this.#pause(UNNOTICED_MS);
  }

  /** Ends early where something is noticed, or the subscriber leaves. */
  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#wake = resolve;
    await promise;
    clearTimeout(timer);
  }

  #end(): void {
    this.#over = true;
    this.#unsubscribe?.();
    this.#wake?.();
  }
}
