import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GraphqlGateway, until } from '../../../test/graphql-gateway.js';

interface Model {
  readonly id: string;
  readonly provider: string;
  readonly tier: string | null;
  readonly source: string;
  readonly prices: readonly {
    readonly aboveInputTokens: number;
    readonly input: string;
    readonly cachedInput: string;
    readonly output: string;
  }[];
}

const MODELS = `query ($provider: String, $tier: Tier) { models(provider: $provider, tier: $tier) {
  id provider name tier contextWindow perCall source updated
  prices { aboveInputTokens input cachedInput cacheWrite cacheWriteLong inputAudio output reasoning outputAudio characters seconds searches } } }`;

let gateway: GraphqlGateway;
let key: string;

beforeAll(async () => {
  gateway = await GraphqlGateway.start();
  const { id } = await gateway.createTenant('acme', {
    tiers: { economy: ['openai/gpt-4.1-mini', 'openai/of-our-own'], premium: ['openai/gpt-4.1', 'openai/unheard-of'] },
    prices: {
      'openai/of-our-own': { input: '0.1', cachedInput: '0.01', output: '0.2' },
      'openai/gpt-4.1': { input: '1', output: '2' },
    },
  });
  key = (await gateway.createKey(id, 'VIEWER')).secret;
});

afterAll(() => gateway[Symbol.asyncDispose]());

const models = async (secret: string, variables: object = {}) =>
  (await gateway.ask<{ models: readonly Model[] }>(secret, MODELS, { provider: null, tier: null, ...variables })).data
    .models;

describe('models', () => {
  test('have their list price in USD per million tokens, and the date of it', async () => {
    const found = (await models(gateway.operator)).find(({ id }) => id === 'openai/gpt-4.1-mini');
    expect(found).toMatchObject({
      provider: 'openai',
      tier: null,
      source: 'catalogue',
      perCall: '0.000000000000',
      updated: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) as string,
      prices: [
        { aboveInputTokens: 0, input: '0.400000000000', cachedInput: '0.100000000000', output: '1.600000000000' },
      ],
    });
  });

  test('that are not priced by tokens are priced by what they take', async () => {
    const all = await models(gateway.operator);
    const priceOf = (id: string) => all.find((model) => model.id === id)?.prices[0];
    expect(priceOf('openai/tts-1')).toMatchObject({ input: '0.000000000000', characters: '15.000000000000' });
    expect(priceOf('openai/whisper-1')).toMatchObject({ seconds: '0.000100000000', characters: '0.000000000000' });
    expect(priceOf('anthropic/claude-sonnet-5')).toMatchObject({
      cacheWrite: '2.500000000000',
      cacheWriteLong: '4.000000000000',
      searches: '0.010000000000',
    });
  });

  test('are seen by a tenant with its tiers and its own prices', async () => {
    const economy = await models(key, { tier: 'ECONOMY' });
    expect(economy.map(({ id, source }) => [id, source])).toEqual([
      ['openai/gpt-4.1-mini', 'catalogue'],
      ['openai/of-our-own', 'tenant'],
    ]);
    expect(economy[1]?.prices).toMatchObject([
      { input: '0.100000000000', cachedInput: '0.010000000000', output: '0.200000000000' },
    ]);
    const premium = await models(key, { tier: 'PREMIUM' });
    expect(premium.map(({ id, source }) => [id, source])).toEqual([
      ['openai/gpt-4.1', 'tenant'],
      ['openai/unheard-of', 'ceiling'],
    ]);
    expect(await models(key, { tier: 'STANDARD' })).toEqual([]);
  });

  test('are listed by provider', async () => {
    const all = await models(key);
    const anthropic = await models(key, { provider: 'anthropic' });
    expect(anthropic.length).toBeGreaterThan(3);
    expect(anthropic).toEqual(all.filter(({ provider }) => provider === 'anthropic'));
    expect(await models(key, { provider: 'nobody' })).toEqual([]);
  });
});

test('a plugin is healthy until its layer breaks', async () => {
  const { id: tenantId } = await gateway.createTenant('breaking');
  const owner = await gateway.createKey(tenantId, 'OWNER');
  const plugins = async () =>
    (
      await gateway.ask(
        owner.secret,
        '{ plugins { name version contract stage stages configurationSchema healthy reason } }',
      )
    ).data;
  const fragile = {
    name: 'fragile',
    version: '1.2.3',
    contract: 1,
    stage: 'policy',
    stages: ['policy'],
    configurationSchema: { type: 'object', properties: { note: { type: 'string' } }, additionalProperties: false },
  };
  expect(await plugins()).toEqual({ plugins: [{ ...fragile, healthy: true, reason: null }] });
  const complete = `mutation { complete(input: {
    model: "economy", messages: [{ role: "user", content: "x" }], tags: [{ key: "break", value: "yes" }] }) { id } }`;
  await until(() => gateway.core.directory.tenant(tenantId)?.document !== undefined, 'the tenant is served');
  expect((await gateway.ask(owner.secret, complete)).errors).toEqual([]);
  expect(await plugins()).toMatchObject({
    plugins: [{ healthy: false, reason: expect.stringMatching(/^1 /) as string }],
  });
});
