import { plainModel, type Model } from './model.js';
import type { Price } from './price.js';

const MILLION = 1_000_000n;

/**
 * Anthropic's list prices. Reading from the cache costs a tenth of the input's price, writing for five minutes 1.25
 * times as much and for an hour twice as much (Anthropic, "Prompt caching"). Where prompts beyond 200,000 tokens would
 * cost more, the model's window ends there.
 */
export const CLAUDE_MODELS: readonly Model[] = [
  ...claude(['claude-opus-5'], 'Claude Opus 5', 5n, 25n, 1_000_000, 128_000, 512),
  ...claude(['claude-sonnet-5'], 'Claude Sonnet 5', 2n, 10n, 1_000_000, 128_000, 1024),
  ...claude(['claude-opus-4-8'], 'Claude Opus 4.8', 5n, 25n, 1_000_000, 128_000, 1024),
  ...claude(['claude-opus-4-7'], 'Claude Opus 4.7', 5n, 25n, 1_000_000, 128_000, 2048),
  ...claude(['claude-opus-4-6'], 'Claude Opus 4.6', 5n, 25n, 1_000_000, 128_000, 4096),
  ...claude(['claude-sonnet-4-6'], 'Claude Sonnet 4.6', 3n, 15n, 1_000_000, 64_000, 1024),
  ...claude(['claude-opus-4-5', 'claude-opus-4-5-20251101'], 'Claude Opus 4.5', 5n, 25n, 200_000, 64_000, 4096),
  ...claude(['claude-sonnet-4-5', 'claude-sonnet-4-5-20250929'], 'Claude Sonnet 4.5', 3n, 15n, 200_000, 64_000, 1024),
  ...claude(['claude-haiku-4-5', 'claude-haiku-4-5-20251001'], 'Claude Haiku 4.5', 1n, 5n, 200_000, 64_000, 4096),
  ...claude(['claude-opus-4-1', 'claude-opus-4-1-20250805'], 'Claude Opus 4.1', 15n, 75n, 200_000, 32_000, 1024),
];

/** @param input dollars per million tokens. @param output the same. */
function claude(
  names: readonly string[],
  displayName: string,
  input: bigint,
  output: bigint,
  contextWindow: number,
  mostOutput: number,
  cacheMinimum: number,
): Model[] {
  const traits = { displayName, contextWindow, mostOutput, cacheMinimum };
  return names.map((name) => ({ ...plainModel(name, 'chat', claudePrice(input, output)), claude: traits }));
}

function claudePrice(input: bigint, output: bigint): Price {
  const full = input * MILLION;
  return {
    input: full,
    cachedInput: full / 10n,
    cacheWrite: (full * 5n) / 4n,
    cacheWriteLong: full * 2n,
    output: output * MILLION,
  };
}
