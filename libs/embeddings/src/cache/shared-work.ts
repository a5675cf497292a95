interface Work<Value> {
  readonly value: Promise<Value>;
  readonly cancel: AbortController;
  callers: number;
}

const NOBODY_WAITS = new Error('nobody waits for it any more');

/** Does once what several want at the same time. */
export class SharedWork<Value> {
  private readonly underWay = new Map<string, Work<Value>>();

  /**
   * Begins the work that bears the key, or joins it.
   *
   * @param begin gets a signal that fires when all callers have left.
   * @throws the work's error; the reason of the caller's signal, at once.
   */
  async join(key: string, signal: AbortSignal, begin: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    signal.throwIfAborted();
    const work = this.underWay.get(key) ?? this.begin(key, begin);
    work.callers++;
    const gone = Promise.withResolvers<never>();
    const leave = () => gone.reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([work.value, gone.promise]);
    } finally {
      signal.removeEventListener('abort', leave);
      work.callers--;
      if (work.callers === 0) this.end(key, work);
    }
  }

  private begin(key: string, begin: (signal: AbortSignal) => Promise<Value>): Work<Value> {
    const cancel = new AbortController();
    const work: Work<Value> = { value: begin(cancel.signal), cancel, callers: 0 };
    // When all callers have left, nobody hears of its failure.
    work.value.catch(() => undefined);
    this.underWay.set(key, work);
    return work;
  }

  private end(key: string, work: Work<Value>): void {
    if (this.underWay.get(key) === work) this.underWay.delete(key);
    work.cancel.abort(NOBODY_WAITS);
  }
}
