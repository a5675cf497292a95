import type Anthropic from '@anthropic-ai/sdk';
import { MessageStream } from '@anthropic-ai/sdk/lib/MessageStream';
import type { JsonObject } from '@parsimony/contract';
import { ProviderInvalidAnswer } from '@parsimony/contract';
import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { toReadableStream } from '../../../test/event-lines.js';
import { MESSAGES_QUESTION, OPTIONS } from '../../../test/questions.js';
import { messagesToChat } from './messages-to-chat.js';

const translation = messagesToChat(MESSAGES_QUESTION, OPTIONS);
const silent = messagesToChat({ ...MESSAGES_QUESTION, thinking: { type: 'adaptive', display: 'omitted' } }, OPTIONS);

const usage = {
  prompt_tokens: 130,
  completion_tokens: 45,
  total_tokens: 175,
  prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 20, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 15, audio_tokens: 0 },
} satisfies OpenAI.CompletionUsage;

const calls = [
  { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Москва"}' } },
  { id: 'call_2', type: 'function', function: { name: 'now', arguments: '' } },
] satisfies OpenAI.ChatCompletionMessageToolCall[];

const completion = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_795_478_400,
  model: 'gpt-4.1-mini-2025-04-14',
  service_tier: 'default',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'Смотрю погоду 🌦️', refusal: null, annotations: [], tool_calls: calls },
      logprobs: null,
      finish_reason: 'tool_calls',
    },
  ],
  usage,
} satisfies OpenAI.ChatCompletion;

const message = {
  id: 'msg_01936000000070008000000000000001',
  type: 'message',
  role: 'assistant',
  model: 'gpt-4.1-mini-2025-04-14',
  content: [
    { type: 'text', text: 'Смотрю погоду 🌦️', citations: null },
    { type: 'tool_use', id: 'call_1', name: 'weather', input: { city: 'Москва' }, caller: { type: 'direct' } },
    { type: 'tool_use', id: 'call_2', name: 'now', input: {}, caller: { type: 'direct' } },
  ],
  stop_reason: 'tool_use',
  stop_sequence: null,
  stop_details: null,
  container: null,
  diagnostics: null,
  usage: {
    input_tokens: 10,
    cache_read_input_tokens: 100,
    cache_creation_input_tokens: 20,
    cache_creation: null,
    output_tokens: 45,
    output_tokens_details: { thinking_tokens: 15 },
    inference_geo: null,
    server_tool_use: null,
    service_tier: 'standard',
    speed: null,
  },
} satisfies Anthropic.Message;

function answerOf(changed: JsonObject, finishReason: string | null = 'stop'): JsonObject {
  const choices = [
    { index: 0, message: { role: 'assistant', content: null, ...changed }, finish_reason: finishReason },
  ];
  return translation.answer({ ...completion, choices });
}

