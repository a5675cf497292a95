import { USAGE_BUCKETS } from '@parsimony/contract';
import type { ModelTarget, Operation, PicoDollars, Usage } from '@parsimony/contract';
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
const PICO_PER_DOLLAR = 1e12;

/** Counters of calls, in the units that Prometheus recommends: seconds, and dollars as a float for display only. */
export class CallMetrics {
  readonly #calls: Counter<'operation' | 'status' | 'cache'>;
  readonly #seconds: Histogram<'operation' | 'streamed'>;
  readonly #tokens: Counter<'model' | 'bucket'>;
  readonly #cost: Counter<'model'>;
  readonly #models = new Set<string>();

  constructor(registry: Registry) {
    const registers = [registry];
    this.#calls = new Counter({
      name: 'parsimony_calls_total',
      help: 'Calls by outcome',
      labelNames: ['operation', 'status', 'cache'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'parsimony_call_duration_seconds',
      help: 'From arrival to the last byte',
      labelNames: ['operation', 'streamed'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
      registers,
    });
    this.#tokens = new Counter({
      name: 'parsimony_tokens_total',
      help: 'Tokens by disjoint bucket',
      labelNames: ['model', 'bucket'],
      registers,
    });
    this.#cost = new Counter({
      name: 'parsimony_cost_usd_total',
      help: 'What providers charged; the ledger has it exactly',
      labelNames: ['model'],
      registers,
    });
  }

  finished(call: FinishedCall): void {
    this.#calls.inc({ operation: call.operation, status: call.status, cache: call.cache ?? 'none' });
    this.#seconds.observe({ operation: call.operation, streamed: String(call.streamed) }, call.latencyMs / 1000);
    if (!call.target) return;
    const model = this.#modelLabel(`${call.target.provider}/${call.target.model}`);
    if (call.cost > 0n) this.#cost.inc({ model }, Number(call.cost) / PICO_PER_DOLLAR);
    for (const bucket of USAGE_BUCKETS)
      if (call.usage[bucket] > 0) this.#tokens.inc({ model, bucket }, call.usage[bucket]);
  }

  #modelLabel(model: string): string {
    if (this.#models.has(model)) return model;
    if (this.#models.size >= MODEL_LABELS) return 'other';
    this.#models.add(model);
    return model;
  }
}
