import type OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf, KEY, post, readEvents } from '../../test/support.js';
import { startSimulator, type Simulator } from '../index.js';

const QUESTION = 'Какая погода в Омске? 🌤';
const BOOK = [
  { prompt: 'Hello', answers: { 'gpt-4.1': 'Hello world', 'gpt-5': 'Hello world' } },
  {
    prompt: QUESTION,
    answers: { 'gpt-4.1': { toolCalls: [{ name: 'weather', arguments: { city: 'Омск' } }], text: 'Минус десять.' } },
  },
];
const WEATHER: OpenAI.Responses.FunctionTool = {
  type: 'function',
  name: 'weather',
  strict: true,
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
};

let simulator: Simulator;
let client: OpenAI;

beforeAll(async () => {
  simulator = await startSimulator({ answerBook: BOOK });
  client = clientOf(simulator);
});
afterAll(() => simulator.close());

describe('a response', () => {
  it('has the answer, its status and what it used', async () => {
    const response = await client.responses.create({ model: 'gpt-4.1', input: 'Hello' });
    expect(response).toMatchObject({
      id: expect.stringMatching(/^resp_\w{40}$/),
      object: 'response',
      status: 'completed',
      error: null,
      model: 'gpt-4.1',
      output_text: 'Hello world',
      // As in chat: 3 for the answer, 3 for the message, `user` 1, `Hello` 1.
      usage: {
        input_tokens: 8,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: 2,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 10,
      },
    });
  });

  it('says the parameters back', async () => {
    const response = await client.responses.create({
      model: 'gpt-4.1',
      instructions: 'Be brief.',
      input: [{ role: 'user', content: [{ type: 'input_text', text: 'Hello' }] }],
      temperature: 0.2,
      metadata: { feature: 'search' },
      tools: [WEATHER],
    });
    expect(response).toMatchObject({
      instructions: 'Be brief.',
      temperature: 0.2,
      metadata: { feature: 'search' },
      tools: [{ name: 'weather', strict: true }],
      output_text: 'Hello world',
    });
  });

  it('reasons where the model does, and counts it as output', async () => {
    await using thinker = await startSimulator({
      answerBook: BOOK,
      settings: { reasoningTokens: { min: 40, max: 40 }, cachedTokens: { share: 0.5, minimum: 0, step: 1 } },
    });
    const response = await clientOf(thinker).responses.create({ model: 'gpt-5', input: 'Hello' });
    expect(response.output.map(({ type }) => type)).toEqual(['reasoning', 'message']);
    expect(response.usage).toMatchObject({
      input_tokens: 8,
      input_tokens_details: { cached_tokens: 4 },
      output_tokens: 42,
      output_tokens_details: { reasoning_tokens: 40 },
    });
    // 4 × $1.25 + 4 × $0.125 + 42 × $10 per million.
    expect(thinker.bill().total).toEqual({
      calls: 1,
      tokens: { input: 4, cachedInput: 4, output: 2, reasoning: 40 },
      chargedPicoDollars: '425500000',
    });
  });

  it('is incomplete at max_output_tokens', async () => {
    const response = await client.responses.create({ model: 'gpt-4.1', input: 'Long.', max_output_tokens: 16 });
    expect(response).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output: [{ type: 'message', status: 'incomplete' }],
      usage: { output_tokens: 16 },
    });
    const spent = await client.responses.create({ model: 'o3', input: 'Long.', max_output_tokens: 16 });
    expect(spent).toMatchObject({ status: 'incomplete', output: [{ type: 'reasoning' }], output_text: '' });
  });

  it('answers with JSON that fits a schema', async () => {
    const response = await client.responses.parse({
      model: 'gpt-4.1',
      input: 'Where?',
      text: { format: { type: 'json_schema', name: 'place', schema: WEATHER.parameters ?? {}, strict: true } },
    });
    expect(response.output_parsed).toEqual({ city: expect.any(String) });
  });

  it('counts images', async () => {
    const input_tokens = async (content: OpenAI.Responses.ResponseInputContent[]): Promise<number> => {
      const { usage } = await client.responses.create({ model: 'gpt-4.1', input: [{ role: 'user', content }] });
      return usage?.input_tokens ?? 0;
    };
    const text = { type: 'input_text' as const, text: 'Look.' };
    const image = { type: 'input_image' as const, image_url: 'data:image/png;base64,iVBORw0KGgo=' };
    const bare = await input_tokens([text]);
    expect(await input_tokens([text, { ...image, detail: 'low' }])).toBe(bare + 85);
    expect(await input_tokens([text, { ...image, detail: 'auto' }])).toBe(bare + 765);
  });
});

