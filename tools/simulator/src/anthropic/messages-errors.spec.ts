import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anthropicOf, askClaude, KEY, post, postMessages } from '../../test/support.js';
import { startSimulator, type Simulator } from '../index.js';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const USER = { role: 'user', content: 'Hello' };
const CALL = { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'clock', input: {} }] };
const TOOL = { name: 'clock', input_schema: { type: 'object' } };
const mark = (ttl: string) => ({ type: 'text', text: 'x', cache_control: { type: 'ephemeral', ttl } });

describe('a request that is refused', () => {
  it.each<[string, object]>([
    ['max_tokens: Field required', { max_tokens: undefined }],
    ['max_tokens: expected a number from 1', { max_tokens: 0 }],
    ['max_tokens: 70000 > 64000, which is the maximum allowed', { max_tokens: 70_000 }],
    ['model: Field required', { model: undefined }],
    ['n: Extra inputs are not permitted', { n: 2 }],
    ['metadata.feature: Extra inputs are not permitted', { metadata: { feature: 'x' } }],
    ['temperature: expected a number from 0 to 1', { temperature: 1.5 }],
    ['`temperature` and `top_p` cannot both be specified', { temperature: 0.5, top_p: 0.9 }],
    ['stop_sequences: each stop sequence must contain non-whitespace', { stop_sequences: ['\n'] }],
    ['messages: at least one message is required', { messages: [] }],
    ['messages: Unexpected role "system"', { messages: [{ role: 'system', content: 'x' }, USER] }],
    ['messages.0.role: Input should be', { messages: [{ role: 'tool', content: 'x' }] }],
    ['messages: first message must use the "user" role', { messages: [{ role: 'assistant', content: 'x' }, USER] }],
    ['messages.0: all messages must have non-empty content', { messages: [{ role: 'user', content: '' }] }],
    ['text content blocks must be non-empty', { messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] }],
    [
      "messages.0.content.0: Input tag 'image_url' found",
      { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] },
    ],
    ['cannot end with trailing whitespace', { messages: [USER, { role: 'assistant', content: 'So ' }] }],
    ['messages.1: `tool_use` ids were found without `tool_result`', { messages: [USER, CALL, USER] }],
    [
      'messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_9',
      { messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_9', content: 'x' }] }] },
    ],
    [
      'messages.1.content.0.content: Input tag does not match any of the expected tags: text, image, search_result',
      {
        messages: [
          { role: 'user', content: 'x' },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'x', content: [{ type: 'tool_result' }] }] },
        ],
      },
    ],
    ['tools.0.custom.name: String should match pattern', { tools: [{ ...TOOL, name: 'часы' }] }],
    ['tools.0.custom.input_schema: Field required', { tools: [{ name: 'clock' }] }],
    ['Tool names must be unique', { tools: [TOOL, TOOL] }],
    ["Tool 'watch' not found", { tools: [TOOL], tool_choice: { type: 'tool', name: 'watch' } }],
    ['tool_choice may only be specified while providing tools', { tool_choice: { type: 'any' } }],
    ['Input should be greater than or equal to 1024', { thinking: { type: 'enabled', budget_tokens: 100 } }],
    [
      '`max_tokens` must be greater than `thinking.budget_tokens`',
      { thinking: { type: 'enabled', budget_tokens: 1024 } },
    ],
    [
      'Thinking may not be enabled when tool_choice forces tool use',
      {
        max_tokens: 2000,
        thinking: { type: 'enabled', budget_tokens: 1024 },
        tools: [TOOL],
        tool_choice: { type: 'any' },
      },
    ],
    ['A maximum of 4 blocks with cache_control may be provided. Found 5.', { system: Array(5).fill(mark('5m')) }],
    ["a ttl='1h' cache_control block must not come after", { system: [mark('5m'), mark('1h')] }],
    [
      'prompt is too long: ',
      { model: 'claude-haiku-4-5', messages: [{ role: 'user', content: 'word '.repeat(210_000) }] },
    ],
  ])('says %s', async (message, change) => {
    const response = await postMessages(simulator, { ...askClaude('Hello'), ...change });
    expect(response.status).toBe(400);
    const requestId = response.headers.get('request-id');
    expect(await response.json()).toEqual({
      type: 'error',
      error: { type: 'invalid_request_error', message: expect.stringContaining(message) },
      request_id: requestId,
    });
    expect(simulator.bill().total.calls).toBe(0);
  });

  it('may be nested more deeply than the stack reaches', async () => {
    const nested = '['.repeat(50_000) + ']'.repeat(50_000);
    const tool = `{"name":"clock","input_schema":{"type":"object","x":${nested}}}`;
    const body = JSON.stringify({ ...askClaude('Hello'), tools: [] }).replace('"tools":[]', `"tools":[${tool}]`);
    const response = await post(simulator, '/v1/messages', body, {
      'x-api-key': KEY,
      'anthropic-version': '2023-06-01',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { message: 'tools.0: is nested too deeply' } });
  });

  it.each<[number, string, Record<string, string>, string]>([
    [401, 'authentication_error', { 'x-api-key': '', authorization: '' }, '{}'],
    [400, 'invalid_request_error', { 'anthropic-version': '' }, '{}'],
    [400, 'invalid_request_error', {}, '{"model":'],
    [404, 'not_found_error', {}, JSON.stringify({ ...askClaude('Hello'), model: 'claude-0' })],
    [413, 'request_too_large', {}, `"${'x'.repeat(33 * 1024 * 1024)}"`],
  ])('has status %i and type %s', async (status, type, headers, body) => {
    const response = await post(simulator, '/v1/messages', body, {
      'x-api-key': KEY,
      'anthropic-version': '2023-06-01',
      ...headers,
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ type: 'error', error: { type } });
  });
});

