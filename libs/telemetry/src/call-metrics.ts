import { NO_USAGE, USAGE_BUCKETS } from '@parsimony/contract';
import type { ModelTarget, Operation, PicoDollars, Usage, UsageBucket } from '@parsimony/contract';
import { Counter, Histogram, type Registry } from 'prom-client';

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

/** Names that callers make up must not become label values without end. */
const MODEL_LABELS = 500;
const OTHER_MODELS = 'other';
const PICO_PER_DOLLAR = 1e12;

/** Sums of one label set since the last scrape: looking a label set up in the registry costs more than all else here. */
interface Sums {
  calls: number;
  readonly labels: { readonly operation: Operation; readonly status: string; readonly cache: string };
}

interface ModelSums {
  cost: number;
  readonly tokens: Record<UsageBucket, number>;
}

/** Counters of calls, in the units that Prometheus recommends: seconds, and dollars as a float for display only. */
export class CallMetrics {
  readonly #seconds: Histogram<'operation' | 'streamed'>;
  readonly #calls = new Map<string, Sums>();
  readonly #models = new Map<string, ModelSums>();

  constructor(registry: Registry) {
    const registers = [registry];
    const calls = this.#calls;
    const models = this.#models;
    new Counter({
      name: 'parsimony_calls_total',
      help: 'Calls by outcome',
      labelNames: ['operation', 'status', 'cache'],
      registers,
      collect() {
        for (const sums of calls.values()) {
          this.inc(sums.labels, sums.calls);
          sums.calls = 0;
        }
      },
    });
    this.#seconds = new Histogram({
      name: 'parsimony_call_duration_seconds',
      help: 'From arrival to the last byte',
      labelNames: ['operation', 'streamed'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
      registers,
    });
    new Counter({
      name: 'parsimony_tokens_total',
      help: 'Tokens by disjoint bucket',
      labelNames: ['model', 'bucket'],
      registers,
      collect() {
        for (const [model, { tokens }] of models) {
          for (const bucket of USAGE_BUCKETS) {
            if (tokens[bucket] > 0) this.inc({ model, bucket }, tokens[bucket]);
            tokens[bucket] = 0;
          }
        }
      },
    });
    new Counter({
      name: 'parsimony_cost_usd_total',
      help: 'What providers charged; the ledger has it exactly',
      labelNames: ['model'],
      registers,
      collect() {
        for (const [model, sums] of models) {
          if (sums.cost > 0) this.inc({ model }, sums.cost);
          sums.cost = 0;
        }
      },
    });
  }

  finished(call: FinishedCall): void {
    this.#callSums(call).calls++;
    this.#seconds.observe({ operation: call.operation, streamed: String(call.streamed) }, call.latencyMs / 1000);
    if (!call.target) return;
    const sums = this.#modelSums(`${call.target.provider}/${call.target.model}`);
    sums.cost += Number(call.cost) / PICO_PER_DOLLAR;
    for (const bucket of USAGE_BUCKETS) sums.tokens[bucket] += call.usage[bucket];
  }

  #callSums({ operation, status, cache }: FinishedCall): Sums {
    const key = `${operation} ${status} ${cache}`;
    let sums = this.#calls.get(key);
    if (!sums) this.#calls.set(key, (sums = { calls: 0, labels: { operation, status, cache: cache ?? 'none' } }));
    return sums;
  }

  #modelSums(model: string): ModelSums {
    const known = this.#models.get(model);
    if (known) return known;
    if (this.#models.size >= MODEL_LABELS && model !== OTHER_MODELS) return this.#modelSums(OTHER_MODELS);
    const sums = { cost: 0, tokens: { ...NO_USAGE } };
    this.#models.set(model, sums);
    return sums;
  }
}
