import type Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anthropicOf, askClaude, postMessages, readEvents, until } from '../../test/support.js';
import { startSimulator, type Simulator } from '../index.js';

const BOOK = [{ prompt: 'Hello', answers: { 'claude-sonnet-4-6': 'Hello world' } }];

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ answerBook: BOOK, settings: { promptCache: { minimum: 0 } } });
});
afterAll(() => simulator.close());

/** What the same request brings whole and streamed, but for its id. */
async function both(request: Anthropic.MessageCreateParamsNonStreaming): Promise<[object, object]> {
  await using running = await startSimulator({
    answerBook: BOOK,
    settings: { promptCache: { mode: 'write', minimum: 0 } },
  });
  const { id: _first, ...whole } = await anthropicOf(running).messages.create(request);
  const streaming = anthropicOf(running).messages.stream(request);
  const { id: _second, parsed_output: _parsed, ...streamed } = await streaming.finalMessage();
  return [whole, streamed];
}

describe('a streamed message', () => {
  it('comes in the events of the real API, in their order', async () => {
    const response = await postMessages(simulator, { ...askClaude('Hello'), stream: true });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('request-id')).toMatch(/^req_/);
    const events = await readEvents(response);
    expect(events.every(({ name, data }) => name === data['type'])).toBe(true);
    expect(events.map(({ data }) => data)).toMatchObject([
      {
        type: 'message_start',
        message: { content: [], stop_reason: null, usage: { input_tokens: 7, output_tokens: 1 } },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'ping' },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: ' world' } },
      { type: 'content_block_stop', index: 0 },
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage: { input_tokens: 7, output_tokens: 2 },
      },
      { type: 'message_stop' },
    ]);
  });

  it.each<[string, Partial<Anthropic.MessageCreateParamsNonStreaming>]>([
    ['a text', {}],
    ['one that was cut short', { max_tokens: 4 }],
    ['one that ends at a stop sequence', { stop_sequences: ['e'] }],
    ['thoughts', { max_tokens: 3000, thinking: { type: 'enabled', budget_tokens: 1500 } }],
    ['hidden thoughts', { max_tokens: 3000, thinking: { type: 'enabled', budget_tokens: 1500, display: 'omitted' } }],
    [
      'a cached prompt',
      { system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral', ttl: '1h' } }] },
    ],
    ['a tool call', { tools: [{ name: 'clock', input_schema: { type: 'object' } }], tool_choice: { type: 'any' } }],
  ])('adds up to the whole one: %s', async (_what, more) => {
    const [whole, streamed] = await both({ ...askClaude('Расскажи. 🎉'), ...more });
    expect(streamed).toEqual(whole);
  });

  it('is charged for the prompt and what was generated where the client leaves', async () => {
    await using slow = await startSimulator({
      settings: { tokensPerSecond: 50, answerTokens: { min: 100, max: 100 } },
    });
    const stream = await anthropicOf(slow).messages.create({ ...askClaude('Talk.'), stream: true });
    let deltas = 0;
    for await (const event of stream) {
      if (event.type === 'content_block_delta') deltas += 1;
      if (deltas === 5) break;
    }
    await until(() => slow.bill().total.calls === 1);
    const { tokens } = slow.bill().total;
    expect(tokens.input).toBe(8);
    expect(tokens.output).toBeGreaterThanOrEqual(5);
    expect(tokens.output).toBeLessThan(100);
  });
});
