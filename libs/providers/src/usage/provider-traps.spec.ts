import { NO_USAGE, USAGE_BUCKETS, type Usage } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { chatUsage } from './chat-usage.js';
import type { ReasoningPlace } from './token-buckets.js';

interface Trap {
  readonly provider: string;
  readonly place: ReasoningPlace;
  /** What the provider sends. */
  readonly usage: object;
  readonly buckets: Partial<Usage>;
}

/** Each in the shape that its provider documents, or that was seen of it; the sources stand in the README. */
const TRAPS: readonly Trap[] = [
  {
    provider: 'OpenAI: cached tokens stand inside prompt_tokens, reasoning inside completion_tokens',
    place: 'inside',
    usage: {
      prompt_tokens: 2006,
      completion_tokens: 300,
      total_tokens: 2306,
      prompt_tokens_details: { cached_tokens: 1920, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 192, accepted_prediction_tokens: 0 },
    },
    buckets: { input: 86, cachedInput: 1920, output: 108, reasoning: 192 },
  },
  {
    provider: 'OpenAI: tokens written to the cache stand inside prompt_tokens too',
    place: 'inside',
    usage: {
      prompt_tokens: 3000,
      completion_tokens: 10,
      total_tokens: 3010,
      prompt_tokens_details: { cached_tokens: 1024, cache_write_tokens: 1500 },
    },
    buckets: { input: 476, cachedInput: 1024, cacheWrite: 1500, output: 10 },
  },
  {
    provider: 'Azure OpenAI: as OpenAI, with a total that is not looked at',
    place: 'inside',
    usage: { prompt_tokens: 33, completion_tokens: 557, total_tokens: 999, completion_tokens_details: null },
    buckets: { input: 33, output: 557 },
  },
  {
    provider: 'Gemini: thoughts are only in the total',
    place: 'by-total',
    usage: { prompt_tokens: 20, completion_tokens: 198, total_tokens: 623 },
    buckets: { input: 20, output: 198, reasoning: 405 },
  },
  {
    provider: 'Gemini: nothing was thought',
    place: 'by-total',
    usage: { prompt_tokens: 20, completion_tokens: 198, total_tokens: 218 },
    buckets: { input: 20, output: 198 },
  },
  {
    provider: 'Gemini: all of the answer was thought, and completion_tokens is missing',
    place: 'by-total',
    usage: { prompt_tokens: 20, total_tokens: 120 },
    buckets: { input: 20, reasoning: 100 },
  },
  {
    provider: 'xAI: reasoning stands beside completion_tokens',
    place: 'by-total',
    usage: {
      prompt_tokens: 10_120,
      completion_tokens: 1499,
      total_tokens: 14_428,
      prompt_tokens_details: { cached_tokens: 128 },
      completion_tokens_details: { reasoning_tokens: 2809 },
    },
    buckets: { input: 9992, cachedInput: 128, output: 1499, reasoning: 2809 },
  },
  {
    provider: 'a server that is said to count reasoning beside, and gives no total',
    place: 'beside',
    usage: { prompt_tokens: 5, completion_tokens: 7, completion_tokens_details: { reasoning_tokens: 90 } },
    buckets: { input: 5, output: 7, reasoning: 90 },
  },
  {
    provider: 'OpenRouter: reasoning inside, whatever it says of cost',
    place: 'by-total',
    usage: {
      prompt_tokens: 14,
      completion_tokens: 163,
      total_tokens: 177,
      cost: 0.002_507,
      cost_details: { upstream_inference_cost: 0.0025 },
      prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 6 },
      completion_tokens_details: { reasoning_tokens: 120 },
    },
    buckets: { input: 4, cachedInput: 4, cacheWrite: 6, output: 43, reasoning: 120 },
  },
  {
    provider: 'DeepSeek: cache hits by a name of its own, misses are the rest',
    place: 'by-total',
    usage: {
      prompt_tokens: 1000,
      prompt_cache_hit_tokens: 896,
      prompt_cache_miss_tokens: 104,
      completion_tokens: 50,
      total_tokens: 1050,
      completion_tokens_details: { reasoning_tokens: 30 },
    },
    buckets: { input: 104, cachedInput: 896, output: 20, reasoning: 30 },
  },
  {
    provider: 'Mistral: three figures',
    place: 'inside',
    usage: { prompt_tokens: 11, completion_tokens: 24, total_tokens: 35, prompt_audio_seconds: null },
    buckets: { input: 11, output: 24 },
  },
  {
    provider: 'vLLM: null details',
    place: 'by-total',
    usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12, prompt_tokens_details: null },
    buckets: { input: 9, output: 3 },
  },
  {
    provider: 'Ollama: three figures',
    place: 'by-total',
    usage: { prompt_tokens: 26, completion_tokens: 298, total_tokens: 324 },
    buckets: { input: 26, output: 298 },
  },
  {
    provider: 'Together: cached tokens beside the details',
    place: 'by-total',
    usage: { prompt_tokens: 100, completion_tokens: 5, total_tokens: 105, cached_tokens: 64 },
    buckets: { input: 36, cachedInput: 64, output: 5 },
  },
];

describe('the usage of', () => {
  it.each(TRAPS)('$provider', ({ place, usage, buckets }) => {
    expect(chatUsage(usage, place)).toEqual({ ...NO_USAGE, ...buckets });
  });
});

describe('a total', () => {
  it.each([
    ['less than its parts', 50],
    ['negative', -1],
    ['fractional', 200.5],
    ['a text', '623'],
    ['too large to be true', 1e12],
  ])('that is %s says nothing', (_, total_tokens) => {
    const usage = { prompt_tokens: 20, completion_tokens: 198, total_tokens };
    expect(chatUsage(usage, 'by-total')).toEqual({ ...NO_USAGE, input: 20, output: 198 });
  });

  it('that holds more than the reasoning beside it is billed in full', () => {
    const usage = {
      prompt_tokens: 20,
      completion_tokens: 10,
      total_tokens: 100,
      completion_tokens_details: { reasoning_tokens: 60 },
    };
    const buckets = chatUsage(usage, 'by-total') ?? NO_USAGE;
    expect(USAGE_BUCKETS.reduce((sum, bucket) => sum + buckets[bucket], 0)).toBe(100);
    expect(buckets).toMatchObject({ output: 10, reasoning: 70 });
  });

  it('cannot make a sum that overflows', () => {
    const usage = {
      prompt_tokens: 1,
      completion_tokens: 2 ** 31 - 1,
      completion_tokens_details: { reasoning_tokens: 9 },
    };
    expect(chatUsage(usage, 'beside')).toBeNull();
  });
});