describe('a chat completion as a message', () => {
  it('says the same', () => {
    expect(translation.answer(completion)).toEqual(message);
  });

  it.each<[string | null, JsonObject, Anthropic.StopReason]>([
    ['stop', { content: 'x' }, 'end_turn'],
    ['length', { content: 'x' }, 'max_tokens'],
    ['tool_calls', { tool_calls: calls }, 'tool_use'],
    ['stop', { tool_calls: calls }, 'tool_use'],
    ['length', { tool_calls: calls }, 'max_tokens'],
    ['content_filter', { content: '' }, 'refusal'],
    ['stop', { refusal: 'Нет.' }, 'refusal'],
    [null, { content: 'x' }, 'end_turn'],
  ])('stops for %s of %j as %s', (finishReason, changed, stopReason) => {
    expect(answerOf(changed, finishReason)).toMatchObject({ stop_reason: stopReason });
  });

  it('explains a refusal', () => {
    expect(answerOf({ refusal: 'Нет.' })).toMatchObject({
      content: [],
      stop_details: { type: 'refusal', category: null, explanation: 'Нет.' },
    });
  });

  it.each(['reasoning_content', 'reasoning'])('shows the thinking in %s, unless it is to be omitted', (field) => {
    const thought = { type: 'thinking', thinking: 'Хм…', signature: '' };
    expect(answerOf({ content: 'x', [field]: 'Хм…' })).toMatchObject({ content: [thought, { type: 'text' }] });
    const choices = [{ message: { content: 'x', [field]: 'Хм…' }, finish_reason: 'stop' }];
    expect(silent.answer({ choices })).toMatchObject({ content: [{ type: 'text', text: 'x' }] });
  });

  it.each(['{"city":"Мос', '[1]', '7', '{"a":'.repeat(5000) + '1' + '}'.repeat(5000)])(
    'shows arguments that are no JSON object as they are',
    (text) => {
      const call = { id: 'c', type: 'function', function: { name: 'f', arguments: text } };
      expect(answerOf({ tool_calls: [call] }, 'length')).toMatchObject({
        content: [{ input: { INVALID_JSON: text } }],
      });
    },
  );

  it('takes what servers that are only like OpenAI’s write', () => {
    const thoughts = {
      type: 'thinking',
      thinking: [
        { type: 'text', text: 'Х' },
        { type: 'text', text: 'м' },
      ],
    };
    const content = [thoughts, { type: 'text', text: 'Да' }, { type: 'text', text: '.' }];
    const call = { type: 'function', function: { name: 'now', arguments: { zone: 'МСК' } } };
    expect(answerOf({ content, tool_calls: [call, call] })['content']).toEqual([
      { type: 'thinking', thinking: 'Хм', signature: '' },
      { type: 'text', text: 'Да.', citations: null },
      ...[0, 1].map((index) => ({
        type: 'tool_use',
        id: `toolu_01936000000070008000000000000001_${index}`,
        name: 'now',
        input: { zone: 'МСК' },
        caller: { type: 'direct' },
      })),
    ]);
  });

  it('counts nothing below zero where a server counts cached tokens beside the prompt', () => {
    const beside = { prompt_tokens: 10, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 100 } };
    expect(translation.answer({ ...completion, usage: beside })).toMatchObject({
      usage: { input_tokens: 0, cache_read_input_tokens: 100 },
    });
  });

  it.each<[string, JsonObject]>([
    ['no choices', { choices: [] }],
    ['no message', { choices: [{ index: 0 }] }],
    ['a finish reason of tomorrow', { choices: [{ message: { content: '' }, finish_reason: 'bored' }] }],
    ['a content part of tomorrow', { choices: [{ message: { content: [{ type: 'smell' }] }, finish_reason: 'stop' }] }],
    ['content that is no text', { choices: [{ message: { content: 5 }, finish_reason: 'stop' }] }],
  ])('is the provider’s fault where it has %s', (_name, changes) => {
    expect(() => translation.answer({ ...completion, ...changes })).toThrow(ProviderInvalidAnswer);
  });
});

type Delta = OpenAI.ChatCompletionChunk.Choice.Delta;

function chunk(delta: Delta, finishReason: OpenAI.ChatCompletionChunk.Choice['finish_reason'] = null) {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_795_478_400,
    model: 'gpt-4.1-mini-2025-04-14',
    service_tier: 'default',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
    usage: null,
  } satisfies OpenAI.ChatCompletionChunk;
}

const chunks = [
  chunk({ role: 'assistant', content: '', refusal: null }),
  chunk({ content: 'Смотрю ' }),
  chunk({ content: 'погоду 🌦️' }),
  chunk({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'weather', arguments: '' } }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: '"Москва"}' } }] }),
  chunk({ tool_calls: [{ index: 1, id: 'call_2', type: 'function', function: { name: 'now', arguments: '' } }] }),
  chunk({}, 'tool_calls'),
  { ...chunk({}), choices: [], usage },
] as unknown as JsonObject[];

function eventsOf(pushed: readonly JsonObject[], of = translation): JsonObject[] {
  const stream = of.stream();
  return [...pushed.flatMap((item) => stream.push(item)), ...stream.finish()];
}

/** The types of events, with the index of their block. */
function outline(events: readonly JsonObject[]): string[] {
  return (events as unknown as readonly { type: string; index?: number }[]).map(({ type, index }) =>
    index === undefined ? type : `${type} ${index}`,
  );
}

