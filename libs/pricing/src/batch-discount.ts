import type { PicoDollars, UsageBucket } from '@parsimony/contract';
import type { RateTable } from './model-price.js';
import { rateTable, UNIT_BUCKETS, type StatedTier } from './rate-table.js';

/** A provider's published discount on calls through its batch interface. */
export interface BatchDiscount {
  readonly percentOff: bigint;
  /** Buckets that keep their price, since the provider's discounts for cache and batch do not add up. */
  readonly undiscounted: readonly UsageBucket[];
  /** When the page was last read, and which. */
  readonly checked: string;
  readonly source: string;
}

/**
 * Only discounts that hold for every model that a provider offers in batches; where it is "up to" or "most models"
 * (Together, Bedrock) nothing stands here, and a batch is charged in full.
 */
export const BATCH_DISCOUNTS: Readonly<Record<string, BatchDiscount>> = Object.freeze({
  openai: {
    percentOff: 50n,
    undiscounted: [],
    checked: '2026-11-24',
    source: 'https://platform.openai.com/docs/guides/batch',
  },
  anthropic: {
    percentOff: 50n,
    undiscounted: [],
    checked: '2026-11-24',
    source: 'https://platform.claude.com/docs/en/build-with-claude/batch-processing#pricing',
  },
  google: {
    // "The cached tokens are priced the same as for non-batch API traffic."
    percentOff: 50n,
    undiscounted: ['cachedInput'],
    checked: '2026-11-24',
    source: 'https://ai.google.dev/gemini-api/docs/batch-api',
  },
  mistral: {
    percentOff: 50n,
    undiscounted: ['cachedInput'],
    checked: '2026-11-24',
    source: 'https://docs.mistral.ai/capabilities/batch/',
  },
  groq: {
    // "The batch discount does not stack with prompt caching discounts."
    percentOff: 50n,
    undiscounted: ['cachedInput'],
    checked: '2026-11-24',
    source: 'https://console.groq.com/docs/batch',
  },
  fireworks: {
    percentOff: 50n,
    undiscounted: [],
    checked: '2026-11-24',
    source: 'https://docs.fireworks.ai/guides/batch-inference',
  },
});

/**
 * Both tables of a price list: the standard one, and the one of the provider's batch interface, where half a pico-dollar
 * is rounded up. Without a known discount a batch costs the standard price.
 */
export function tablesOf(
  provider: string,
  tiers: readonly [StatedTier, ...StatedTier[]],
): { readonly standard: RateTable; readonly batch: RateTable } {
  const standard = rateTable(tiers);
  const discount = Object.hasOwn(BATCH_DISCOUNTS, provider) ? BATCH_DISCOUNTS[provider] : undefined;
  if (!discount) return { standard, batch: standard };
  const [first, ...rest] = tiers;
  return {
    standard,
    batch: rateTable([discounted(first, discount), ...rest.map((tier) => discounted(tier, discount))]),
  };
}

function discounted(tier: StatedTier, { percentOff, undiscounted }: BatchDiscount): StatedTier {
  const lower = (rate: PicoDollars): PicoDollars => (rate * (100n - percentOff) + 99n) / 100n;
  const rates: Partial<Record<UsageBucket, PicoDollars>> = {};
  for (const [bucket, rate] of Object.entries(tier.rates) as [UsageBucket, PicoDollars][]) {
    // Discounts are published for tokens.
    const full = undiscounted.includes(bucket) || UNIT_BUCKETS.some((unit) => unit === bucket);
    rates[bucket] = full ? rate : lower(rate);
  }
  return {
    above: tier.above,
    rates,
    otherInput: (tier.otherInput ?? []).map(lower),
    otherOutput: (tier.otherOutput ?? []).map(lower),
  };
}
