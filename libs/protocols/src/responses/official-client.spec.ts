import type { JsonObject } from '@parsimony/contract';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { startResponsesServer } from '../../test/responses-server.js';
import type { ResponsesServer } from '../../test/responses-server.js';
import { chunk, completion, usageChunk } from '../../test/responses-wire.js';

function clientOf(server: ResponsesServer): OpenAI {
  return new OpenAI({ baseURL: server.url, apiKey: 'none', maxRetries: 0 });
}

const TOOLS: OpenAI.Responses.Tool[] = [
  {
    type: 'function',
    name: 'weather',
    strict: true,
    parameters: { type: 'object', properties: { город: { type: 'string' } }, additionalProperties: false },
  },
];

const USAGE = { prompt_tokens: 20, completion_tokens: 9, total_tokens: 29 };
const CALLS = [
  { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"город":"Осло"}' } },
  { id: 'c2', type: 'function', function: { name: 'weather', arguments: '{"город":"Рим"}' } },
];

const SPEECH = completion({ reasoning_content: 'Хм…', content: 'Привет, мир 👋' }, 'stop', { usage: USAGE });
const SPEECH_CHUNKS = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ reasoning_content: 'Хм' }),
  chunk({ reasoning_content: '…' }),
  chunk({ content: 'Привет, ' }),
  chunk({ content: 'мир 👋' }),
  chunk({}, { finish_reason: 'stop' }),
  usageChunk(USAGE),
];

const CALLING = completion({ content: 'Смотрю.', tool_calls: CALLS }, 'tool_calls', { usage: USAGE });
const CALLING_CHUNKS = [
  chunk({ role: 'assistant', content: 'Смотрю.' }),
  chunk({ tool_calls: [{ ...CALLS[0], index: 0, function: { name: 'weather', arguments: '' } }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: '{"город":' } }] }),
  chunk({ tool_calls: [{ ...CALLS[1], index: 1 }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: '"Осло"}' } }] }),
  chunk({}, { finish_reason: 'tool_calls' }),
  usageChunk(USAGE),
];

const CUT = completion({ content: 'Пол' }, 'length', { usage: USAGE });
const CUT_CHUNKS = [chunk({ content: 'Пол' }), chunk({}, { finish_reason: 'length' }), usageChunk(USAGE)];

describe('the official client', () => {
  it.each<[what: string, whole: JsonObject, chunks: JsonObject[]]>([
    ['reasoning and text', SPEECH, SPEECH_CHUNKS],
    ['text and calls in turn', CALLING, CALLING_CHUNKS],
    ['a text that was cut off', CUT, CUT_CHUNKS],
  ])('makes of the stream what it makes of the whole answer: %s', async (_what, whole, chunks) => {
    await using server = await startResponsesServer(whole, chunks);
    const client = clientOf(server);
    const ask = { model: 'm', input: 'Привет', tools: TOOLS };
    const answered = await client.responses.parse(ask);
    const streamed = await client.responses.stream(ask).finalResponse();
    expect(streamed).toEqual(answered);
    expect(streamed.output.length).toBeGreaterThan(0);
  });

  it('sees the text grow', async () => {
    await using server = await startResponsesServer(SPEECH, SPEECH_CHUNKS);
    const snapshots: string[] = [];
    const stream = clientOf(server).responses.stream({ model: 'm', input: 'Привет' });
    stream.on('response.output_text.delta', ({ snapshot }) => snapshots.push(snapshot));
    expect((await stream.finalResponse()).output_text).toBe('Привет, мир 👋');
    expect(snapshots).toEqual(['Привет, ', 'Привет, мир 👋']);
  });

  it('goes on with what it was answered: the items come back as the messages that the provider wrote', async () => {
    await using server = await startResponsesServer(CALLING, CALLING_CHUNKS);
    const client = clientOf(server);
    const question: OpenAI.Responses.ResponseInputItem = { role: 'user', content: 'Погода?' };
    const { output } = await client.responses.create({ model: 'm', input: [question], tools: TOOLS });
    const results = output
      .filter((item) => item.type === 'function_call')
      .map((call) => ({ type: 'function_call_output' as const, call_id: call.call_id, output: '7 °C' }));
    await client.responses.create({
      model: 'm',
      input: [question, ...(output as OpenAI.Responses.ResponseInput), ...results],
      tools: TOOLS,
    });
    expect(server.requests[1]?.['messages']).toEqual([
      { role: 'user', content: 'Погода?' },
      { role: 'assistant', content: 'Смотрю.', tool_calls: CALLS },
      { role: 'tool', tool_call_id: 'c1', content: '7 °C' },
      { role: 'tool', tool_call_id: 'c2', content: '7 °C' },
    ]);
  });

  it('parses structured answers', async () => {
    const whole = completion({ content: '{"город":"Осло"}' });
    await using server = await startResponsesServer(whole, [
      chunk({ content: '{"город":' }),
      chunk({ content: '"Осло"}' }),
    ]);
    const format = { type: 'json_schema' as const, name: 'city', schema: { type: 'object' } };
    const ask = { model: 'm', input: 'Где?', text: { format } };
    const client = clientOf(server);
    expect((await client.responses.parse(ask)).output_parsed).toEqual({ город: 'Осло' });
    expect((await client.responses.stream(ask).finalResponse()).output_parsed).toEqual({ город: 'Осло' });
  });
});
