import type { Call, ChatBody, JsonObject, PicoDollars } from '@parsimony/contract';
import { PriceCatalogue, worstCase, type ModelPrice } from '@parsimony/pricing';
import { anEmbeddingsCall } from '@parsimony/testkit';
import { beforeAll, describe, expect, it } from 'vitest';
import { aLedgerCall } from '../../test/a-row.js';
import { aMessagesCall, aModerationsCall, aResponsesCall, aSpeechCall } from '../../test/calls.js';
import { randomNumbers } from '../../test/random-numbers.js';
import { cutCall } from './cut-call.js';
import type { CutCall } from './reservation-door.js';
import { limitsOutput, usageBounds } from './usage-bounds.js';

const LONG_PROMPT = 'Слово за слово. '.repeat(20_000);

let prices: readonly ModelPrice[];
beforeAll(async () => {
  const catalogue = await PriceCatalogue.bundled();
  // The last one has tiers by the length of the input.
  prices = ['gpt-4.1-mini', 'gpt-4o', 'gpt-5.4'].map(
    (model) => catalogue.find('openai', model, Date.now()) ?? catalogue.ceilingPrice('openai', model),
  );
});

function aChat(body: Partial<ChatBody>, content = 'Простое число?'): Call {
  return aLedgerCall({ body: { model: 'gpt-4.1-mini', messages: [{ role: 'user', content }], ...body } });
}

function aMessage(maxTokens: number, more: JsonObject = {}): Call {
  const messages = [{ role: 'user', content: 'Простое число?' }];
  return aMessagesCall({ body: { model: 'claude-sonnet-5', max_tokens: maxTokens, messages, ...more } });
}

function aRandomCall(random: () => number): Call {
  const limit = random() < 0.3 ? undefined : 1 + Math.floor(random() ** 3 * 100_000);
  const kind = random();
  if (kind < 0.2) return aMessage(limit ?? 4096);
  if (kind < 0.4)
    return aResponsesCall({
      body: { model: 'gpt-5', input: 'Да?', ...(limit !== undefined && { max_output_tokens: limit }) },
    });
  const n = random() < 0.5 ? {} : { n: 1 + Math.floor(random() * 5) };
  const field = random() < 0.5 ? 'max_tokens' : 'max_completion_tokens';
  return aChat({ ...n, ...(limit !== undefined && { [field]: limit }) }, random() < 0.2 ? LONG_PROMPT : 'Да?');
}

function cut(call: Call, price: ModelPrice, amount: PicoDollars, atMost?: number): CutCall | undefined {
  return cutCall(call, price, usageBounds(call), amount, atMost);
}

function pick<Item>(random: () => number, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('there is nothing to pick from');
  return item;
}

describe('a cut', () => {
  it('costs no more than the amount, and one token more would', () => {
    const random = randomNumbers(42);
    const seen = { cut: 0, whole: 0, none: 0 };
    for (let round = 0; round < 4000; round++) {
      const call = aRandomCall(random);
      const price = pick(random, prices);
      const bounds = usageBounds(call);
      const whole = worstCase(price, bounds);
      const amount = BigInt(Math.floor(Number(whole) * random() * 1.2));
      const atMost = random() < 0.5 ? undefined : 1 + Math.floor(random() * 5000);
      const answers = call.operation === 'chat.completions' ? (call.body.n ?? 1) : 1;
      const most = Math.min(bounds.outputTokens / answers, atMost ?? Infinity);
      const costOf = (tokens: number): PicoDollars => worstCase(price, { ...bounds, outputTokens: tokens * answers });
      const found = cut(call, price, amount, atMost);
      if (!found) {
        expect(most < 16 || costOf(16) > amount).toBe(true);
        seen.none++;
        continue;
      }
      expect(found.maxTokens).toBeGreaterThanOrEqual(16);
      expect(found.worstCase).toBe(costOf(found.maxTokens));
      expect(found.worstCase).toBeLessThanOrEqual(amount);
      expect(usageBounds(found.call).outputTokens).toBe(found.maxTokens * answers);
      if (found.maxTokens === most) seen.whole++;
      else {
        expect(costOf(found.maxTokens + 1)).toBeGreaterThan(amount);
        seen.cut++;
      }
    }
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(200);
  });

  it('of a call that thinks leaves thinking and an answer, or is none', () => {
    const [price] = prices;
    if (!price) throw new Error('there is no price');
    const call = aMessage(8000, { thinking: { type: 'enabled', budget_tokens: 2000 } });
    expect(cut(call, price, 10n ** 12n, 4000)?.call.body).toMatchObject({
      max_tokens: 4000,
      thinking: { budget_tokens: 1024 },
    });
    expect(cut(call, price, 10n ** 12n, 1024)).toBeUndefined();
  });

  it('is not to be had of a call that generates no text', () => {
    const [price] = prices;
    if (!price) throw new Error('there is no price');
    const others = [
      anEmbeddingsCall(),
      aModerationsCall({ body: { model: 'omni-moderation-latest', input: 'Да' } }),
      aSpeechCall({ body: { model: 'tts-1', input: 'Да', voice: 'alloy' } }),
    ];
    for (const call of others) expect(cut(call, price, 10n ** 15n)).toBeUndefined();
  });
});

describe('limitsOutput', () => {
  it('is false only of calls that generate text and do not say how much', () => {
    expect(
      [aChat({}), aChat({ max_tokens: null }), aResponsesCall({ body: { model: 'm' } })].map(limitsOutput),
    ).toEqual([false, false, false]);
    expect([aChat({ max_tokens: 1 }), aMessage(1), anEmbeddingsCall()].map(limitsOutput)).toEqual([true, true, true]);
  });
});
