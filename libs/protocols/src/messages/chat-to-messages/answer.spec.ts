import type Anthropic from '@anthropic-ai/sdk';
import type { JsonObject } from '@parsimony/contract';
import { ProviderInvalidAnswer } from '@parsimony/contract';
import type OpenAI from 'openai';
import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream';
import { describe, expect, it } from 'vitest';
import { toReadableStream } from '../../../test/event-lines.js';
import { openAiSchemaCheck } from '../../../test/openai-schema.js';
import { CHAT_QUESTION, OPTIONS } from '../../../test/questions.js';
import { chatToMessages } from './chat-to-messages.js';

const checkSchema = openAiSchemaCheck();
const translation = chatToMessages({ ...CHAT_QUESTION, stream_options: { include_usage: true } }, OPTIONS);

const usage = {
  input_tokens: 10,
  cache_read_input_tokens: 100,
  cache_creation_input_tokens: 20,
  cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 0 },
  output_tokens: 45,
  output_tokens_details: { thinking_tokens: 15 },
  inference_geo: null,
  server_tool_use: null,
  service_tier: 'standard',
  speed: null,
} satisfies Anthropic.Usage;

const message = {
  id: 'msg_013Zva2CMHLNnXjNJJKqJ2EF',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-4-5-20251001',
  content: [
    { type: 'thinking', thinking: 'Надо узнать погоду.', signature: 'c2lnbmVk' },
    { type: 'redacted_thinking', data: 'ZW5jcnlwdGVk' },
    { type: 'text', text: 'Смотрю ', citations: null },
    { type: 'text', text: 'погоду 🌦️', citations: null },
    { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Москва' }, caller: { type: 'direct' } },
    { type: 'tool_use', id: 'toolu_2', name: 'now', input: {}, caller: { type: 'direct' } },
  ],
  stop_reason: 'tool_use',
  stop_sequence: null,
  stop_details: null,
  container: null,
  diagnostics: null,
  usage,
} satisfies Anthropic.Message;

const completion = {
  id: 'chatcmpl-01936000000070008000000000000001',
  object: 'chat.completion',
  created: 1_795_478_400,
  model: 'claude-haiku-4-5-20251001',
  choices: [
    {
      index: 0,
      message: {
        role: 'assistant',
        content: 'Смотрю погоду 🌦️',
        refusal: null,
        // @ts-expect-error OpenAI has no field for thinking that is shown; servers that are like it have this one.
        reasoning_content: 'Надо узнать погоду.',
        tool_calls: [
          { id: 'toolu_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Москва"}' } },
          { id: 'toolu_2', type: 'function', function: { name: 'now', arguments: '{}' } },
        ],
      },
      logprobs: null,
      finish_reason: 'tool_calls',
    },
  ],
  usage: {
    prompt_tokens: 130,
    completion_tokens: 45,
    total_tokens: 175,
    prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 20 },
    completion_tokens_details: { reasoning_tokens: 15 },
  },
  service_tier: 'default',
} satisfies OpenAI.ChatCompletion;

function answerOf(changes: JsonObject): JsonObject {
  const { choices } = translation.answer({ ...message, ...changes });
  return (choices as readonly [JsonObject])[0];
}

describe('a message as a chat completion', () => {
  it('says the same', () => {
    const answer = translation.answer(message);
    expect(answer).toEqual(completion);
    checkSchema('CreateChatCompletionResponse', answer);
  });

  it.each<[Anthropic.StopReason, OpenAI.ChatCompletion.Choice['finish_reason']]>([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['pause_turn', 'length'],
    ['tool_use', 'tool_calls'],
    ['refusal', 'content_filter'],
  ])('stops for %s as %s', (stopReason, finishReason) => {
    expect(answerOf({ stop_reason: stopReason })).toMatchObject({ finish_reason: finishReason });
  });

  it('has a text, empty, where nothing was said', () => {
    expect(answerOf({ content: [], stop_reason: 'end_turn' })).toMatchObject({ message: { content: '' } });
  });

  it('has no text where tools alone were called', () => {
    expect(answerOf({ content: message.content.slice(4) })).toMatchObject({ message: { content: null } });
  });

  it('tells why it was refused', () => {
    const details = {
      type: 'refusal',
      category: 'bio',
      explanation: 'Так нельзя.',
    } satisfies Anthropic.RefusalStopDetails;
    expect(answerOf({ content: [], stop_reason: 'refusal', stop_details: details })).toMatchObject({
      message: { content: '', refusal: 'Так нельзя.' },
      finish_reason: 'content_filter',
    });
  });

  it.each<[string, JsonObject]>([
    ['no content', { content: null }],
    [
      'a block that nobody asked for',
      { content: [{ type: 'server_tool_use', id: 's', name: 'web_search', input: {} }] },
    ],
    ['a stop reason of tomorrow', { stop_reason: 'bored' }],
    ['text that is none', { content: [{ type: 'text', text: 5 }] }],
  ])('is the provider’s fault where it has %s', (_name, changes) => {
    expect(() => answerOf(changes)).toThrow(ProviderInvalidAnswer);
  });
});

