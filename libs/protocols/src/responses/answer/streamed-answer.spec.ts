import { ProviderInvalidAnswer } from '@parsimony/contract';
import type { Json, JsonObject } from '@parsimony/contract';
import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { openAiSchemaCheck } from '../../../test/openai-schema.js';
import { chunk, HEX, OPTIONS, usageChunk } from '../../../test/responses-wire.js';
import type { WireEvent, WireResponse } from '../../../test/responses-wire.js';
import { responsesToChat } from '../responses-to-chat.js';

const check = openAiSchemaCheck();

/** The events that the caller sees, those of each chunk apart, and last those of the end. */
function streamed(...chunks: readonly JsonObject[]): (readonly JsonObject[])[] {
  const stream = responsesToChat({ input: 'x', stream: true }, OPTIONS).stream();
  const events = [...chunks.map((piece) => stream.push(piece)), stream.finish()];
  events.flat().forEach((event, index) => {
    check('ResponseStreamEvent', event);
    expect(event['sequence_number']).toBe(index);
  });
  return events;
}

function types(events: readonly (readonly JsonObject[])[]): Json[][] {
  return events.map((some) => some.map(({ type }) => type as string));
}

function lastResponse(events: readonly (readonly JsonObject[])[]): JsonObject {
  return events.at(-1)?.at(-1)?.['response'] as JsonObject;
}

const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

const BEGUN: WireResponse = {
  id: `resp_${HEX}`,
  object: 'response',
  created_at: 1_795_478_400,
  status: 'in_progress',
  access_programs: null,
  background: false,
  error: null,
  incomplete_details: null,
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  model: 'gemma-3-27b',
  output: [],
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  // @ts-expect-error The client's types lack `store`, which OpenAI answers.
  store: false,
  temperature: null,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_p: null,
  truncation: 'disabled',
};

