import Anthropic from '@anthropic-ai/sdk';
import { parseUsd } from '@parsimony/contract';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { setBudget } from './limits.js';
import { RealGateway } from './real-gateway.js';

const messages = [{ role: 'user' as const, content: 'Привет' }];
const request = { model: 'openai/gpt-4.1', messages, max_tokens: 40 };

let real: RealGateway;
beforeEach(async () => {
  real = await RealGateway.start({ budgets: true });
});
afterEach(() => real[Symbol.asyncDispose]());

async function modelOf(secret = real.secret): Promise<string | null> {
  const { response } = await real.client(secret).chat.completions.create(request).withResponse();
  return response.headers.get('x-parsimony-model');
}

/** One call's cost is a small share of the limit, and more than `downgradeAt`. */
async function spendPastDowngrade(mode: 'HARD' | 'SOFT' = 'HARD'): Promise<void> {
  await real.client().chat.completions.create(request);
  await real.settled();
  await setBudget(real, { limit: parseUsd('1'), period: 'MONTH', mode, downgradeAt: 0.000_000_1 });
}

it('sends calls to the economy tier from a share of the budget on, and says so', async () => {
  await setBudget(real, { limit: parseUsd('1'), period: 'MONTH', downgradeAt: 0.000_01 });
  expect(await modelOf()).toBe('openai/gpt-4.1');
  await expect.poll(() => modelOf(), { timeout: 5_000 }).toBe('openai/gpt-4.1-mini');
  const stream = await real
    .client()
    .chat.completions.create({ ...request, stream: true })
    .withResponse();
  for await (const _chunk of stream.data);
  expect(stream.response.headers.get('x-parsimony-model')).toBe('openai/gpt-4.1-mini');
  expect(stream.response.headers.get('x-parsimony-tier')).toBe('economy');
  await real.settled();
  const rows = await real.rows<{ model: string; requested_model: string; decisions: unknown }>("tier = 'economy'");
  expect(rows.length).toBeGreaterThan(1);
  for (const row of rows) {
    expect(row).toMatchObject({ model: 'gpt-4.1-mini', requested_model: 'openai/gpt-4.1' });
    expect(row.decisions).toMatchObject([
      { plugin: 'budgets', summary: expect.stringContaining('forced to the economy tier') },
    ]);
  }
});

it.each(['HARD', 'SOFT'] as const)('does not let the first call slip by, under a %s budget', async (mode) => {
  await spendPastDowngrade(mode);
  expect(await modelOf()).toBe('openai/gpt-4.1-mini');
});

it('holds in the other protocols, and leaves embeddings alone', async () => {
  await spendPastDowngrade();
  const anthropic = new Anthropic({ baseURL: real.url, apiKey: real.secret, maxRetries: 0 });
  const message = await anthropic.messages.create(request).withResponse();
  expect(message.response.headers.get('x-parsimony-model')).toBe('openai/gpt-4.1-mini');
  const response = await real.client().responses.create({ model: request.model, input: 'x' }).withResponse();
  expect(response.response.headers.get('x-parsimony-model')).toBe('openai/gpt-4.1-mini');
  const embedding = await real
    .client()
    .embeddings.create({ model: 'text-embedding-3-small', input: 'x' })
    .withResponse();
  expect(embedding.response.headers.get('x-parsimony-model')).toBe('openai/text-embedding-3-small');
});

it('does not force a key to a model that it may not use', async () => {
  const { secret } = await real.createKey({ name: 'one model', role: 'MEMBER', allowedModels: ['openai/gpt-4.1'] });
  await spendPastDowngrade();
  expect(await modelOf(secret)).toBe('openai/gpt-4.1');
});

it('changes nothing where the tenant has no economy tier', async () => {
  await real[Symbol.asyncDispose]();
  real = await RealGateway.start({ budgets: true }, { tiers: { standard: ['openai/gpt-4.1'] } });
  await spendPastDowngrade();
  expect(await modelOf()).toBe('openai/gpt-4.1');
});
