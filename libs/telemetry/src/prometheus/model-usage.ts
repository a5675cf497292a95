import { NO_USAGE, USAGE_BUCKETS } from '@parsimony/contract';
import type { ModelTarget, PicoDollars, Usage, UsageBucket } from '@parsimony/contract';
import { Counter, type Registry } from 'prom-client';

/** Names that callers make up must not become label values without end. */
const MODEL_LABELS = 500;
const LONGEST_NAME = 256;
const OTHER_MODELS = 'other';
/** Buckets of usage that are no tokens; the others are. */
const UNITS: ReadonlySet<UsageBucket> = new Set(['characters', 'seconds', 'searches']);
const PICO_PER_DOLLAR = 1e12;

/** Sums of one model since the last scrape. */
interface ModelSums {
  readonly label: string;
  cost: number;
  readonly usage: Record<UsageBucket, number>;
}

/** Tokens, other units and money by model. Dollars are floats, for display only. */
export class ModelUsage {
  /** By provider and model: joining the two for a key costs more than two look-ups. */
  readonly #byProvider = new Map<string, Map<string, ModelSums>>();
  readonly #all: ModelSums[] = [];
  #others: ModelSums | undefined;

  constructor(registry: Registry) {
    const all = this.#all;
    this.#count(registry, 'parsimony_tokens_total', 'Tokens by disjoint bucket', (bucket) => !UNITS.has(bucket));
    this.#count(registry, 'parsimony_units_total', 'Characters, seconds and searches', (bucket) => UNITS.has(bucket));
    new Counter({
      name: 'parsimony_cost_usd_total',
      help: 'What providers charged; the ledger has it exactly',
      labelNames: ['model'],
      registers: [registry],
      collect() {
        for (const sums of all) {
          if (sums.cost > 0) this.inc({ model: sums.label }, sums.cost);
          sums.cost = 0;
        }
      },
    });
  }

  add(target: ModelTarget, usage: Usage, cost: PicoDollars): void {
    const sums = this.#byProvider.get(target.provider)?.get(target.model) ?? this.#open(target);
    sums.cost += Number(cost) / PICO_PER_DOLLAR;
    for (const bucket of USAGE_BUCKETS) {
      const used = usage[bucket];
      if (used > 0) sums.usage[bucket] += used;
    }
  }

  #open({ provider, model }: ModelTarget): ModelSums {
    if (this.#all.length >= MODEL_LABELS || model.length > LONGEST_NAME)
      return (this.#others ??= this.#sumsFor(OTHER_MODELS));
    const sums = this.#sumsFor(`${provider}/${model}`);
    const models = this.#byProvider.get(provider);
    if (models) models.set(model, sums);
    else this.#byProvider.set(provider, new Map([[model, sums]]));
    return sums;
  }

  #sumsFor(label: string): ModelSums {
    const sums = { label, cost: 0, usage: { ...NO_USAGE } };
    this.#all.push(sums);
    return sums;
  }

  #count(registry: Registry, name: string, help: string, counts: (bucket: UsageBucket) => boolean): void {
    const all = this.#all;
    const buckets = USAGE_BUCKETS.filter(counts);
    new Counter({
      name,
      help,
      labelNames: ['model', 'bucket'],
      registers: [registry],
      collect() {
        for (const { label, usage } of all) {
          for (const bucket of buckets) {
            if (usage[bucket] > 0) this.inc({ model: label, bucket }, usage[bucket]);
            usage[bucket] = 0;
          }
        }
      },
    });
  }
}
