import type Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { anthropicOf, askClaude, postMessages } from '../../test/support.js';
import { startSimulator } from '../index.js';

const BOOK = [{ prompt: 'Hello', answers: { 'claude-opus-5': 'Hello world' } }];

/** Anthropic's prices in dollars per million tokens: input, read from the cache, written for 5 minutes and for an hour, output. */
const DOLLARS_PER_MILLION: Record<string, readonly [number, number, number, number, number]> = {
  'claude-opus-5': [5, 0.5, 6.25, 10, 25],
  'claude-sonnet-5': [2, 0.2, 2.5, 4, 10],
  'claude-opus-4-8': [5, 0.5, 6.25, 10, 25],
  'claude-opus-4-7': [5, 0.5, 6.25, 10, 25],
  'claude-opus-4-6': [5, 0.5, 6.25, 10, 25],
  'claude-sonnet-4-6': [3, 0.3, 3.75, 6, 15],
  'claude-opus-4-5': [5, 0.5, 6.25, 10, 25],
  'claude-opus-4-5-20251101': [5, 0.5, 6.25, 10, 25],
  'claude-sonnet-4-5': [3, 0.3, 3.75, 6, 15],
  'claude-sonnet-4-5-20250929': [3, 0.3, 3.75, 6, 15],
  'claude-haiku-4-5': [1, 0.1, 1.25, 2, 5],
  'claude-haiku-4-5-20251001': [1, 0.1, 1.25, 2, 5],
  'claude-opus-4-1': [15, 1.5, 18.75, 30, 75],
  'claude-opus-4-1-20250805': [15, 1.5, 18.75, 30, 75],
};

describe('the bill of messages', () => {
  it('charges what a hand calculation gives', async () => {
    await using simulator = await startSimulator({ answerBook: BOOK, settings: { promptCache: { minimum: 0 } } });
    const client = anthropicOf(simulator);
    await client.messages.create(askClaude('Hello', 'claude-opus-5'));
    // 7 × $5 + 2 × $25 per million = 85 millionths of a dollar.
    expect(simulator.bill().total).toEqual({
      calls: 1,
      tokens: { input: 7, cachedInput: 0, output: 2, reasoning: 0 },
      chargedPicoDollars: '85000000',
    });
    const marked = {
      ...askClaude('Hello', 'claude-opus-5'),
      system: [
        // 3 tokens for an hour, 3 for five minutes.
        { type: 'text' as const, text: 'Be brief.', cache_control: { type: 'ephemeral' as const, ttl: '1h' as const } },
        { type: 'text' as const, text: 'Be kind.', cache_control: { type: 'ephemeral' as const } },
      ],
    };
    await client.messages.create(marked);
    // 3 × $10 + 3 × $6.25 + 7 × $5 + 2 × $25 per million = 133.75 millionths more.
    expect(simulator.bill().total).toEqual({
      calls: 2,
      tokens: { input: 14, cachedInput: 0, output: 4, reasoning: 0, cacheWrite: 3, cacheWriteLong: 3 },
      chargedPicoDollars: '218750000',
    });
    await client.messages.create(marked);
    // 6 × $0.50 + 7 × $5 + 2 × $25 per million = 88 millionths more.
    expect(simulator.bill().total).toMatchObject({
      tokens: { input: 21, cachedInput: 6, cacheWrite: 3, cacheWriteLong: 3 },
      chargedPicoDollars: '306750000',
    });
  });

  it.each(Object.keys(DOLLARS_PER_MILLION))('charges %s by the usage it reported', async (model) => {
    await using simulator = await startSimulator({
      settings: { promptCache: { minimum: 0 }, reasoningTokens: { min: 7, max: 7 } },
    });
    const [input, read, write, writeLong, output] = DOLLARS_PER_MILLION[model]!;
    let expected = 0;
    for (const ttl of ['1h', '5m', '1h'] as const) {
      for (const question of ['One.', 'Two, and a little more.', 'One.']) {
        // Without the client, which warns of models that are to be retired.
        const response = await postMessages(simulator, {
          ...askClaude(question, model),
          max_tokens: 2000,
          thinking: { type: 'enabled', budget_tokens: 1024 },
          system: [{ type: 'text', text: `You live ${ttl}.`, cache_control: { type: 'ephemeral', ttl } }],
        });
        const { usage } = (await response.json()) as Anthropic.Message;
        expected +=
          usage.input_tokens * input +
          (usage.cache_read_input_tokens ?? 0) * read +
          (usage.cache_creation?.ephemeral_5m_input_tokens ?? 0) * write +
          (usage.cache_creation?.ephemeral_1h_input_tokens ?? 0) * writeLong +
          usage.output_tokens * output;
      }
    }
    const { tokens, chargedPicoDollars } = simulator.bill().total;
    expect(tokens).toMatchObject({ reasoning: 63 });
    expect(Math.min(tokens.cachedInput, tokens.cacheWrite ?? 0, tokens.cacheWriteLong ?? 0)).toBeGreaterThan(0);
    expect(chargedPicoDollars).toBe(String(Math.round(expected * 1_000_000)));
  });
});
