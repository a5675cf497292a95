import { NO_USAGE, type Call, type ReplyAnswer, type ReplyDelta } from '@parsimony/contract';
import { costOf, PriceCatalogue, type ModelPrice } from '@parsimony/pricing';
import { TokenCounter } from '@parsimony/tokens';
import { anEmbeddingsCall } from '@parsimony/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aLedgerCall } from '../../test/a-row.js';
import { aMessagesCall, aModerationsCall, aResponsesCall, aSpeechCall, aTranscriptionCall } from '../../test/calls.js';
import { UNCONFIRMED, unreportedUsage } from './unreported-usage.js';

const tokens = new TokenCounter();
let catalogue: PriceCatalogue;
beforeAll(async () => {
  catalogue = await PriceCatalogue.bundled();
});
afterAll(() => tokens[Symbol.asyncDispose]());

function priceOf({ target: { provider, model }, receivedAt }: Call): ModelPrice {
  return catalogue.find(provider, model, receivedAt) ?? catalogue.ceilingPrice(provider, model);
}

function spent(call: Call, seen: readonly (ReplyDelta | ReplyAnswer)[] = [], finished = true) {
  return unreportedUsage({ call, price: priceOf(call), seen, finished }, tokens);
}

const said = (body: ReplyAnswer['body']): ReplyAnswer[] => [{ type: 'answer', body }];

describe('text without a usage report', () => {
  it('costs no more than if all of its prompt came from the cache', async () => {
    const target = { provider: 'openai', model: 'gpt-4.1-mini', tier: null };
    const call = aLedgerCall({ target, body: { model: 'm', messages: [{ role: 'user', content: 'Hello' }] } });
    const { settlement, usage, cost } = await spent(call, said({ choices: [{ message: { content: 'Hello' } }] }));
    expect({ settlement, usage }).toEqual({ settlement: 'at-least', usage: { ...NO_USAGE, input: 8, output: 1 } });
    expect(cost).toBe(costOf(priceOf(call), { ...NO_USAGE, cachedInput: 8, output: 1 }));
    expect(cost).toBeLessThan(costOf(priceOf(call), usage));
  });

  it('is counted in every protocol, tools and pictures left out', async () => {
    const tools = [{ type: 'function', name: 'now', description: 'x'.repeat(1000), parameters: {} }];
    const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };
    const responses = await spent(
      aResponsesCall({ body: { model: 'gpt-4o', instructions: 'Кратко.', input: 'Hello', tools } }),
      said({ output: [{ content: [{ type: 'output_text', text: 'Hello' }] }] }),
    );
    const messages = await spent(
      aMessagesCall({
        body: {
          model: 'claude-sonnet-5',
          max_tokens: 9,
          system: 'Кратко.',
          messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }, picture] }],
          tools,
        },
      }),
      said({ content: [{ type: 'text', text: 'Hello' }] }),
    );
    for (const { settlement, usage, cost } of [responses, messages]) {
      expect(settlement).toBe('at-least');
      expect(usage.output).toBe(1);
      expect(usage.input).toBeGreaterThan(1);
      expect(usage.input).toBeLessThan(12);
      expect(cost).toBeGreaterThan(0n);
    }
  });

  it('of an embedding counts texts, and inputs that are tokens already', async () => {
    const target = { provider: 'openai', model: 'text-embedding-3-small', tier: null };
    const call = (input: string[] | number[]) => anEmbeddingsCall({ target, body: { model: 'm', input } });
    expect((await spent(call(['one', 'two']))).usage).toEqual({ ...NO_USAGE, input: 3 });
    expect((await spent(call([1, 2, 3, 4]))).usage).toEqual({ ...NO_USAGE, input: 4 });
  });
});

describe('speech', () => {
  const body = { model: 'tts-1', input: 'Два 😀' };

  it('is settled exactly by the characters that were sent, where they are what is billed', async () => {
    expect(await spent(aSpeechCall({ body }))).toEqual({
      settlement: 'exact',
      usage: { ...NO_USAGE, characters: 5 },
      cost: 5n * 15_000_000n,
    });
  });

  it('is settled at least by them where it broke off, or where nobody knows the price', async () => {
    expect((await spent(aSpeechCall({ body }), [], false)).settlement).toBe('at-least');
    const unknown = await spent(aSpeechCall({ body: { ...body, model: 'tts-9' } }));
    expect(unknown).toMatchObject({ settlement: 'at-least', usage: { characters: 5 } });
    expect(unknown.cost).toBeGreaterThanOrEqual(5n * 30_000_000n);
  });

  it('by tokens costs at least its text', async () => {
    const { settlement, usage } = await spent(aSpeechCall({ body: { ...body, model: 'gpt-4o-mini-tts' } }));
    expect(settlement).toBe('at-least');
    expect(usage.input).toBeGreaterThan(0);
    expect(usage.characters).toBe(0);
  });
});

describe('a transcription', () => {
  it('by the second is not confirmed, since nobody has heard how long it is', async () => {
    expect(await spent(aTranscriptionCall(5000, { body: { model: 'whisper-1' } }), said({ text: 'Раз.' }))).toEqual(
      UNCONFIRMED,
    );
  });

  it('by tokens costs at least what was written', async () => {
    const call = aTranscriptionCall(5000, { body: { model: 'gpt-4o-transcribe' } });
    const { settlement, usage } = await spent(call, said({ text: 'Раз, два.' }));
    expect(settlement).toBe('at-least');
    expect(usage).toEqual({ ...NO_USAGE, output: (await tokens.count('Раз, два.', 'o200k_base')).tokens });
  });
});

describe('a moderation', () => {
  it('is free where its price says so, for certain', async () => {
    const call = aModerationsCall({ body: { model: 'omni-moderation-latest', input: 'Плохо?' } });
    expect(await spent(call)).toEqual({ settlement: 'exact', usage: NO_USAGE, cost: 0n });
  });

  it('by a model that nobody knows is not free', async () => {
    const call = aModerationsCall({ body: { model: 'guard-9', input: ['Плохо?', 'Bad?'] } });
    const { settlement, cost } = await spent(call);
    expect(settlement).toBe('at-least');
    expect(cost).toBeGreaterThan(0n);
  });
});
