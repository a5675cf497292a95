import type { ModelInfo, ModelPrice, Provider } from '@pydantic/genai-prices';

/** Prices that the price package does not have, as their providers publish them. */
interface ListedPrice {
  readonly provider: string;
  readonly models: readonly string[];
  /** ISO 8601 date. */
  readonly from: string;
  /** In the fields of the price package: USD per million tokens or characters. */
  readonly prices: Readonly<ModelPrice>;
  /** When the page was last read, and which. */
  readonly checked: string;
  readonly source: string;
}

const OPENAI_PRICING = 'https://platform.openai.com/docs/pricing';

export const LISTED_PRICES: readonly ListedPrice[] = [
  {
    provider: 'openai',
    models: ['tts-1', 'tts-1-1106'],
    from: '2023-11-06',
    prices: { input_mchars: 15 },
    checked: '2026-11-24',
    source: OPENAI_PRICING,
  },
  {
    provider: 'openai',
    models: ['tts-1-hd', 'tts-1-hd-1106'],
    from: '2023-11-06',
    prices: { input_mchars: 30 },
    checked: '2026-11-24',
    source: OPENAI_PRICING,
  },
  {
    provider: 'openai',
    models: ['gpt-4o-mini-tts-2025-03-20', 'gpt-4o-mini-tts-2025-12-15'],
    from: '2025-03-20',
    prices: { input_mtok: 0.6, output_mtok: 12 },
    checked: '2026-11-24',
    source: OPENAI_PRICING,
  },
  {
    provider: 'openai',
    models: ['gpt-4o-mini-transcribe-2025-03-20', 'gpt-4o-mini-transcribe-2025-12-15'],
    from: '2025-03-20',
    prices: { input_mtok: 1.25, input_audio_mtok: 3, output_mtok: 5 },
    checked: '2026-11-24',
    source: OPENAI_PRICING,
  },
  {
    // "The moderation endpoint is free to use": the one place where a price of 0 is meant.
    provider: 'openai',
    models: [
      'omni-moderation-latest',
      'omni-moderation-2024-09-26',
      'text-moderation-latest',
      'text-moderation-stable',
      'text-moderation-007',
    ],
    from: '2022-08-10',
    prices: { input_mtok: 0, output_mtok: 0 },
    checked: '2026-11-24',
    source: 'https://platform.openai.com/docs/guides/moderation',
  },
];

/** USD per thousand searches at providers that price them alike for every model, where the package names no price. */
export const LISTED_SEARCH_FEES: Readonly<Record<string, { usdPerThousand: number; checked: string; source: string }>> =
  {
    anthropic: {
      usdPerThousand: 10,
      checked: '2026-11-24',
      source: 'https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool#usage-and-pricing',
    },
  };

/** The data with the listed prices in it, each where the data have no price of their own for the model. */
export function withListedPrices(
  data: readonly Provider[],
  isPriced: (provider: string, model: string) => boolean,
): Provider[] {
  return data.map((provider) => {
    const fee = Object.hasOwn(LISTED_SEARCH_FEES, provider.id) ? LISTED_SEARCH_FEES[provider.id] : undefined;
    const known = fee ? provider.models.map((model) => withSearchFee(model, fee.usdPerThousand)) : provider.models;
    const listed = LISTED_PRICES.filter((each) => each.provider === provider.id).flatMap(({ models, from, prices }) =>
      models
        .filter((model) => !isPriced(provider.id, model))
        .map((id): ModelInfo => {
          const constraint = { type: 'start_date', start_date: from } as const;
          return { id, match: { equals: id }, prices: [{ constraint, prices }] };
        }),
    );
    return { ...provider, models: [...listed, ...known] };
  });
}

function withSearchFee(model: ModelInfo, usdPerThousand: number): ModelInfo {
  const filled = (prices: ModelPrice): ModelPrice =>
    prices['input_mtok'] === undefined ? prices : { web_searches_kcount: usdPerThousand, ...prices };
  const prices = Array.isArray(model.prices)
    ? model.prices.map((entry) => ({ ...entry, prices: filled(entry.prices) }))
    : filled(model.prices);
  return { ...model, prices };
}