describe('function calls', () => {
  it('come where one is required, or named', async () => {
    for (const tool_choice of ['required' as const, { type: 'function' as const, name: 'weather' }]) {
      const response = await client.responses.create({ model: 'gpt-4.1', input: 'Hm?', tools: [WEATHER], tool_choice });
      const [call] = response.output;
      if (call?.type !== 'function_call') throw new Error('no function was called');
      expect(call).toMatchObject({ name: 'weather', status: 'completed', call_id: expect.stringMatching(/^call_/) });
      expect(JSON.parse(call.arguments)).toEqual({ city: expect.any(String) });
    }
  });

  it('come as the answer book says, and are answered with its text', async () => {
    const asked = await client.responses.create({ model: 'gpt-4.1', input: QUESTION, tools: [WEATHER] });
    const [call] = asked.output;
    if (call?.type !== 'function_call') throw new Error('no function was called');
    expect(JSON.parse(call.arguments)).toEqual({ city: 'Омск' });
    const result = { type: 'function_call_output' as const, call_id: call.call_id, output: '-10' };
    const carried = await client.responses.create({
      model: 'gpt-4.1',
      tools: [WEATHER],
      input: [{ role: 'user', content: QUESTION }, call, result],
    });
    const stored = await client.responses.create({
      model: 'gpt-4.1',
      tools: [WEATHER],
      input: [result],
      previous_response_id: asked.id,
    });
    expect(carried.output_text).toBe('Минус десять.');
    expect(stored.output_text).toBe('Минус десять.');
    expect(stored.usage?.input_tokens).toBe(carried.usage?.input_tokens);
  });
});

describe('previous_response_id', () => {
  it('brings the conversation along, which is charged, without its instructions', async () => {
    const first = await client.responses.create({ model: 'gpt-4.1', input: 'Hello', instructions: 'Be brief.' });
    const second = await client.responses.create({ model: 'gpt-4.1', input: 'More.', previous_response_id: first.id });
    // 3 for the answer; `user` and `Hello` 5; `assistant` and `Hello world` 6; `user` and `More.` 6.
    expect(second.usage?.input_tokens).toBe(3 + 5 + 6 + 6);
    expect(second.previous_response_id).toBe(first.id);
    expect(await client.responses.retrieve(first.id)).toMatchObject({ output_text: 'Hello world' });
    await client.responses.delete(first.id);
    await expect(client.responses.retrieve(first.id)).rejects.toMatchObject({ status: 404 });
  });

  it('is refused where nothing was stored, or by another key', async () => {
    const unstored = await client.responses.create({ model: 'gpt-4.1', input: 'Hello', store: false });
    const stored = await client.responses.create({ model: 'gpt-4.1', input: 'Hello' });
    const other = clientOf(simulator, 'sk-another-key-00002');
    for (const [caller, id] of [
      [client, unstored.id],
      [client, 'resp_0'],
      [other, stored.id],
    ] as const) {
      await expect(
        caller.responses.create({ model: 'gpt-4.1', input: 'More.', previous_response_id: id }),
      ).rejects.toMatchObject({ status: 400, code: 'previous_response_not_found', param: 'previous_response_id' });
    }
  });
});

