import type OpenAI from 'openai';
import type { ChatCompletionFunctionTool } from 'openai/resources/chat/completions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, clientOf, collect, post } from '../../test/support.js';
import { startSimulator, type Simulator } from '../index.js';

const WEATHER: ChatCompletionFunctionTool = {
  type: 'function',
  function: {
    name: 'weather',
    parameters: {
      type: 'object',
      properties: {
        city: { type: 'string' },
        days: { type: 'integer', minimum: 1, maximum: 7 },
        unit: { enum: ['C', 'F'] },
      },
      required: ['city', 'days', 'unit'],
      additionalProperties: false,
    },
  },
};
const CLOCK: ChatCompletionFunctionTool = { type: 'function', function: { name: 'clock' } };

let simulator: Simulator;
let client: OpenAI;

beforeAll(async () => {
  simulator = await startSimulator();
  client = clientOf(simulator);
});
afterAll(() => simulator.close());

function expectWeatherArguments(json: string): void {
  const read = JSON.parse(json) as { city: unknown; days: number; unit: unknown };
  expect(Object.keys(read).sort()).toEqual(['city', 'days', 'unit']);
  expect(read.city).toBeTypeOf('string');
  expect([1, 2, 3, 4, 5, 6, 7]).toContain(read.days);
  expect(['C', 'F']).toContain(read.unit);
}

describe('tools', () => {
  it('are called where one is required', async () => {
    const completion = await client.chat.completions.create({
      ...ask('Weather?'),
      tools: [WEATHER],
      tool_choice: 'required',
    });
    const [choice] = completion.choices;
    expect(choice).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
    const [call] = choice?.message.tool_calls ?? [];
    if (call?.type !== 'function') throw new Error('no function was called');
    expect(call).toMatchObject({ id: expect.stringMatching(/^call_\w{24}$/) as string, function: { name: 'weather' } });
    expectWeatherArguments(call.function.arguments);
    expect(completion.usage?.completion_tokens).toBeGreaterThan(0);
  });

  it('are called by name, in a stream as well', async () => {
    const request = {
      ...ask('Weather?'),
      tools: [CLOCK, WEATHER],
      tool_choice: { type: 'function' as const, function: { name: 'weather' } },
    };
    const whole = await client.chat.completions.create(request);
    const chunks = await collect(await client.chat.completions.create({ ...request, stream: true }));
    const parts = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
    const [call] = whole.choices[0]?.message.tool_calls ?? [];
    if (call?.type !== 'function') throw new Error('no function was called');
    expect(parts[0]).toMatchObject({
      index: 0,
      id: call.id,
      type: 'function',
      function: { name: 'weather', arguments: '' },
    });
    expect(parts.map((part) => part.function?.arguments).join('')).toBe(call.function.arguments);
    expectWeatherArguments(call.function.arguments);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
    expect(whole.choices[0]?.finish_reason).toBe('stop');
  });

  it('are not called with auto or none', async () => {
    for (const choice of ['auto', 'none'] as const) {
      const completion = await client.chat.completions.create({
        ...ask('Weather?'),
        tools: [WEATHER],
        tool_choice: choice,
      });
      expect(completion.choices[0]?.message.tool_calls).toBeUndefined();
      expect(completion.choices[0]?.message.content).toBeTruthy();
    }
  });

  it('are called several times where the settings say so, in a stream as well', async () => {
    await using several = await startSimulator({ settings: { toolCalls: { min: 3, max: 3 } } });
    const request = { ...ask('Weather?'), tools: [WEATHER, CLOCK], tool_choice: 'required' as const };
    const whole = await clientOf(several).chat.completions.create(request);
    const calls = whole.choices[0]?.message.tool_calls ?? [];
    expect(calls).toHaveLength(3);
    const streamed = await clientOf(several).chat.completions.stream(request).finalChatCompletion();
    expect(streamed.choices[0]?.message.tool_calls).toMatchObject(
      calls.map(({ id, type, ...call }) => ({ id, type, ...('function' in call && { function: call.function }) })),
    );
    expect(streamed.choices[0]?.finish_reason).toBe('tool_calls');
    const one = await clientOf(several).chat.completions.create({ ...request, parallel_tool_calls: false });
    expect(one.choices[0]?.message.tool_calls).toHaveLength(1);
  });

  it('count as prompt tokens', async () => {
    const bare = await client.chat.completions.create(ask('Weather?'));
    const equipped = await client.chat.completions.create({ ...ask('Weather?'), tools: [WEATHER] });
    expect(equipped.usage?.prompt_tokens).toBeGreaterThan((bare.usage?.prompt_tokens ?? 0) + 20);
  });

  it('are refused where the choice names one that is not there', async () => {
    const body = {
      ...ask('Weather?'),
      tools: [CLOCK],
      tool_choice: { type: 'function', function: { name: 'weather' } },
    };
    const response = await post(simulator, '/v1/chat/completions', JSON.stringify(body));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'tool_choice.function.name' } });
  });
});

describe('response_format', () => {
  it('json_object answers with an object', async () => {
    const completion = await client.chat.completions.create({
      ...ask('JSON, please.'),
      response_format: { type: 'json_object' },
    });
    expect(JSON.parse(completion.choices[0]?.message.content ?? '')).toEqual({ answer: expect.any(String) as string });
  });

  it('json_schema answers with what fits the schema, in a stream as well', async () => {
    const request = {
      ...ask('A recipe, please.'),
      response_format: {
        type: 'json_schema' as const,
        json_schema: {
          name: 'recipe',
          strict: true,
          schema: {
            type: 'object',
            properties: { title: { type: 'string' }, steps: { type: 'array', items: { type: 'string' }, minItems: 2 } },
            required: ['title', 'steps'],
            additionalProperties: false,
          },
        },
      },
    };
    const parsed = await client.chat.completions.parse(request);
    const recipe = JSON.parse(parsed.choices[0]?.message.content ?? '') as { title: string; steps: string[] };
    expect(recipe.title).toBeTypeOf('string');
    expect(recipe.steps.length).toBeGreaterThanOrEqual(2);
    const streamed = await client.chat.completions.stream(request).finalContent();
    expect(JSON.parse(streamed ?? '')).toEqual(recipe);
  });
});