describe('a streamed answer', () => {
  it('tells of reasoning, text and calls in order, each with its place, and ends with the whole response', () => {
    const reasoning = { item_id: `rs_${HEX}_0`, output_index: 0, content_index: 0 };
    const message = { item_id: `msg_${HEX}_1`, output_index: 1, content_index: 0 };
    const call = { item_id: `fc_${HEX}_2`, output_index: 2 };
    const thought: OpenAI.Responses.ResponseReasoningItem.Content = { type: 'reasoning_text', text: 'Хм.' };
    const text: OpenAI.Responses.ResponseOutputText = {
      type: 'output_text',
      text: 'Да 👍',
      annotations: [],
      logprobs: [],
    };
    const reasoned: OpenAI.Responses.ResponseReasoningItem = {
      id: reasoning.item_id,
      type: 'reasoning',
      summary: [],
      content: [thought],
      status: 'completed',
    };
    const said: OpenAI.Responses.ResponseOutputMessage = {
      id: message.item_id,
      type: 'message',
      role: 'assistant',
      content: [text],
      status: 'completed',
    };
    const called: OpenAI.Responses.ResponseFunctionToolCall = {
      id: call.item_id,
      type: 'function_call',
      call_id: 'c1',
      name: 'f',
      arguments: '{"a":1}',
      status: 'completed',
    };
    const expected = [
      { type: 'response.created', sequence_number: 0, response: BEGUN },
      { type: 'response.in_progress', sequence_number: 1, response: BEGUN },
      {
        type: 'response.output_item.added',
        sequence_number: 2,
        output_index: 0,
        item: { ...reasoned, content: [], status: 'in_progress' },
      },
      {
        type: 'response.content_part.added',
        sequence_number: 3,
        ...reasoning,
        part: { type: 'reasoning_text', text: '' },
      },
      { type: 'response.reasoning_text.delta', sequence_number: 4, ...reasoning, delta: 'Хм' },
      { type: 'response.reasoning_text.delta', sequence_number: 5, ...reasoning, delta: '.' },
      { type: 'response.reasoning_text.done', sequence_number: 6, ...reasoning, text: 'Хм.' },
      { type: 'response.content_part.done', sequence_number: 7, ...reasoning, part: thought },
      { type: 'response.output_item.done', sequence_number: 8, output_index: 0, item: reasoned },
      {
        type: 'response.output_item.added',
        sequence_number: 9,
        output_index: 1,
        item: { ...said, content: [], status: 'in_progress' },
      },
      { type: 'response.content_part.added', sequence_number: 10, ...message, part: { ...text, text: '' } },
      { type: 'response.output_text.delta', sequence_number: 11, ...message, delta: 'Да ', logprobs: [] },
      { type: 'response.output_text.delta', sequence_number: 12, ...message, delta: '👍', logprobs: [] },
      { type: 'response.output_text.done', sequence_number: 13, ...message, text: 'Да 👍', logprobs: [] },
      { type: 'response.content_part.done', sequence_number: 14, ...message, part: text },
      { type: 'response.output_item.done', sequence_number: 15, output_index: 1, item: said },
      {
        type: 'response.output_item.added',
        sequence_number: 16,
        output_index: 2,
        item: { ...called, arguments: '', status: 'in_progress' },
      },
      { type: 'response.function_call_arguments.delta', sequence_number: 17, ...call, delta: '{"a"' },
      { type: 'response.function_call_arguments.delta', sequence_number: 18, ...call, delta: ':1}' },
      {
        type: 'response.function_call_arguments.done',
        sequence_number: 19,
        ...call,
        name: 'f',
        arguments: '{"a":1}',
      },
      { type: 'response.output_item.done', sequence_number: 20, output_index: 2, item: called },
      {
        type: 'response.completed',
        sequence_number: 21,
        response: {
          ...BEGUN,
          status: 'completed',
          output: [reasoned, said, called],
          usage: {
            input_tokens: 10,
            input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
            output_tokens: 5,
            output_tokens_details: { reasoning_tokens: 0 },
            total_tokens: 15,
          },
        },
      },
    ] satisfies WireEvent[];
    const events = streamed(
      chunk({ role: 'assistant', content: '', reasoning_content: null }),
      chunk({ reasoning_content: 'Хм' }),
      chunk({ reasoning_content: '.' }),
      chunk({ content: 'Да ' }),
      chunk({ content: '👍' }),
      chunk({ tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'f', arguments: '' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{"a"' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
      chunk({}, { finish_reason: 'tool_calls' }),
      usageChunk(USAGE),
    );
    expect(events.flat()).toEqual(expected);
    expect(events.map((some) => some.length)).toEqual([2, 3, 1, 6, 1, 4, 1, 1, 0, 0, 3]);
  });

  it('begins at once, and not with the first text', () => {
    expect(types(streamed(chunk({ role: 'assistant', content: '' })))[0]).toEqual([
      'response.created',
      'response.in_progress',
    ]);
  });

  it('is whole even where the provider’s stream was empty', () => {
    const events = streamed();
    expect(types(events)).toEqual([['response.created', 'response.in_progress', 'response.completed']]);
    expect(lastResponse(events)).toMatchObject({ model: 'gemma-3', output: [] });
  });

  it.each([
    ['length', 'max_output_tokens'],
    ['content_filter', 'content_filter'],
  ])('ends incomplete after %s', (finishReason, reason) => {
    const events = streamed(chunk({ content: 'По' }), chunk({}, { finish_reason: finishReason }), usageChunk(USAGE));
    expect(types(events).at(-1)).toEqual([
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.incomplete',
    ]);
    expect(lastResponse(events)).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason },
      output: [{ status: 'incomplete', content: [{ text: 'По' }] }],
      usage: { total_tokens: 15 },
    });
  });

  it('takes the last usage where a provider repeats it in every chunk', () => {
    const growing = (tokens: number): JsonObject => ({ prompt_tokens: 10, completion_tokens: tokens });
    const events = streamed(
      { ...chunk({ content: 'a' }), usage: growing(1) },
      { ...chunk({ content: 'b' }), usage: growing(2) },
      { ...chunk({}, { finish_reason: 'stop' }), usage: null },
    );
    expect(lastResponse(events)).toMatchObject({ usage: { output_tokens: 2, total_tokens: 12 } });
  });

  it('streams a refusal as a part of its own', () => {
    const events = streamed(chunk({ content: 'Нет. ' }), chunk({ refusal: 'Не ' }), chunk({ refusal: 'могу.' }));
    expect(types(events).slice(1)).toEqual([
      [
        'response.output_text.done',
        'response.content_part.done',
        'response.content_part.added',
        'response.refusal.delta',
      ],
      ['response.refusal.delta'],
      ['response.refusal.done', 'response.content_part.done', 'response.output_item.done', 'response.completed'],
    ]);
    expect(events[2]).toMatchObject([{ content_index: 1, delta: 'могу.' }]);
  });

  it('streams citations, and log probabilities with their text', () => {
    const logprob = { token: 'a', logprob: -1, bytes: [97], top_logprobs: [] };
    const citation = { url: 'https://example.com/', title: 'Example', start_index: 0, end_index: 1 };
    const events = streamed(
      chunk({ content: 'a' }, { logprobs: { content: [logprob], refusal: null } }),
      chunk({ annotations: [{ type: 'url_citation', url_citation: citation }] }),
    );
    expect(events[0]?.at(-1)).toMatchObject({ type: 'response.output_text.delta', logprobs: [logprob] });
    expect(events[1]).toMatchObject([
      { type: 'response.output_text.annotation.added', annotation_index: 0, annotation: { url: citation.url } },
    ]);
    expect(lastResponse(events)['output']).toMatchObject([
      { content: [{ text: 'a', logprobs: [logprob], annotations: [{ type: 'url_citation', ...citation }] }] },
    ]);
  });

  it('begins another message where text goes on after a call', () => {
    const events = streamed(
      chunk({ content: 'a' }),
      chunk({ tool_calls: [{ index: 0, id: 'c1', function: { name: 'f', arguments: '{' } }] }),
      chunk({ content: 'b' }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '}' } }] }),
    );
    expect(lastResponse(events)['output']).toMatchObject([
      { type: 'message', content: [{ text: 'a' }] },
      { type: 'function_call', arguments: '{}' },
      { type: 'message', content: [{ text: 'b' }] },
    ]);
  });

  it('ends with an error where the provider sends one', () => {
    const stream = responsesToChat({ input: 'x', stream: true }, OPTIONS).stream();
    stream.push(chunk({ content: 'a' }));
    const [event, ...others] = stream.push({
      error: { message: 'Перегружен', code: 'overloaded', type: 'server_error' },
    });
    check('ResponseStreamEvent', event);
    expect(event).toEqual({
      type: 'error',
      sequence_number: 5,
      code: 'overloaded',
      message: 'Перегружен',
      param: null,
    } satisfies WireEvent);
    expect([...others, ...stream.push(chunk({ content: 'b' })), ...stream.finish()]).toEqual([]);
  });

  it('breaks off where the provider did', () => {
    const stream = responsesToChat({ input: 'x', stream: true }, OPTIONS).stream();
    stream.push(chunk({ content: 'a' }, { finish_reason: 'error' }));
    expect(() => stream.finish()).toThrow(ProviderInvalidAnswer);
  });

  it('keeps to the first choice', () => {
    const events = streamed({
      ...chunk({}),
      choices: [{ index: 0, delta: { content: 'a' } }, { delta: { content: 'b' } }],
    });
    expect(lastResponse(events)['output']).toMatchObject([{ content: [{ text: 'a' }] }]);
  });
});

