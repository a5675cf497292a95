interface Piece {
  readonly work: () => Promise<void>;
  readonly bytes: number;
}

/** @see BackgroundQueue */
export interface BackgroundLimits {
  /** Pieces that wait. */
  readonly pieces: number;
  /** What waiting pieces hold, in bytes. */
  readonly bytes: number;
  readonly atOnce: number;
  /** How long the rest may take when the queue is given up. */
  readonly drainMs: number;
}

/** A few answers of a megabyte must not fill the memory, nor a judge that takes seconds hold up all others. */
const LIMITS: BackgroundLimits = { pieces: 2_000, bytes: 64 * 1024 * 1024, atOnce: 8, drainMs: 3_000 };

/**
 * Work behind answers. It never makes a caller wait: where more comes than is done, the oldest pieces go.
 */
export class BackgroundQueue implements AsyncDisposable {
  readonly #waiting: Piece[] = [];
  readonly #limits: BackgroundLimits;
  #bytes = 0;
  #running = 0;
  #closed = false;
  #idle: PromiseWithResolvers<void> | undefined;
  /** Pieces that went undone. */
  dropped = 0;

  /** @param failed hears of a piece that threw. */
  constructor(
    private readonly failed: (error: unknown) => void,
    limits: Partial<BackgroundLimits> = {},
  ) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /** @param bytes what the work holds on to. */
  push(work: () => Promise<void>, bytes: number): void {
    if (this.#closed) {
      this.dropped += 1;
      return;
    }
    this.#waiting.push({ work, bytes });
    this.#bytes += bytes;
    while (this.#waiting.length > this.#limits.pieces || this.#bytes > this.#limits.bytes) {
      if (!this.#take()) break;
      this.dropped += 1;
    }
    if (this.#running < this.#limits.atOnce) void this.#run();
  }

  /** Resolves when nothing is left to do. */
  idle(): Promise<void> {
    if (this.#running === 0) return Promise.resolve();
    this.#idle ??= Promise.withResolvers<void>();
    return this.#idle.promise;
  }

  /** Takes no more, and does what it can of the rest within its time. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, this.#limits.drainMs);
    await Promise.race([this.idle(), late.promise]);
    clearTimeout(timer);
    while (this.#take()) this.dropped += 1;
  }

  #take(): Piece | undefined {
    const piece = this.#waiting.shift();
    this.#bytes -= piece?.bytes ?? 0;
    return piece;
  }

  async #run(): Promise<void> {
    this.#running += 1;
    // Begins behind the event that pushed it, so that none of it delays that event.
    await new Promise(setImmediate);
    for (let piece = this.#take(); piece; piece = this.#take()) {
      try {
        await piece.work();
      } catch (error) {
        this.failed(error);
      }
    }
    this.#running -= 1;
    if (this.#running > 0) return;
    this.#idle?.resolve();
    this.#idle = undefined;
  }
}