describe('a streamed response', () => {
  it('comes in the events of the real API, in their order', async () => {
    const response = await post(
      simulator,
      '/v1/responses',
      JSON.stringify({ model: 'gpt-5', input: 'Hello', stream: true }),
    );
    const events = await readEvents(response);
    expect(events.every(({ name, data }) => name === data['type'])).toBe(true);
    expect(events.map(({ data }) => data['sequence_number'])).toEqual(events.map((_, index) => index));
    expect(events.map(({ name }) => name)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.output_item.done',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
  });

  it.each<[string, Partial<OpenAI.Responses.ResponseCreateParamsNonStreaming>]>([
    ['a text', {}],
    ['reasoning', { model: 'o4-mini' }],
    ['one that was cut short', { max_output_tokens: 16 }],
    ['a function call', { tools: [WEATHER], tool_choice: 'required' }],
  ])('adds up to the whole one: %s', async (_what, more) => {
    const request = { model: 'gpt-4.1', input: 'Расскажи. 🎉', ...more };
    const whole = await client.responses.create(request);
    const { stream: _stream, ...params } = { stream: true, ...request };
    const streamed = await client.responses.stream(params).finalResponse();
    expect(streamed.status).toBe(whole.status);
    expect(streamed.output_text).toBe(whole.output_text);
    expect(streamed.usage).toEqual(whole.usage);
    expect(streamed.output.map(({ type }) => type)).toEqual(whole.output.map(({ type }) => type));
  });
});

describe('a request that is refused', () => {
  it.each<[number, string | null, object]>([
    [400, 'input', { input: undefined }],
    [400, 'input[0].role', { input: [{ role: 'robot', content: 'x' }] }],
    [400, 'input', { input: [{ type: 'function_call_output', call_id: 'call_0', output: 'x' }] }],
    [400, 'max_output_tokens', { max_output_tokens: 5 }],
    [400, 'background', { background: true }],
    [400, 'tool_choice', { tool_choice: 'required' }],
    [400, 'tool_choice.name', { tools: [WEATHER], tool_choice: { type: 'function', name: 'clock' } }],
    [400, 'text.format.name', { text: { format: { type: 'json_schema', schema: {} } } }],
    [400, 'model', { model: 'whisper-1' }],
    [404, null, { model: 'gpt-0' }],
    [404, null, { model: 'claude-opus-5' }],
  ])('has status %i and param %s', async (status, param, change) => {
    const body = { model: 'gpt-4.1', input: 'Hello', ...change };
    const response = await post(simulator, '/v1/responses', JSON.stringify(body), { authorization: `Bearer ${KEY}` });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', param } });
  });

  it('may be nested more deeply than the stack reaches, and is not charged', async () => {
    await using running = await startSimulator();
    const nested = '['.repeat(50_000) + ']'.repeat(50_000);
    const body = `{"model":"gpt-4.1","input":"Hello","metadata":{"x":${nested}}}`;
    expect((await post(running, '/v1/responses', body)).status).toBe(400);
    expect(running.bill().total.calls).toBe(0);
  });

  it('may be a fault', async () => {
    await using faulty = await startSimulator();
    const failing = (fault: string, stream: boolean) => {
      const request = { model: 'gpt-4.1', input: 'Fail.', metadata: { simulator_fault: fault } };
      const caller = clientOf(faulty);
      return stream ? caller.responses.stream(request).finalResponse() : caller.responses.create(request);
    };
    for (const stream of [false, true]) {
      await expect(failing('rate_limit', stream)).rejects.toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
      await expect(failing('server_error', stream)).rejects.toMatchObject({ status: 500, type: 'server_error' });
      await expect(failing('reset', stream)).rejects.toThrow();
    }
    await expect(failing('garbage', true)).rejects.toThrow();
    expect(faulty.bill().total.calls).toBe(0);
    await expect(failing('cut', true)).rejects.toThrow();
    const { calls, tokens } = faulty.bill().total;
    expect(calls).toBe(1);
    expect(tokens.output).toBeGreaterThan(0);
    const whole = await clientOf(faulty).responses.create({ model: 'gpt-4.1', input: 'Fail.' });
    expect(tokens.output).toBeLessThan(whole.usage?.output_tokens ?? 0);
  });
});