describe('chunks as a stream of Messages', () => {
  it('say each thing as it comes', () => {
    const delta = (index: number, changed: Anthropic.RawContentBlockDelta): Anthropic.RawMessageStreamEvent => ({
      type: 'content_block_delta',
      index,
      delta: changed,
    });
    const { usage: used } = message;
    const expected: Anthropic.RawMessageStreamEvent[] = [
      {
        type: 'message_start',
        message: {
          ...message,
          content: [],
          stop_reason: null,
          usage: {
            ...used,
            input_tokens: 0,
            cache_read_input_tokens: 0,
            cache_creation_input_tokens: 0,
            output_tokens: 0,
            output_tokens_details: null,
          },
        },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '', citations: null } },
      delta(0, { type: 'text_delta', text: 'Смотрю ' }),
      delta(0, { type: 'text_delta', text: 'погоду 🌦️' }),
      { type: 'content_block_stop', index: 0 },
      {
        type: 'content_block_start',
        index: 1,
        content_block: { type: 'tool_use', id: 'call_1', name: 'weather', input: {}, caller: { type: 'direct' } },
      },
      delta(1, { type: 'input_json_delta', partial_json: '{"city":' }),
      delta(1, { type: 'input_json_delta', partial_json: '"Москва"}' }),
      { type: 'content_block_stop', index: 1 },
      {
        type: 'content_block_start',
        index: 2,
        content_block: { type: 'tool_use', id: 'call_2', name: 'now', input: {}, caller: { type: 'direct' } },
      },
      { type: 'content_block_stop', index: 2 },
      {
        type: 'message_delta',
        delta: { stop_reason: 'tool_use', stop_sequence: null, stop_details: null, container: null },
        usage: {
          input_tokens: 10,
          cache_read_input_tokens: 100,
          cache_creation_input_tokens: 20,
          output_tokens: 45,
          output_tokens_details: { thinking_tokens: 15 },
          server_tool_use: null,
        },
      },
      { type: 'message_stop' },
    ];
    expect(eventsOf(chunks)).toEqual(expected);
  });

  it('are for Anthropic’s own client the whole message', async () => {
    const final = await MessageStream.fromReadableStream(toReadableStream(eventsOf(chunks))).finalMessage();
    expect(final).toMatchObject({ ...message, usage: { output_tokens: 45, input_tokens: 10 } });
  });

  it('end only when they are told so', () => {
    const stream = translation.stream();
    expect(outline(chunks.flatMap((item) => stream.push(item)))).not.toContain('message_delta');
    expect(outline(stream.finish())).toEqual(['content_block_stop 2', 'message_delta', 'message_stop']);
  });

  it('of nothing at all are an empty message', () => {
    expect(outline(eventsOf([]))).toEqual(['message_start', 'message_delta', 'message_stop']);
  });

  it('show thinking in a block of its own, unless it is to be omitted', () => {
    const thinking = [{ reasoning_content: 'Хм' }, { reasoning: '…' }, { content: 'Да' }] as unknown as Delta[];
    const pushed = thinking.map((delta) => chunk(delta)) as unknown as JsonObject[];
    const shown = eventsOf(pushed);
    expect(outline(shown).slice(1, 6)).toEqual([
      'content_block_start 0',
      'content_block_delta 0',
      'content_block_delta 0',
      'content_block_stop 0',
      'content_block_start 1',
    ]);
    expect(shown[2]).toMatchObject({ delta: { type: 'thinking_delta', thinking: 'Хм' } });
    expect(JSON.stringify(eventsOf(pushed, silent))).not.toContain('thinking_delta');
  });

  it('explain a refusal at the end', () => {
    const pushed = [chunk({ refusal: 'Не' }), chunk({ refusal: 'т.' }), chunk({}, 'stop')] as unknown as JsonObject[];
    expect(eventsOf(pushed).at(-2)).toMatchObject({
      delta: { stop_reason: 'refusal', stop_details: { explanation: 'Нет.' } },
    });
  });

  it.each([
    ['without numbers', [undefined, undefined]],
    ['that are all number 0', [0, 0]],
  ])('tell calls apart by their ids %s', (_name, indexes) => {
    const pushed = calls.map((call, position) =>
      chunk({ tool_calls: [{ ...call, index: indexes[position] as number }] }),
    );
    const events = eventsOf(pushed as unknown as JsonObject[]);
    expect(outline(events).filter((line) => line.startsWith('content_block_start'))).toHaveLength(2);
  });

  it('tell calls apart that have neither number nor id', () => {
    const call = { type: 'function', function: { name: 'now', arguments: { zone: 'МСК' } } };
    const pushed = [chunk({ tool_calls: [call, call] as never })] as unknown as JsonObject[];
    const started = eventsOf(pushed).filter(({ type }) => type === 'content_block_start');
    expect(started.map(({ content_block: block }) => (block as JsonObject)['id'])).toEqual([
      'toolu_01936000000070008000000000000001_0',
      'toolu_01936000000070008000000000000001_1',
    ]);
  });

  it('name the model that was asked for where the first chunk names none', () => {
    const filters = { id: '', object: '', model: '', choices: [], prompt_filter_results: [] };
    expect(translation.stream().push(filters)).toMatchObject([{ message: { model: OPTIONS.model } }]);
  });

  it('are the provider’s fault where a call goes on after the next has begun', () => {
    const late = chunk({ tool_calls: [{ index: 0, function: { arguments: '}' } }] }) as unknown as JsonObject;
    expect(() => eventsOf([...chunks.slice(0, 7), late])).toThrow(ProviderInvalidAnswer);
  });

  it('show an error of the provider as one of Anthropic’s', () => {
    const error = {
      error: { message: 'Rate limit reached', type: 'tokens', code: 'rate_limit_exceeded', param: null },
    };
    expect(translation.stream().push(error)).toEqual([
      {
        type: 'error',
        error: { type: 'rate_limit_error', message: 'Rate limit reached', code: 'rate_limit_exceeded' },
        request_id: OPTIONS.callId,
      },
    ]);
  });
});
