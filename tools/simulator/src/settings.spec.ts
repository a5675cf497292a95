import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from '../test/support.js';
import { readCommandLine } from './command-line.js';
import { startSimulator, type Simulator } from './index.js';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

describe('POST /simulator/config', () => {
  it('changes what it names and answers with all settings', async () => {
    const patch = {
      latencyMs: 5,
      answerTokens: { max: 99 },
      faults: { cut: 0.25 },
      prices: { 'my-model': { input: '1', cachedInput: '2', output: '3' } },
    };
    const response = await post(simulator, '/simulator/config', JSON.stringify(patch));
    expect(response.status).toBe(200);
    const settings = await response.json();
    expect(settings).toMatchObject({
      seed: 1,
      latencyMs: 5,
      answerTokens: { min: 20, max: 99 },
      faults: { cut: 0.25, slow: 0 },
      prices: patch.prices,
    });
    expect(await (await fetch(`${simulator.url}/simulator/config`)).json()).toEqual(settings);
  });

  it.each([
    [{ latency: 5 }, /'latency': is unknown; known are seed, latencyMs/],
    [{ latencyMs: '5' }, /'latencyMs': expected a number, but got a string/],
    [{ latencyMs: -1 }, /'latencyMs': expected a number from 0 to/],
    [{ seed: 1.5 }, /'seed': expected an integer/],
    [{ answerTokens: { min: 500 } }, /'answerTokens': min 500 is above max/],
    [{ answerTokens: { least: 5 } }, /'answerTokens.least': is unknown; known are min, max/],
    [{ cachedTokens: { share: 2 } }, /'cachedTokens.share': expected a number from 0 to 1/],
    [{ faults: { flood: 1 } }, /'faults.flood': is unknown; known are rate_limit/],
    [{ faults: { slow: 0.6, reset: 0.6 } }, /'faults': the probabilities add up to/],
    [{ failingModels: { 'gpt-4.1': 2 } }, /'failingModels.gpt-4.1': expected a number from 0 to 1/],
    [{ promptCache: { mode: 'forget' } }, /'promptCache.mode': expected one of remember, write, read, off/],
    [{ usageStyle: 'sum' }, /'usageStyle': expected one of openai, cumulative, absent, reasoning-beside/],
    [{ deployments: { chat: 4 } }, /'deployments.chat': expected a string/],
    [
      { prices: { m: { input: '1', cachedInput: '1', output: '1', cached: '1' } } },
      /'prices.m.cached': is unknown; known are input, cachedInput, output, cacheWrite/,
    ],
    [{ onDisconnect: 'maybe' }, /'onDisconnect': expected one of stop, finish/],
    [{ prices: { m: { input: 5, cachedInput: '1', output: '1' } } }, /'prices.m.input': expected a string/],
    [
      { prices: { m: { input: '0.5', cachedInput: '1', output: '1' } } },
      /'prices.m.input': expected whole pico-dollars/,
    ],
    [[], /expected an object, but got an array/],
  ])('refuses %j and changes nothing', async (patch, message) => {
    const before = await (await fetch(`${simulator.url}/simulator/config`)).text();
    const response = await post(simulator, '/simulator/config', JSON.stringify(patch));
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: { message: string } }).error.message).toMatch(message);
    expect(await (await fetch(`${simulator.url}/simulator/config`)).text()).toBe(before);
  });
});

describe('the command line', () => {
  it('has a default port, which the environment and then a flag change', () => {
    expect(readCommandLine([], {}).port).toBe(4010);
    expect(readCommandLine([], { PARSIMONY_SIMULATOR_PORT: '5000' }).port).toBe(5000);
    expect(readCommandLine(['--port', '6000'], { PARSIMONY_SIMULATOR_PORT: '5000' }).port).toBe(6000);
  });

  it('reads every kind of setting', async () => {
    const flags =
      '--seed 9 --latency-ms 1.5 --answer-tokens 5-8 --reasoning-tokens 7 --cached-share 0.5 --cached-minimum 0 --cached-step 1 --faults cut=0.1,slow=0.2 --on-disconnect finish --usage-style cumulative --failing-models gpt-4.1=0.5 --deployments chat=gpt-4.1,small=gpt-4o-mini';
    const { settings } = readCommandLine(flags.split(' '), { PARSIMONY_SIMULATOR_SLOW_MS: '30' });
    await using started = await startSimulator(settings ? { settings } : {});
    expect(await (await fetch(`${started.url}/simulator/config`)).json()).toEqual({
      seed: 9,
      latencyMs: 1.5,
      tokensPerSecond: 0,
      answerTokens: { min: 5, max: 8 },
      reasoningTokens: { min: 7, max: 7 },
      toolCalls: { min: 1, max: 1 },
      cachedTokens: { share: 0.5, minimum: 0, step: 1 },
      promptCache: { mode: 'remember', minimum: null },
      usageStyle: 'cumulative',
      failingModels: { 'gpt-4.1': 0.5 },
      failingKeys: {},
      faults: { rate_limit: 0, server_error: 0, timeout: 0, slow: 0.2, cut: 0.1, garbage: 0, reset: 0 },
      slowMs: 30,
      retryAfterSeconds: 1,
      onDisconnect: 'finish',
      prices: {},
      deployments: { chat: 'gpt-4.1', small: 'gpt-4o-mini' },
    });
  });

  it.each([
    [['--port', '70000'], /--port.*expected a port/],
    [['--latency-ms', 'soon'], /--latency-ms.*expected a number/],
    [['--answer-book', '/nowhere/book.jsonl'], /--answer-book.*ENOENT/],
    [['--speed', '1'], /--speed/],
  ])('refuses %j', (args, message) => {
    expect(() => readCommandLine(args, {})).toThrow(message);
  });

  it('is refused as a whole where a value is wrong', async () => {
    const { settings } = readCommandLine(['--faults', 'flood=1'], {});
    await expect(startSimulator(settings ? { settings } : {})).rejects.toThrow(/faults\.flood/);
  });
});

describe('other addresses', () => {
  it('answer in OpenAI’s shape, and health without a key', async () => {
    expect(await (await fetch(`${simulator.url}/healthz`)).json()).toEqual({ status: 'ok' });
    const response = await fetch(`${simulator.url}/v2/nothing`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'unknown_url' } });
    const large = await post(simulator, '/v1/chat/completions', `"${'x'.repeat(33 * 1024 * 1024)}"`);
    expect(large.status).toBe(413);
  });
});
