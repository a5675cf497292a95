import type { JsonObject } from '@parsimony/contract';
import type { ProviderConfig } from '@parsimony/providers';
import { startSimulator, type Simulator } from '@parsimony/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RealGateway } from './real-gateway.js';

/** Reasons before it answers, so that hidden tokens have to be found in each provider's report. */
const MODEL = 'gpt-5-mini';
const PRICES = { input: '0.25', cachedInput: '0.025', output: '2' };
const NAMES = ['openai', 'azure', 'azure-classic', 'gemini', 'mistral', 'own-vllm'] as const;

let simulator: Simulator;
let real: RealGateway;
beforeAll(async () => {
  simulator = await startSimulator({ settings: { cachedTokens: { share: 0.5, minimum: 0, step: 1 } } });
  const prices: JsonObject = Object.fromEntries(NAMES.map((name) => [`${name}/${MODEL}`, PRICES]));
  real = await RealGateway.start({ providers: providersAt(simulator.url) }, { prices });
});
afterAll(async () => {
  await real[Symbol.asyncDispose]();
  await simulator.close();
});

function providersAt(url: string): ProviderConfig[] {
  const shared = { credential: { type: 'key', key: 'sk-simulated' }, settings: {}, trusted: true } as const;
  return [
    { name: 'openai', kind: 'openai', baseUrl: `${url}/v1`, ...shared },
    { name: 'azure', kind: 'azure', baseUrl: url, ...shared },
    { name: 'azure-classic', kind: 'azure', baseUrl: url, ...shared, settings: { apiVersion: '2024-10-21' } },
    { name: 'gemini', kind: 'gemini', baseUrl: `${url}/v1`, ...shared },
    { name: 'mistral', kind: 'mistral', baseUrl: `${url}/v1`, ...shared },
    { name: 'own-vllm', kind: 'compatible', baseUrl: `${url}/v1`, ...shared },
  ];
}

const messages = [
  { role: 'developer' as const, content: 'Отвечай подробно. '.repeat(20) },
  { role: 'user' as const, content: 'Почему трава зелёная? 🌱' },
];

async function costs(ask: () => Promise<unknown>): Promise<{ ledger: bigint; bill: bigint }> {
  await real.settled();
  const before = { ledger: (await real.ledger()).cost, bill: BigInt(simulator.bill().total.chargedPicoDollars) };
  await ask();
  await real.settled();
  return {
    ledger: (await real.ledger()).cost - before.ledger,
    bill: BigInt(simulator.bill().total.chargedPicoDollars) - before.bill,
  };
}

const whole = (name: string) => () => real.client().chat.completions.create({ model: `${name}/${MODEL}`, messages });
const streamed = (name: string) => () =>
  real
    .client()
    .chat.completions.stream({ model: `${name}/${MODEL}`, messages })
    .finalChatCompletion();

describe.each(NAMES)('%s', (name) => {
  it.each([
    ['whole', whole(name)],
    ['streamed', streamed(name)],
  ])('answers, %s, and the ledger equals the bill', async (_how, ask) => {
    // Mistral says what a stream used without being asked, and would refuse the question.
    simulator.configure({ usageStyle: name === 'mistral' ? 'cumulative' : 'openai' });
    const { ledger, bill } = await costs(ask);
    expect(bill).toBeGreaterThan(0n);
    expect(ledger).toBe(bill);
  });
});

describe('a provider that reports its usage in a way of its own', () => {
  it.each([
    ['in every chunk, growing', 'own-vllm', 'cumulative'],
    ['with reasoning beside the completion', 'gemini', 'reasoning-beside'],
    ['with reasoning beside the completion', 'own-vllm', 'reasoning-beside'],
  ] as const)('%s (%s): the ledger equals the bill all the same', async (_how, name, usageStyle) => {
    simulator.configure({ usageStyle });
    for (const ask of [whole(name), streamed(name)]) {
      const { ledger, bill } = await costs(ask);
      expect(bill).toBeGreaterThan(0n);
      expect(ledger).toBe(bill);
    }
  });

  it('not at all in streams: the ledger has a lower bound, and says so', async () => {
    simulator.configure({ usageStyle: 'absent' });
    const { ledger, bill } = await costs(streamed('own-vllm'));
    expect(ledger).toBeGreaterThan(0n);
    expect(ledger).toBeLessThanOrEqual(bill);
    expect((await real.rows()).at(-1)).toMatchObject({ settlement: 'at-least', status: 'ok' });
  });
});
