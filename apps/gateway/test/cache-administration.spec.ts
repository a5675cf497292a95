import { formatUsd } from '@parsimony/contract';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Gateway } from '../src/host/start-gateway.js';
import { until } from './graphql-gateway.js';
import { RealGateway } from './real-gateway.js';

/** Two gateways of one deployment with the cache as it ships, spoken to as applications do. */
let real: RealGateway;
let other: Gateway;

beforeAll(async () => {
  real = await RealGateway.start(
    { plugins: ['@parsimony/semantic-cache'] },
    { plugins: [{ use: 'semantic-cache', config: { semantic: false } }] },
  );
  other = await real.startAnother();
});

afterAll(async () => {
  await other.stop(1_000);
  await real[Symbol.asyncDispose]();
});

async function chat(url: string, content: string) {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: real.secret, maxRetries: 0 });
  const asked = client.chat.completions.create({ model: 'economy', messages: [{ role: 'user', content }] });
  const { data, response } = await asked.withResponse();
  return {
    text: data.choices[0]?.message.content,
    cache: response.headers.get('x-parsimony-cache'),
    cost: response.headers.get('x-parsimony-cost-usd'),
    saved: response.headers.get('x-parsimony-saved-usd'),
  };
}

async function graphql<Data>(url: string, query: string, variables: object): Promise<Data> {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${real.secret}` },
    body: JSON.stringify({ query, variables: { tenantId: real.tenantId, ...variables } }),
  });
  const { data, errors } = (await answer.json()) as { data: Data; errors?: readonly object[] };
  expect(errors ?? []).toEqual([]);
  return data;
}

async function byName(url: string, method: string, path: string, body?: object) {
  const answer = await fetch(`${url}/v1/cache/${path}`, {
    method,
    headers: { authorization: `Bearer ${real.secret}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const PURGE = `mutation ($tenantId: ID!, $promptContains: String) {
  purgeCache(tenantId: $tenantId, promptContains: $promptContains) { purged caches { plugin purged } } }`;

describe('answers of calls', () => {
  const question = 'В каком году основана Пермь?';

  test('are forgotten at every gateway when the purge comes back, and only those that are meant', async () => {
    const first = await chat(real.url, question);
    expect(first.cache).toBe('miss');
    await chat(real.url, 'What is the capital of France?');
    await until(async () => (await chat(other.url, question)).cache === 'exact', 'the other gateway has the answer');
    expect(await chat(real.url, question)).toEqual({
      ...first,
      cache: 'exact',
      cost: formatUsd(0n),
      saved: first.cost,
    });
    const { purgeCache } = await graphql<{ purgeCache: object }>(real.url, PURGE, { promptContains: 'ПЕРМЬ' });
    expect(purgeCache).toEqual({ purged: 1, caches: [{ plugin: 'semantic-cache', purged: 1 }] });
    // Notices take a moment between gateways; what was read from the database is never stale.
    await until(async () => (await chat(other.url, question)).cache === 'miss', 'the other gateway asks afresh');
    expect((await chat(real.url, 'What is the capital of France?')).cache).toBe('exact');
  });

  test('are savings by cause, and hits in usage, of the model that had given them', async () => {
    await Promise.all([real.settled(), other.core.flusher.flush()]);
    const filter = {
      tenantId: real.tenantId,
      ...{ from: new Date(Date.now() - 600_000), to: new Date(Date.now() + 60_000) },
    };
    const report = await graphql<{
      savings: { saved: string; byCause: readonly { calls: number }[] };
      usage: readonly { key: Record<string, string | null>; calls: number; saved: string }[];
    }>(
      real.url,
      `
        query ($filter: UsageFilter!) {
          savings(filter: $filter) {
            saved
            byCause {
              plugin
              cause
              saved
              calls
            }
          }
          usage(filter: $filter, groupBy: [CACHE_OUTCOME, MODEL]) {
            key
            calls
            saved
          }
        }
      `,
      { filter },
    );
    expect(report.savings.byCause[0]?.calls).toBeGreaterThanOrEqual(3);
    expect(report.savings.byCause).toMatchObject([
      { plugin: 'semantic-cache', cause: 'exact', saved: report.savings.saved },
    ]);
    const hits = report.usage.filter(({ key }) => key['CACHE_OUTCOME'] === 'EXACT');
    expect(hits).toMatchObject([
      { key: { MODEL: 'openai/gpt-4.1-mini' }, saved: report.savings.saved, calls: report.savings.byCause[0]?.calls },
    ]);
  });

  test('are measured', async () => {
    const { cacheQuality } = await graphql<{ cacheQuality: readonly Record<string, unknown>[] }>(
      real.url,
      'query ($tenantId: ID!) { cacheQuality(tenantId: $tenantId) { plugin kind maxErrorRate entries bytes } }',
      {},
    );
    for (const each of cacheQuality) expect(each).toMatchObject({ plugin: 'semantic-cache', maxErrorRate: 0.01 });
  });
});

describe('results by name', () => {
  test('are kept for all gateways, and forgotten at all of them', async () => {
    const question = { input: 'Сколько дней на возврат?' };
    expect(await byName(real.url, 'POST', 'faq/lookup', question)).toMatchObject({ body: { hit: false } });
    const kept = await byName(real.url, 'PUT', 'faq', { ...question, value: ['14'], cost_usd: '0.002' });
    expect(kept).toMatchObject({ status: 201, body: { id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string } });
    expect(await byName(other.url, 'POST', 'faq/lookup', question)).toMatchObject({
      body: { hit: true, outcome: 'exact', value: ['14'], saved_usd: '0.002000000000' },
    });
    expect(await byName(other.url, 'DELETE', 'faq')).toMatchObject({ status: 200, body: { purged: 1 } });
    await until(
      async () => (await byName(real.url, 'POST', 'faq/lookup', question)).body['hit'] === false,
      'the first gateway misses',
    );
  });

  test('larger than a cache takes are refused by name', async () => {
    const value = 'ы'.repeat(200_000);
    expect(await byName(real.url, 'PUT', 'faq', { input: 'q', value })).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_request', param: 'value' } },
    });
  });
});