describe('a fault', () => {
  function ask(fault: string, client = anthropicOf(simulator)): Promise<Anthropic.Message> {
    return client.messages.create({ ...askClaude('Fail.'), metadata: { user_id: `simulator_fault:${fault}` } });
  }

  it('rate_limit is a 429 with retry-after', async () => {
    const failure = await ask('rate_limit').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Anthropic.RateLimitError);
    expect(failure).toMatchObject({ status: 429, error: { error: { type: 'rate_limit_error' } } });
    expect((failure as { headers: Headers }).headers.get('retry-after')).toBe('1');
  });

  it('server_error is a 500 or a 529, each about as often, the same again for the same seed', async () => {
    const statuses = async (): Promise<number[]> => {
      await using running = await startSimulator({ settings: { seed: 5, faults: { server_error: 1 } } });
      const client = anthropicOf(running);
      const results: number[] = [];
      for (let index = 0; index < 40; index += 1)
        results.push(
          await ask('server_error', client).then(
            () => 200,
            (error: unknown) => (error as { status: number }).status,
          ),
        );
      return results;
    };
    const first = await statuses();
    expect(await statuses()).toEqual(first);
    expect(new Set(first)).toEqual(new Set([500, 529]));
    expect(first.filter((status) => status === 529).length).toBeGreaterThan(8);
    expect(first.filter((status) => status === 500).length).toBeGreaterThan(8);
  });

  it('cut ends a stream in the middle, and charges what was sent', async () => {
    await using running = await startSimulator();
    const client = anthropicOf(running);
    const whole = await client.messages.create(askClaude('Fail.'));
    const before = running.bill().total.tokens;
    const request = { ...askClaude('Fail.'), metadata: { user_id: 'simulator_fault:cut' } };
    await expect(client.messages.stream(request).finalMessage()).rejects.toThrow();
    const after = running.bill().total;
    expect(after.calls).toBe(2);
    expect(after.tokens.input - before.input).toBe(whole.usage.input_tokens);
    // Of the events, half: start, block start, ping, and the first deltas.
    const events = whole.usage.output_tokens + 4;
    expect(after.tokens.output - before.output).toBe(Math.floor(events / 2) - 3);
  });

  it('garbage, reset and timeout break the client, and are not charged', async () => {
    await using running = await startSimulator();
    const client = anthropicOf(running);
    for (const fault of ['garbage', 'reset']) await expect(ask(fault, client)).rejects.toThrow();
    const request = { ...askClaude('Fail.'), metadata: { user_id: 'simulator_fault:garbage' } };
    await expect(client.messages.stream(request).finalMessage()).rejects.toThrow();
    await expect(
      client.messages.create({ ...request, metadata: { user_id: 'simulator_fault:timeout' } }, { timeout: 150 }),
    ).rejects.toBeInstanceOf(Anthropic.APIConnectionTimeoutError);
    expect(running.bill().total.calls).toBe(0);
  });
});
