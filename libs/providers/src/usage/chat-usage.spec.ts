import { NO_USAGE, USAGE_BUCKETS, type Usage } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../../test/random-json.js';
import { chatUsage } from './chat-usage.js';

function usageFromOpenAi(usage: unknown): Usage | null {
  return chatUsage(usage, 'inside');
}

function sum(usage: Usage): number {
  return USAGE_BUCKETS.reduce((total, bucket) => total + usage[bucket], 0);
}

describe('chatUsage', () => {
  it('takes what is reported inside another figure out of it', () => {
    const usage = usageFromOpenAi({
      prompt_tokens: 1000,
      completion_tokens: 500,
      total_tokens: 1500,
      prompt_tokens_details: { cached_tokens: 600, audio_tokens: 100 },
      completion_tokens_details: { reasoning_tokens: 300, audio_tokens: 50, accepted_prediction_tokens: 7 },
    });
    expect(usage).toEqual({
      ...NO_USAGE,
      input: 300,
      cachedInput: 600,
      inputAudio: 100,
      output: 150,
      reasoning: 300,
      outputAudio: 50,
    });
  });

  it('reads embeddings, which generate nothing', () => {
    expect(usageFromOpenAi({ prompt_tokens: 8, total_tokens: 8 })).toEqual({ ...NO_USAGE, input: 8 });
  });

  it.each([
    [{ prompt_tokens_details: null, completion_tokens_details: null }],
    [{ prompt_tokens_details: { cached_tokens: null }, completion_tokens_details: {} }],
    [{ prompt_tokens_details: { cached_tokens: -5, audio_tokens: 0.5 } }],
    [{ prompt_tokens_details: { cached_tokens: '9' }, completion_tokens_details: [1] }],
    [{ prompt_tokens_details: 'none', completion_tokens_details: { reasoning_tokens: Number.NaN } }],
  ])('takes no detail for a part that is none: %j', (details) => {
    expect(usageFromOpenAi({ prompt_tokens: 10, completion_tokens: 4, ...details })).toEqual({
      ...NO_USAGE,
      input: 10,
      output: 4,
    });
  });

  it('never makes a bucket negative: a part is at most its whole', () => {
    const usage = usageFromOpenAi({
      prompt_tokens: 10,
      completion_tokens: 4,
      prompt_tokens_details: { cached_tokens: 25, audio_tokens: 25 },
      completion_tokens_details: { reasoning_tokens: 25, audio_tokens: 25 },
    });
    expect(usage).toEqual({ ...NO_USAGE, cachedInput: 10, reasoning: 4 });
  });

  it.each([
    null,
    undefined,
    'usage',
    7,
    [],
    {},
    { completion_tokens: 4 },
    { prompt_tokens: null, completion_tokens: 4 },
    { prompt_tokens: -1, completion_tokens: 4 },
    { prompt_tokens: 10, completion_tokens: -4 },
    { prompt_tokens: 10.5, completion_tokens: 4 },
    { prompt_tokens: Number.NaN, completion_tokens: 4 },
    { prompt_tokens: '10', completion_tokens: 4 },
    { prompt_tokens: 10, completion_tokens: true },
    { prompt_tokens: 2 ** 31, completion_tokens: 4 },
    { prompt_tokens: 10, completion_tokens: 1e300 },
    { prompt_tokens: Infinity, completion_tokens: 4 },
  ])('is null where none was reported, or one that cannot be true: %j', (usage) => {
    expect(usageFromOpenAi(usage)).toBeNull();
  });

  it('counts every token in exactly one bucket, whatever the details say', () => {
    const random = randomNumbers(7);
    const some = (size: number): number => Math.floor(random() * size) - 20;
    for (let round = 0; round < 2000; round++) {
      const [prompt, completion] = [some(500) + 20, some(500) + 20];
      const usage = usageFromOpenAi({
        prompt_tokens: prompt,
        completion_tokens: completion,
        prompt_tokens_details: { cached_tokens: some(600), audio_tokens: some(600) },
        completion_tokens_details: { reasoning_tokens: some(600), audio_tokens: some(600) },
      });
      if (!usage) throw new Error('a credible usage was refused');
      expect(sum(usage)).toBe(prompt + completion);
      expect(Math.min(...USAGE_BUCKETS.map((bucket) => usage[bucket]))).toBeGreaterThanOrEqual(0);
      expect(usage.input + usage.cachedInput + usage.inputAudio).toBe(prompt);
    }
  });
});
