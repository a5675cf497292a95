import type { Attributes } from '@opentelemetry/api';
import { BucketSums } from '../bucket-sums.js';
import type { FinishedAttempt } from './finished-attempt.js';
import { inputTokens, outputTokens } from './token-totals.js';

/** Bounds that the conventions recommend. */
const SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const TOKENS = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

/** Sums of the provider calls of one operation at one model. */
export class AttemptSeries {
  /** By `error.type`, with an empty text for what went well. */
  readonly durations = new Map<string, BucketSums>();
  readonly firstChunk = new BucketSums(SECONDS);
  readonly input = new BucketSums(TOKENS);
  readonly output = new BucketSums(TOKENS);

  constructor(readonly attributes: Attributes) {}

  add({ call, latencyMs, firstEventMs, outcome }: FinishedAttempt, errorType = ''): void {
    this.#durationOf(errorType).observe(latencyMs / 1000);
    if (call.stream && firstEventMs !== null) this.firstChunk.observe(firstEventMs / 1000);
    // What nobody reported must not be counted as nothing.
    if (outcome.settlement === 'unconfirmed' || outcome.status === 'failed') return;
    const input = inputTokens(outcome.usage);
    const output = outputTokens(outcome.usage);
    if (input > 0) this.input.observe(input);
    if (output > 0) this.output.observe(output);
  }

  #durationOf(errorType: string): BucketSums {
    let sums = this.durations.get(errorType);
    if (!sums) this.durations.set(errorType, (sums = new BucketSums(SECONDS)));
    return sums;
  }
}