describe('calls in pieces', () => {
  function calls(...fragments: readonly JsonObject[]): Json {
    const chunks = fragments.map((fragment) => chunk({ tool_calls: [fragment] }));
    const output = lastResponse(streamed(...chunks))['output'] as readonly JsonObject[];
    return output.map(
      ({ call_id: id, name, arguments: text }) => `${id as string} ${name as string} ${text as string}`,
    );
  }

  it.each<[what: string, fragments: JsonObject[], expected: string[]]>([
    [
      'of several calls in turn',
      [
        { index: 0, id: 'a', function: { name: 'f', arguments: '1' } },
        { index: 1, id: 'b', function: { name: 'g', arguments: '2' } },
        { index: 0, function: { arguments: '3' } },
        { index: 1, function: { arguments: '4' } },
      ],
      ['a f 13', 'b g 24'],
    ],
    [
      'of calls that all bear index 0',
      [
        { index: 0, id: 'a', function: { name: 'f', arguments: '1' } },
        { index: 0, id: 'b', function: { name: 'f', arguments: '2' } },
      ],
      ['a f 1', 'b f 2'],
    ],
    [
      'without index',
      [
        { id: 'a', function: { name: 'f', arguments: '1' } },
        { function: { arguments: '2' } },
        { id: 'b', function: { name: 'f', arguments: '3' } },
      ],
      ['a f 12', 'b f 3'],
    ],
    [
      'that repeat id and name',
      [
        { index: 0, id: 'a', function: { name: 'f', arguments: '1' } },
        { index: 0, id: 'a', function: { name: 'f', arguments: '2' } },
      ],
      ['a f 12'],
    ],
    [
      'whose name comes late',
      [
        { index: 0, id: 'a' },
        { index: 0, function: { arguments: '1' } },
        { index: 0, function: { name: 'f', arguments: '2' } },
      ],
      ['a f 12'],
    ],
    ['that never get a name', [{ index: 0, id: 'a', function: { arguments: '1' } }], ['a  1']],
  ])('%s', (_what, fragments, expected) => expect(calls(...fragments)).toEqual(expected));
});
