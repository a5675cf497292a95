import type { ConditionalPrice, ModelInfo } from '@pydantic/genai-prices';
import { tablesOf } from './batch-discount.js';
import { catalogueTiers, feePerCall } from './catalogue-tiers.js';
import type { ModelPrice } from './model-price.js';
import type { StatedTier } from './rate-table.js';

type Condition = (at: number) => boolean;

interface TimelineEntry {
  readonly holds: Condition;
  /** Null where the model has no price then. */
  readonly price: ModelPrice | null;
}

const DAY_MS = 86_400_000;
const FREE: [StatedTier] = [{ above: 0, rates: { input: 0n } }];

/** All prices of one model, with the dates or times of day at which they hold. */
export class PriceTimeline {
  private constructor(private readonly entries: readonly TimelineEntry[]) {}

  static of(provider: string, model: ModelInfo): PriceTimeline {
    const entries: readonly ConditionalPrice[] = Array.isArray(model.prices)
      ? model.prices
      : [{ prices: model.prices }];
    return new PriceTimeline(
      entries.map((entry) => ({ holds: conditionOf(entry.constraint), price: priceOf(provider, model, entry) })),
    );
  }

  /** The last entry whose condition holds, else the first: the price package's own rule. */
  at(at: number): ModelPrice | undefined {
    for (let index = this.entries.length - 1; index > 0; index--) {
      const entry = this.entries[index];
      if (entry?.holds(at)) return entry.price ?? undefined;
    }
    return this.entries[0]?.price ?? undefined;
  }

  /** Every price that holds at some time. */
  all(): ModelPrice[] {
    return this.entries.flatMap((entry) => entry.price ?? []);
  }
}

function priceOf(provider: string, model: ModelInfo, entry: ConditionalPrice): ModelPrice | null {
  // An empty price list means "free" only where the provider says so in the name; elsewhere it is a price not known.
  const free = model.id.endsWith(':free') && Object.keys(entry.prices).length === 0;
  const tiers = free ? FREE : catalogueTiers(entry.prices);
  if (!tiers) return null;
  return {
    provider,
    model: model.id,
    source: 'catalogue',
    effectiveFrom: entry.constraint?.type === 'start_date' ? entry.constraint.start_date : null,
    perCall: feePerCall(entry.prices),
    ...tablesOf(provider, tiers),
  };
}

function conditionOf(constraint: ConditionalPrice['constraint']): Condition {
  if (constraint === undefined) return () => true;
  if (constraint.type === 'start_date') {
    const from = Date.parse(constraint.start_date);
    return (at) => at >= from;
  }
  const start = timeOfDay(constraint.start_time);
  const end = timeOfDay(constraint.end_time);
  return (at) => {
    const time = ((at % DAY_MS) + DAY_MS) % DAY_MS;
    return end < start ? time >= start || time < end : time >= start && time < end;
  };
}

/** Milliseconds since midnight UTC of a time such as `16:30:00Z`. */
function timeOfDay(time: string): number {
  const parsed = Date.parse(`1970-01-01T${time}`);
  if (Number.isNaN(parsed)) throw new RangeError(`not a time of day: ${time}`);
  return (parsed + DAY_MS) % DAY_MS;
}
