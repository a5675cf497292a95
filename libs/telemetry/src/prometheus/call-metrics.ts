import type { ModelTarget, Operation, PicoDollars, Usage } from '@parsimony/contract';
import { Counter, type Registry } from 'prom-client';
import type { BucketSums } from '../bucket-sums.js';
import { ModelUsage } from './model-usage.js';
import { SummedHistogram } from './summed-histogram.js';

/** What metrics say of a call that is over. */
export interface FinishedCall {
  readonly operation: Operation;
  readonly streamed: boolean;
  readonly status: string;
  readonly cache: string | null;
  readonly target: ModelTarget | null;
  readonly latencyMs: number;
  readonly usage: Usage;
  readonly cost: PicoDollars;
}

/** Calls of one kind and end since the last scrape. */
interface Outcome extends Pick<FinishedCall, 'operation' | 'streamed' | 'status' | 'cache'> {
  calls: number;
  readonly seconds: BucketSums;
}

/** Metrics of calls, in the units that Prometheus recommends. */
export class CallMetrics {
  /** There are few: to compare them one by one costs less than a key that is made of them. */
  readonly #outcomes: Outcome[] = [];
  readonly #seconds: SummedHistogram;
  readonly #models: ModelUsage;

  constructor(registry: Registry) {
    const outcomes = this.#outcomes;
    new Counter({
      name: 'parsimony_calls_total',
      help: 'Calls by outcome',
      labelNames: ['operation', 'status', 'cache'],
      registers: [registry],
      collect() {
        for (const outcome of outcomes) {
          const { operation, status, cache, calls } = outcome;
          this.inc({ operation, status, cache: cache ?? 'none' }, calls);
          outcome.calls = 0;
        }
      },
    });
    this.#seconds = new SummedHistogram({
      name: 'parsimony_call_duration_seconds',
      help: 'From arrival to the last byte',
      labelNames: ['operation', 'streamed'],
      bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
      registry,
    });
    this.#models = new ModelUsage(registry);
  }

  finished(call: FinishedCall): void {
    const outcome = this.#outcomeOf(call);
    outcome.calls++;
    outcome.seconds.observe(call.latencyMs / 1000);
    if (call.target) this.#models.add(call.target, call.usage, call.cost);
  }

  #outcomeOf({ operation, streamed, status, cache }: FinishedCall): Outcome {
    for (const each of this.#outcomes) {
      const isSameKind = each.operation === operation && each.streamed === streamed;
      if (isSameKind && each.status === status && each.cache === cache) return each;
    }
    const seconds = this.#seconds.sumsOf({ operation, streamed: String(streamed) });
    const outcome = { operation, streamed, status, cache, calls: 0, seconds };
    this.#outcomes.push(outcome);
    return outcome;
  }
}
