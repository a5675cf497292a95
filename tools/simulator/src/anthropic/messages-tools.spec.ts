import type Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anthropicOf, askClaude } from '../../test/support.js';
import { startSimulator, type Simulator } from '../index.js';

const WEATHER: Anthropic.Tool = {
  name: 'weather',
  description: 'Погода в городе',
  input_schema: {
    type: 'object',
    properties: { city: { type: 'string' }, unit: { enum: ['C', 'F'] } },
    required: ['city', 'unit'],
  },
};
const CLOCK: Anthropic.Tool = { name: 'clock', input_schema: { type: 'object' } };
const QUESTION = 'Какая погода в Омске и который час?';
const BOOK = [
  {
    prompt: QUESTION,
    answers: {
      'claude-sonnet-4-6': {
        toolCalls: [
          { name: 'weather', arguments: { city: 'Омск', unit: 'C' } },
          { name: 'clock', arguments: {} },
        ],
        text: 'Минус десять, полдень.',
      },
    },
  },
];

let simulator: Simulator;
let client: Anthropic;

beforeAll(async () => {
  simulator = await startSimulator({ answerBook: BOOK });
  client = anthropicOf(simulator);
});
afterAll(() => simulator.close());

function callsOf(message: Anthropic.Message): Anthropic.ToolUseBlock[] {
  return message.content.filter((block) => block.type === 'tool_use');
}

describe('tools', () => {
  it('are called where one is required, and by name', async () => {
    for (const tool_choice of [{ type: 'any' as const }, { type: 'tool' as const, name: 'weather' }]) {
      const message = await client.messages.create({ ...askClaude('Weather?'), tools: [WEATHER], tool_choice });
      expect(message.stop_reason).toBe('tool_use');
      const [call, ...others] = callsOf(message);
      expect(others).toEqual([]);
      expect(call).toMatchObject({ id: expect.stringMatching(/^toolu_\w{24}$/), name: 'weather' });
      expect(call?.input).toMatchObject({ city: expect.any(String), unit: expect.stringMatching(/^[CF]$/) });
    }
  });

  it('are called as the answer book says, and answered with its text', async () => {
    const request = { ...askClaude(QUESTION), tools: [WEATHER, CLOCK] };
    const asked = await client.messages.stream(request).finalMessage();
    const calls = callsOf(asked);
    expect(calls).toMatchObject([
      { name: 'weather', input: { city: 'Омск', unit: 'C' } },
      { name: 'clock', input: {} },
    ]);
    const results = calls.map(({ id }) => ({ type: 'tool_result' as const, tool_use_id: id, content: 'готово' }));
    const answered = await client.messages.create({
      ...request,
      messages: [
        ...request.messages,
        { role: 'assistant', content: asked.content },
        { role: 'user', content: results },
      ],
    });
    expect(answered).toMatchObject({ stop_reason: 'end_turn', content: [{ text: 'Минус десять, полдень.' }] });
    expect(answered.usage.input_tokens).toBeGreaterThan(asked.usage.input_tokens);
  });

  it('are called one at a time where the caller wants that, and not at all where it offers none', async () => {
    const single = await client.messages.create({
      ...askClaude(QUESTION),
      tools: [WEATHER, CLOCK],
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    });
    expect(callsOf(single)).toHaveLength(1);
    const none = await client.messages.create({
      ...askClaude(QUESTION),
      tools: [WEATHER, CLOCK],
      tool_choice: { type: 'none' },
    });
    expect(none.content).toMatchObject([{ type: 'text', text: 'Минус десять, полдень.' }]);
  });

  it('are called several times where the settings say so', async () => {
    await using several = await startSimulator({ settings: { toolCalls: { min: 3, max: 3 } } });
    const request = { ...askClaude('Weather?'), tools: [WEATHER, CLOCK], tool_choice: { type: 'any' as const } };
    const message = await anthropicOf(several).messages.stream(request).finalMessage();
    expect(callsOf(message)).toHaveLength(3);
    expect(new Set(callsOf(message).map(({ id }) => id)).size).toBe(3);
  });
});
