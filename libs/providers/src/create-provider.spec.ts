import { NO_USAGE, type Call } from '@parsimony/contract';
import { startSimulator, type Simulator } from '@parsimony/simulator';
import { aCall, anEmbeddingsCall } from '@parsimony/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aMessagesCall, aResponsesCall, aTarget } from '../test/calls.js';
import { pullAll } from '../test/pull.js';
import { testProvider } from '../test/test-provider.js';
import type { ProviderConfig } from './config/provider-config.js';

const MESSAGES = [{ role: 'user', content: 'Назови простое число 😀' }];
const SYSTEM = [
  { type: 'text', text: 'Отвечай кратко.', cache_control: { type: 'ephemeral', ttl: '1h' } },
  { type: 'text', text: 'Отвечай вежливо.', cache_control: { type: 'ephemeral' } },
];
const THINKING = { thinking: { type: 'enabled', budget_tokens: 1024 } };

let simulator: Simulator;

beforeAll(async () => {
  const settings = { cachedTokens: { share: 0.5, minimum: 0, step: 1 }, promptCache: { minimum: 0 } };
  simulator = await startSimulator({ settings });
});
afterAll(() => simulator[Symbol.asyncDispose]());

/** The calls that a protocol is asked with, streamed and whole. */
const CALLS: Readonly<Record<string, (stream: boolean) => Call>> = {
  chat: (stream) => aCall({ stream, body: { model: 'm', messages: MESSAGES, stream } }),
  responses: (stream) => aResponsesCall({ stream, body: { model: 'm', input: 'Назови простое число', stream } }),
  messages: (stream) => aMessagesCall({ stream, body: { model: 'm', max_tokens: 4000, messages: MESSAGES, stream } }),
  'messages with a cache': (stream) =>
    aMessagesCall({ stream, body: { model: 'm', max_tokens: 4000, system: SYSTEM, messages: MESSAGES, stream } }),
  'messages that think': (stream) =>
    aMessagesCall({ stream, body: { model: 'm', max_tokens: 4000, messages: MESSAGES, stream, ...THINKING } }),
  embeddings: () => anEmbeddingsCall({ body: { model: 'm', input: ['Привет', '😀'] } }),
};

interface Route {
  readonly config: Partial<ProviderConfig> & { readonly base: string };
  readonly model: string;
  readonly calls: readonly string[];
}

const OPENAI: Route['config'] = { kind: 'openai', base: '/v1' };
const ANTHROPIC: Route['config'] = { kind: 'anthropic', base: '' };
const PROTOCOLS = ['chat', 'responses', 'messages'];

const ROUTES: Readonly<Record<string, Route>> = {
  openai: { config: OPENAI, model: 'gpt-4.1-mini', calls: PROTOCOLS },
  'openai with a model that reasons': { config: OPENAI, model: 'gpt-5-mini', calls: PROTOCOLS },
  'openai for embeddings': { config: OPENAI, model: 'text-embedding-3-small', calls: ['embeddings'] },
  anthropic: {
    config: ANTHROPIC,
    model: 'claude-sonnet-4-5',
    calls: Object.keys(CALLS).filter((name) => name !== 'embeddings'),
  },
  'azure, v1': { config: { kind: 'azure', base: '' }, model: 'gpt-4.1-mini', calls: PROTOCOLS },
  'azure, classic': {
    config: { kind: 'azure', base: '', settings: { apiVersion: '2024-10-21' } },
    model: 'gpt-4.1-mini',
    calls: ['chat', 'messages'],
  },
  'a compatible server': { config: { kind: 'compatible', base: '/v1' }, model: 'gpt-4.1-mini', calls: PROTOCOLS },
};

const CASES = Object.entries(ROUTES).flatMap(([name, { config, model, calls }]) =>
  calls.flatMap((call) => [true, false].map((stream) => ({ name, call, stream, config, model }))),
);

describe('what is reported is what the provider bills', () => {
  it.each(CASES)('$name, asked by $call (stream: $stream)', async ({ call, stream, config, model }) => {
    const { base, ...changes } = config;
    await using provider = testProvider({ ...changes, baseUrl: simulator.url + base });
    const make = CALLS[call];
    if (!make) throw new Error(`there is no call ${call}`);
    for (let round = 0; round < 2; round++) {
      const events = await pullAll(provider.send(make(stream), aTarget(model)));
      const [request] = simulator.requests(1);
      expect(request?.charge?.model).toBe(model);
      expect(events.at(-1)).toEqual({ type: 'finish', usage: { ...NO_USAGE, ...request?.charge?.tokens } });
    }
  });
});

describe('a server that reports in a way of its own', () => {
  const CHAT_AND_MESSAGES = ['chat', 'messages'].flatMap((call) => [true, false].map((stream) => ({ call, stream })));

  it.each(
    (['cumulative', 'reasoning-beside', 'absent'] as const).flatMap((usageStyle) =>
      CHAT_AND_MESSAGES.map((each) => ({ usageStyle, ...each })),
    ),
  )('$usageStyle, asked by $call (stream: $stream)', async ({ usageStyle, call, stream }) => {
    await using server = await startSimulator({ settings: { usageStyle } });
    await using provider = testProvider({ kind: 'compatible', baseUrl: `${server.url}/v1` });
    const make = CALLS[call];
    if (!make) throw new Error(`there is no call ${call}`);
    const events = await pullAll(provider.send(make(stream), aTarget('gpt-5-mini')));
    const billed = { ...NO_USAGE, ...server.requests(1)[0]?.charge?.tokens };
    expect(billed.reasoning).toBeGreaterThan(0);
    const usage = usageStyle === 'absent' && stream ? null : billed;
    expect(events.at(-1)).toEqual({ type: 'finish', usage });
  });
});
