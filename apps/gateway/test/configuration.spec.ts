import { setTimeout as delay } from 'node:timers/promises';
import { ConfigurationService } from '@parsimony/tenancy';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RealGateway, TIERS } from './real-gateway.js';

let real: RealGateway;
beforeAll(async () => {
  real = await RealGateway.start();
});
afterAll(() => real[Symbol.asyncDispose]());

const ask = () =>
  real
    .client()
    .chat.completions.create({ model: 'gpt-4.1-mini', max_tokens: 500, messages: [{ role: 'user', content: 'x' }] });

it('a new document holds within two seconds, and calls in flight keep their stack', async () => {
  real.simulator.configure({ tokensPerSecond: 20, answerTokens: { min: 60, max: 60 } });
  const inFlight = await real.client().chat.completions.create({
    model: 'gpt-4.1-mini',
    max_tokens: 500,
    stream: true,
    messages: [{ role: 'user', content: 'x' }],
  });
  const configurations = new ConfigurationService(real.gateway.core.dataSource, real.gateway.core.rules);
  await configurations.update(
    real.tenantId,
    { tiers: TIERS, plugins: [{ use: 'request-policy', config: { maxTokens: 100 } }] },
    1,
    'spec',
  );
  await delay(2000);
  await expect(ask()).rejects.toMatchObject({ status: 400, code: 'max_tokens_exceeded' });
  let tokens = 0;
  for await (const chunk of inFlight) tokens += chunk.choices[0]?.delta.content ? 1 : 0;
  expect(tokens).toBeGreaterThan(40);
});
