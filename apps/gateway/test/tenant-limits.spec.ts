import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { startSimulator } from '@parsimony/simulator';
import { afterEach, expect, it } from 'vitest';
import { RealGateway } from './real-gateway.js';
import { simulatedProviders } from './simulated-providers.js';

const messages = [{ role: 'user' as const, content: 'x' }];
const request = { model: 'openai/gpt-4.1-mini', messages, max_tokens: 5 };

let real: RealGateway;
afterEach(() => real[Symbol.asyncDispose]());

it('lets no more of a tenant’s calls run at once at a provider than its document says; the others wait their turn', async () => {
  real = await RealGateway.start({}, { reliability: { concurrency: 1 } });
  real.simulator.configure({ latencyMs: 300 });
  const startedAt = performance.now();
  const answers = await Promise.all(Array.from({ length: 3 }, () => real.client().chat.completions.create(request)));
  expect(answers.every(({ choices }) => choices.length === 1)).toBe(true);
  expect(performance.now() - startedAt).toBeGreaterThan(850);
});

it('gives a provider up as early as the tenant wants, and goes to the fallback', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  await using simulator = await startSimulator();
  const [openai, anthropic] = simulatedProviders(simulator.url);
  const baseUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/v1`;
  real = await RealGateway.start(
    { providers: [{ ...openai!, baseUrl }, anthropic!] },
    {
      reliability: {
        attempts: 1,
        timeouts: { firstByteMs: 500 },
        fallbacks: { 'openai/gpt-4.1-mini': ['anthropic/claude-haiku-4-5'] },
      },
    },
  );
  const { response } = await real.client().chat.completions.create(request).withResponse();
  expect(response.headers.get('x-parsimony-model')).toBe('anthropic/claude-haiku-4-5');
  silent.close();
});