const events = [
  {
    type: 'message_start',
    message: {
      ...message,
      content: [],
      stop_reason: null,
      usage: { ...usage, output_tokens: 1, output_tokens_details: null },
    },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Надо узнать ' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'погоду.' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'c2lnbmVk' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '', citations: null } },
  { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'Смотрю ' } },
  { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'погоду 🌦️' } },
  { type: 'content_block_stop', index: 1 },
  {
    type: 'content_block_start',
    index: 2,
    content_block: { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {}, caller: { type: 'direct' } },
  },
  { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '' } },
  { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '{"city":' } },
  { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '"Москва"}' } },
  { type: 'content_block_stop', index: 2 },
  {
    type: 'content_block_start',
    index: 3,
    content_block: { type: 'tool_use', id: 'toolu_2', name: 'now', input: {}, caller: { type: 'direct' } },
  },
  { type: 'content_block_stop', index: 3 },
  {
    type: 'message_delta',
    delta: { stop_reason: 'tool_use', stop_sequence: null, stop_details: null, container: null },
    usage: {
      output_tokens: 45,
      output_tokens_details: { thinking_tokens: 15 },
      input_tokens: null,
      cache_creation_input_tokens: null,
      cache_read_input_tokens: null,
      server_tool_use: null,
    },
  },
  { type: 'message_stop' },
] satisfies Anthropic.RawMessageStreamEvent[];

function chunksOf(pushed: readonly JsonObject[], asked: JsonObject = { include_usage: true }): JsonObject[] {
  const stream = chatToMessages({ ...CHAT_QUESTION, stream_options: asked }, OPTIONS).stream();
  return [...pushed.flatMap((event) => stream.push(event)), ...stream.finish()];
}

function deltasOf(chunks: readonly JsonObject[]): unknown[] {
  return chunks.flatMap(({ choices }) => (choices as readonly JsonObject[]).map(({ delta }) => delta));
}

describe('a stream of Messages as chunks', () => {
  it('says each thing as it comes', () => {
    const chunks = chunksOf([events[0], { type: 'ping' }, ...events.slice(1)] as JsonObject[]);
    for (const chunk of chunks) checkSchema('CreateChatCompletionStreamResponse', chunk);
    expect(deltasOf(chunks)).toEqual([
      { role: 'assistant', content: '', refusal: null },
      { reasoning_content: 'Надо узнать ' },
      { reasoning_content: 'погоду.' },
      { content: 'Смотрю ' },
      { content: 'погоду 🌦️' },
      { tool_calls: [{ index: 0, id: 'toolu_1', type: 'function', function: { name: 'weather', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '"Москва"}' } }] },
      { tool_calls: [{ index: 1, id: 'toolu_2', type: 'function', function: { name: 'now', arguments: '' } }] },
      { tool_calls: [{ index: 1, function: { arguments: '{}' } }] },
      {},
    ]);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: completion.usage });
  });

  it('is for OpenAI’s own client the whole answer', async () => {
    const client = ChatCompletionStream.fromReadableStream(toReadableStream(chunksOf(events)));
    const final = await client.finalChatCompletion();
    expect(final).toMatchObject({ id: completion.id, model: completion.model, usage: completion.usage });
    expect(final.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { content: 'Смотрю погоду 🌦️', tool_calls: completion.choices[0]?.message.tool_calls },
    });
  });

  it('tells the usage only where it was asked for', () => {
    const chunks = chunksOf(events, {});
    expect(chunks.every((chunk) => !('usage' in chunk) && (chunk['choices'] as JsonObject[]).length === 1)).toBe(true);
  });

  it('ends with the refusal and its reason', () => {
    const details = { type: 'refusal', category: null, explanation: 'Нельзя.' };
    const end = {
      type: 'message_delta',
      delta: { stop_reason: 'refusal', stop_details: details },
      usage: { output_tokens: 2 },
    };
    const chunks = chunksOf([events[0], end] as JsonObject[]);
    expect(deltasOf(chunks).slice(1)).toEqual([{ refusal: 'Нельзя.' }, {}]);
    expect(chunks.at(-2)).toMatchObject({ choices: [{ finish_reason: 'content_filter' }] });
  });

  it('passes over events and deltas that clients need not know', () => {
    const stream = translation.stream();
    stream.push(events[0] as JsonObject);
    expect(stream.push({ type: 'event_of_2031' })).toEqual([]);
    expect(
      stream.push({ type: 'content_block_delta', index: 0, delta: { type: 'citations_delta', citation: {} } }),
    ).toEqual([]);
  });

  it('shows an error of the provider as one of its own', () => {
    const error = {
      type: 'error',
      error: { type: 'overloaded_error', message: 'Overloaded' },
      request_id: 'req_1',
    } satisfies Anthropic.ErrorResponse;
    expect(translation.stream().push(error)).toEqual([
      { error: { message: 'Overloaded', type: 'overloaded_error', code: null, param: null } },
    ]);
  });
});
