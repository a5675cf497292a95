import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RealGateway } from './real-gateway.js';

let real: RealGateway;
beforeAll(async () => {
  real = await RealGateway.start(
    {},
    {
      reliability: {
        attempts: 3,
        fallbacks: { 'openai/gpt-4.1-mini': ['anthropic/claude-haiku-4-5'] },
        timeouts: { totalMs: 4_000 },
      },
    },
  );
});
afterAll(() => real[Symbol.asyncDispose]());

const messages = [{ role: 'user' as const, content: 'Сколько будет 6 × 7?' }];
const request = { model: 'openai/gpt-4.1-mini', messages, max_tokens: 20 };

async function rungs(callId: string) {
  await real.settled();
  return real.rows<{ purpose: string; provider: string; model: string; rung_status: string; cost: string }>(
    `call_id = '${callId}'`,
  );
}

describe('a provider that fails', () => {
  it('is tried again, then its fallback is, each attempt a rung of its own in the ledger', async () => {
    real.simulator.configure({ failingModels: { 'gpt-4.1-mini': 1 } });
    const { data, response } = await real.client().chat.completions.create(request).withResponse();
    real.simulator.configure({ failingModels: {} });
    expect(data.choices[0]?.message.content).toBeTruthy();
    expect(response.headers.get('x-parsimony-model')).toBe('anthropic/claude-haiku-4-5');
    const attempts = await rungs(response.headers.get('x-parsimony-request-id') ?? '');
    expect(attempts.map(({ purpose, provider, rung_status: status }) => [purpose, provider, status])).toEqual([
      ['answer', 'openai', 'failed'],
      ['retry', 'openai', 'failed'],
      ['retry', 'openai', 'failed'],
      ['fallback', 'anthropic', 'ok'],
    ]);
    expect((await real.ledger()).cost).toBe(real.billed());
  });

  it('for a third of the calls: 200 calls, streamed and whole, are all answered, and the ledger equals the bill', async () => {
    real.simulator.configure({ failingModels: { 'gpt-4.1-mini': 1 / 3 } });
    const client = real.client();
    const before = (await real.ledger()).calls;
    const one = async (index: number): Promise<boolean> => {
      if (index % 2 === 0) return Boolean((await client.chat.completions.create(request)).choices[0]?.message.content);
      const completion = await client.chat.completions.stream(request).finalChatCompletion();
      return Boolean(completion.choices[0]?.message.content);
    };
    const answered: boolean[] = [];
    for (let batch = 0; batch < 10; batch++)
      answered.push(...(await Promise.all(Array.from({ length: 20 }, (_, index) => one(index)))));
    real.simulator.configure({ failingModels: {} });
    expect(answered.filter(Boolean)).toHaveLength(200);
    await real.settled();
    const ledger = await real.ledger();
    expect(ledger.calls - before).toBe(200);
    expect(ledger.rows).toBeGreaterThan(ledger.calls);
    expect(ledger.cost).toBe(real.billed());
  });
});

describe('an answer that takes longer than the tenant waits', () => {
  it('is given up with 504, and is in the ledger with what it cost', async () => {
    real.simulator.configure({ latencyMs: 6_000 });
    const refused = real.client().chat.completions.create({ ...request, model: 'openai/gpt-4.1' });
    await expect(refused).rejects.toMatchObject({ status: 504, code: 'deadline_exceeded' });
    real.simulator.configure({ latencyMs: 0 });
    await real.settled();
    expect((await real.ledger()).cost).toBe(real.billed());
  }, 30_000);
});
