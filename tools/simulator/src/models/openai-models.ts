import { plainModel, type Model } from './model.js';
import { FREE } from './price.js';

/** OpenAI's list prices for standard processing, per token. */
export const OPENAI_MODELS: readonly Model[] = [
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
  plainModel('omni-moderation-latest', 'moderation', FREE),
  plainModel('omni-moderation-2024-09-26', 'moderation', FREE),
];

function chat(name: string, input: bigint, cachedInput: bigint, output: bigint): Model {
  return plainModel(name, 'chat', { input, cachedInput, output });
}

function reasoning(name: string, input: bigint, cachedInput: bigint, output: bigint): Model {
  return { ...chat(name, input, cachedInput, output), reasons: true };
}

function embedding(name: string, input: bigint, dimensions: number, shortens: boolean): Model {
  return { ...plainModel(name, 'embedding', { input, cachedInput: input, output: 0n }), dimensions, shortens };
}
