/** Prices in pico-dollars (10⁻¹² USD) per token. */
export interface Price {
  readonly input: bigint;
  readonly cachedInput: bigint;
  /** Visible and reasoning tokens alike. */
  readonly output: bigint;
}

/** A model that the simulator answers for. */
export interface Model {
  readonly name: string;
  readonly price: Price;
  /** Thinks before it answers, and bills what it thought as output. */
  readonly reasons: boolean;
  /** Size of its vectors; null: it is a chat model. */
  readonly dimensions: number | null;
  /** Whether the size of its vectors may be chosen. */
  readonly shortens: boolean;
}

/**
 * OpenAI's list prices for standard processing, entered by hand and checked against LiteLLM's
 * `model_prices_and_context_window.json`. The simulator is the independent witness of the gateway's ledger, so nothing
 * here is shared with the gateway's catalogue.
 */
export const PRICE_LIST: readonly Model[] = [
  chat('gpt-4.1', 2_000_000n, 500_000n, 8_000_000n),
  chat('gpt-4.1-mini', 400_000n, 100_000n, 1_600_000n),
  chat('gpt-4.1-nano', 100_000n, 25_000n, 400_000n),
  chat('gpt-4o', 2_500_000n, 1_250_000n, 10_000_000n),
  chat('gpt-4o-mini', 150_000n, 75_000n, 600_000n),
  reasoning('gpt-5', 1_250_000n, 125_000n, 10_000_000n),
  reasoning('gpt-5-mini', 250_000n, 25_000n, 2_000_000n),
  reasoning('gpt-5-nano', 50_000n, 5_000n, 400_000n),
  reasoning('o3', 2_000_000n, 500_000n, 8_000_000n),
  reasoning('o4-mini', 1_100_000n, 275_000n, 4_400_000n),
  reasoning('o3-mini', 1_100_000n, 550_000n, 4_400_000n),
  embedding('text-embedding-3-small', 20_000n, 1536, true),
  embedding('text-embedding-3-large', 130_000n, 3072, true),
  embedding('text-embedding-ada-002', 100_000n, 1536, false),
];

/** What a model of the answer book costs that no price was given for: as gpt-4.1. */
export const UNLISTED_PRICE: Price = { input: 2_000_000n, cachedInput: 500_000n, output: 8_000_000n };

/** A chat model that does not reason. */
export function chatModel(name: string, price: Price): Model {
  return { name, price, reasons: false, dimensions: null, shortens: false };
}

function chat(name: string, input: bigint, cachedInput: bigint, output: bigint): Model {
  return chatModel(name, { input, cachedInput, output });
}

function reasoning(name: string, input: bigint, cachedInput: bigint, output: bigint): Model {
  return { ...chat(name, input, cachedInput, output), reasons: true };
}

function embedding(name: string, input: bigint, dimensions: number, shortens: boolean): Model {
  return { name, price: { input, cachedInput: input, output: 0n }, reasons: false, dimensions, shortens };
}
