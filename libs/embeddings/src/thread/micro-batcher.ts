import { EmbedderUnavailable } from '@parsimony/contract';

export interface MicroBatcherOptions {
  /** How many texts go at a time. */
  readonly maxBatch?: number;
  /** How many texts may wait; what comes on top is refused. */
  readonly maxWaiting?: number;
}

interface Waiting {
  readonly text: string;
  readonly signal: AbortSignal;
  readonly answer: PromiseWithResolvers<Float32Array>;
}

const DEFAULT_BATCH = 32;
const DEFAULT_WAITING = 1024;

/**
 * Sends texts to a thread: those of one turn of the event loop together, and while the thread is busy those that have come
 * meanwhile. No text waits for a clock.
 */
export class MicroBatcher {
  private waiting: Waiting[] = [];
  private state: 'idle' | 'gathering' | 'busy' = 'idle';
  private readonly maxBatch: number;
  private readonly maxWaiting: number;

  constructor(
    private readonly send: (texts: readonly string[]) => readonly Promise<Float32Array>[],
    { maxBatch = DEFAULT_BATCH, maxWaiting = DEFAULT_WAITING }: MicroBatcherOptions = {},
  ) {
    this.maxBatch = maxBatch;
    this.maxWaiting = maxWaiting;
  }

  /** @throws EmbedderUnavailable, also where too many wait; the signal's reason where it fires before the text has gone. */
  embed(text: string, signal: AbortSignal): Promise<Float32Array> {
    if (this.waiting.length >= this.maxWaiting) {
      return Promise.reject(new EmbedderUnavailable(`${this.maxWaiting} texts wait to be embedded already.`));
    }
    const answer = Promise.withResolvers<Float32Array>();
    this.waiting.push({ text, signal, answer });
    if (this.state === 'idle') {
      this.state = 'gathering';
      setImmediate(() => void this.run());
    }
    return answer.promise;
  }

  private async run(): Promise<void> {
    this.state = 'busy';
    while (this.waiting.length > 0) {
      const batch = this.nextBatch();
      const vectors = this.send(batch.map(({ text }) => text));
      await Promise.allSettled(
        batch.map(({ answer }, index) => {
          const vector = vectors[index];
          if (vector) answer.resolve(vector);
          return answer.promise;
        }),
      );
    }
    this.state = 'idle';
  }

  /** The next ones whose callers are still there. */
  private nextBatch(): Waiting[] {
    const batch: Waiting[] = [];
    let looked = 0;
    for (const entry of this.waiting) {
      if (batch.length === this.maxBatch) break;
      looked++;
      if (entry.signal.aborted) entry.answer.reject(entry.signal.reason);
      else batch.push(entry);
    }
    this.waiting = this.waiting.slice(looked);
    return batch;
  }
}
