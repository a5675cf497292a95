import { expect, it } from 'vitest';
import { createRegistry } from './registry.js';
import { observeProviders, type ModelSnapshot, type ProviderSnapshot } from './provider-metrics.js';

const MODEL: ModelSnapshot = {
  model: 'gpt-4.1',
  circuit: 'half-open',
  coolingUntil: null,
  attempts: { ok: 7, rateLimited: 2, busy: 0 },
  retries: 1,
  fallbacks: 0,
};
const PROVIDER: ProviderSnapshot = {
  provider: 'openai',
  callsUnderWay: 3,
  callsWaiting: 1,
  callLimit: 10,
  models: [MODEL],
};

async function linesOf(read: () => readonly ProviderSnapshot[], scrapes = 1): Promise<string[]> {
  const registry = createRegistry();
  observeProviders(registry, read);
  for (let scrape = 1; scrape < scrapes; scrape++) await registry.metrics();
  return (await registry.metrics()).split('\n').filter((line) => line.startsWith('parsimony_provider_'));
}

it('shows places, circuits, rests and attempts, however often it is scraped', async () => {
  expect(await linesOf(() => [PROVIDER], 3)).toEqual([
    'parsimony_provider_calls_under_way{provider="openai"} 3',
    'parsimony_provider_calls_waiting{provider="openai"} 1',
    'parsimony_provider_call_limit{provider="openai"} 10',
    'parsimony_provider_circuit_state{provider="openai",model="gpt-4.1",state="closed"} 0',
    'parsimony_provider_circuit_state{provider="openai",model="gpt-4.1",state="half-open"} 1',
    'parsimony_provider_circuit_state{provider="openai",model="gpt-4.1",state="open"} 0',
    'parsimony_provider_cooling_seconds{provider="openai",model="gpt-4.1"} 0',
    'parsimony_provider_attempts_total{provider="openai",model="gpt-4.1",outcome="ok"} 7',
    'parsimony_provider_attempts_total{provider="openai",model="gpt-4.1",outcome="rate_limited"} 2',
    'parsimony_provider_repeated_total{provider="openai",model="gpt-4.1",purpose="retry"} 1',
    'parsimony_provider_repeated_total{provider="openai",model="gpt-4.1",purpose="fallback"} 0',
  ]);
});

it('shows how long a provider still rests', async () => {
  const lines = await linesOf(() => [{ ...PROVIDER, models: [{ ...MODEL, coolingUntil: Date.now() + 30_000 }] }]);
  const seconds = Number(lines.find((line) => line.includes('cooling_seconds'))?.split(' ')[1]);
  expect(seconds).toBeGreaterThan(25);
  expect(seconds).toBeLessThanOrEqual(30);
});

it('forgets a model that is not reported any more', async () => {
  let models: readonly ModelSnapshot[] = [MODEL];
  const read = () => {
    const now = models;
    models = [];
    return [{ ...PROVIDER, models: now }];
  };
  expect((await linesOf(read)).join('\n')).not.toContain('outcome="ok"');
});

it('escapes what a caller put into the name of a model', async () => {
  const lines = await linesOf(() => [{ ...PROVIDER, models: [{ ...MODEL, model: 'a"}\nfake_metric 1\\' }] }]);
  expect(lines.some((line) => line.startsWith('fake_metric'))).toBe(false);
  expect(lines.join('\n')).toContain(String.raw`model="a\"}\nfake_metric 1\\"`);
});

it('does not grow with the names that callers make up', async () => {
  const models = Array.from({ length: 900 }, (_, index) => ({ ...MODEL, model: `made-up-${index}` }));
  const lines = await linesOf(() => [{ ...PROVIDER, models }]);
  expect(lines.filter((line) => line.includes('outcome="ok"'))).toHaveLength(500);
});
