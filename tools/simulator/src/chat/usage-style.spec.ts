import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { describe, expect, it } from 'vitest';
import { ask, clientOf, collect } from '../../test/support.js';
import { startSimulator, type Simulator } from '../index.js';

const SETTINGS = { reasoningTokens: { min: 40, max: 40 }, answerTokens: { min: 10, max: 10 } };

async function chunksOf(simulator: Simulator, include_usage = true): Promise<ChatCompletionChunk[]> {
  const request = { ...ask('Think.', 'o3'), stream: true as const, stream_options: { include_usage } };
  return collect(await clientOf(simulator).chat.completions.create(request));
}

async function wholeUsage(simulator: Simulator) {
  return (await clientOf(simulator).chat.completions.create(ask('Think.', 'o3'))).usage;
}

describe('usageStyle', () => {
  it('cumulative: every chunk has the usage so far, asked for or not; only the last is to be counted', async () => {
    await using simulator = await startSimulator({ settings: { ...SETTINGS, usageStyle: 'cumulative' } });
    for (const asked of [true, false]) {
      const chunks = await chunksOf(simulator, asked);
      expect(chunks.every(({ choices }) => choices.length === 1)).toBe(true);
      const figures = chunks.map(({ usage }) => usage?.completion_tokens ?? -1);
      expect(figures).toEqual([40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 50]);
      expect(chunks.at(-1)?.usage).toEqual(await wholeUsage(simulator));
    }
    expect(simulator.bill().total.tokens).toMatchObject({ output: 4 * 10, reasoning: 4 * 40 });
  });

  it('absent: streams have none, although it was asked for; the bill does', async () => {
    await using simulator = await startSimulator({ settings: { ...SETTINGS, usageStyle: 'absent' } });
    const chunks = await chunksOf(simulator);
    expect(chunks.every((chunk) => !('usage' in chunk))).toBe(true);
    expect(await wholeUsage(simulator)).toMatchObject({ completion_tokens: 50 });
    expect(simulator.bill().total).toMatchObject({ calls: 2, tokens: { output: 20, reasoning: 80 } });
  });

  it('reasoning-beside: hidden tokens stand in the total and the details only', async () => {
    await using simulator = await startSimulator({ settings: { ...SETTINGS, usageStyle: 'reasoning-beside' } });
    const usage = await wholeUsage(simulator);
    expect(usage).toMatchObject({ completion_tokens: 10, completion_tokens_details: { reasoning_tokens: 40 } });
    expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + 50);
    expect((await chunksOf(simulator)).at(-1)?.usage).toEqual(usage);
    expect(simulator.bill().total.tokens).toMatchObject({ output: 20, reasoning: 80 });
  });

  it('cumulative: choices that take turns share one count', async () => {
    await using simulator = await startSimulator({ settings: { ...SETTINGS, usageStyle: 'cumulative' } });
    const stream = await clientOf(simulator).chat.completions.create({ ...ask('Think.'), n: 2, stream: true });
    const chunks = await collect(stream);
    const figures = chunks.map(({ usage }) => usage?.completion_tokens ?? -1);
    expect(figures).toEqual(figures.toSorted((first, second) => first - second));
    expect(figures.at(-1)).toBe(20);
  });
});
