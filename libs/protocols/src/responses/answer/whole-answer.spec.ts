import { ProviderInvalidAnswer } from '@parsimony/contract';
import type { JsonObject } from '@parsimony/contract';
import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { openAiSchemaCheck } from '../../../test/openai-schema.js';
import { completion, HEX, OPTIONS } from '../../../test/responses-wire.js';
import type { WireResponse } from '../../../test/responses-wire.js';
import { responsesToChat } from '../responses-to-chat.js';

const check = openAiSchemaCheck();

const ASK: OpenAI.Responses.ResponseCreateParams = {
  model: 'economy',
  instructions: 'Отвечай кратко.',
  input: 'Погода в Осло?',
  max_output_tokens: 256,
  temperature: 0.3,
  metadata: { feature: 'search' },
  user: 'u-1',
  reasoning: { effort: 'low' },
  text: { format: { type: 'json_object' }, verbosity: 'low' },
  tools: [{ type: 'function', name: 'weather', parameters: { type: 'object' }, strict: true }],
  tool_choice: 'auto',
  parallel_tool_calls: false,
};

function answered(body: JsonObject, ask: OpenAI.Responses.ResponseCreateParams = { input: 'x' }): JsonObject {
  const response = responsesToChat(ask as unknown as JsonObject, OPTIONS).answer(body);
  check('Response', response);
  return response;
}

describe('a whole answer', () => {
  it('is a response with the reasoning, the text and the calls as items, and the parameters that were asked', () => {
    const body = completion(
      {
        reasoning_content: 'Нужна погода.',
        content: 'Смотрю… ☁️',
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"город":"Осло"}' } },
          { id: 'c2', type: 'function', function: { name: 'weather', arguments: '{}' } },
        ],
      },
      'tool_calls',
      {
        service_tier: 'default',
        usage: {
          prompt_tokens: 100,
          completion_tokens: 30,
          total_tokens: 130,
          prompt_tokens_details: { cached_tokens: 64, cache_write_tokens: 8, audio_tokens: 0 },
          completion_tokens_details: { reasoning_tokens: 12 },
        },
      },
    );
    expect(answered(body, ASK)).toEqual({
      id: `resp_${HEX}`,
      object: 'response',
      created_at: 1_795_478_400,
      status: 'completed',
      access_programs: null,
      background: false,
      error: null,
      incomplete_details: null,
      instructions: 'Отвечай кратко.',
      max_output_tokens: 256,
      metadata: { feature: 'search' },
      model: 'gemma-3-27b',
      output: [
        {
          id: `rs_${HEX}_0`,
          type: 'reasoning',
          summary: [],
          content: [{ type: 'reasoning_text', text: 'Нужна погода.' }],
          status: 'completed',
        },
        {
          id: `msg_${HEX}_1`,
          type: 'message',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'Смотрю… ☁️', annotations: [], logprobs: [] }],
          status: 'completed',
        },
        {
          id: `fc_${HEX}_2`,
          type: 'function_call',
          call_id: 'c1',
          name: 'weather',
          arguments: '{"город":"Осло"}',
          status: 'completed',
        },
        {
          id: `fc_${HEX}_3`,
          type: 'function_call',
          call_id: 'c2',
          name: 'weather',
          arguments: '{}',
          status: 'completed',
        },
      ],
      parallel_tool_calls: false,
      previous_response_id: null,
      reasoning: { effort: 'low', summary: null },
      service_tier: 'default',
      // @ts-expect-error The client's types lack `store`, which OpenAI answers.
      store: false,
      temperature: 0.3,
      text: { format: { type: 'json_object' }, verbosity: 'low' },
      tool_choice: 'auto',
      tools: [{ type: 'function', name: 'weather', description: null, parameters: { type: 'object' }, strict: true }],
      top_p: null,
      truncation: 'disabled',
      usage: {
        input_tokens: 100,
        input_tokens_details: { cached_tokens: 64, cache_write_tokens: 8 },
        output_tokens: 30,
        output_tokens_details: { reasoning_tokens: 12 },
        total_tokens: 130,
      },
      user: 'u-1',
    } satisfies WireResponse);
  });

  it.each([
    ['length', 'max_output_tokens'],
    ['content_filter', 'content_filter'],
  ])('is incomplete after %s, and so is its last item', (finishReason, reason) => {
    const calls = [
      { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } },
      { id: 'c2', type: 'function', function: { name: 'f', arguments: '{"a":' } },
    ];
    expect(answered(completion({ content: 'Half', tool_calls: calls }, finishReason))).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason },
      output: [{ status: 'completed' }, { status: 'completed' }, { status: 'incomplete', arguments: '{"a":' }],
    });
  });

  it('has a refusal as a part of its own', () => {
    expect(answered(completion({ content: 'Нет.', refusal: 'Не могу.' }))['output']).toMatchObject([
      {
        type: 'message',
        content: [
          { type: 'output_text', text: 'Нет.' },
          { type: 'refusal', refusal: 'Не могу.' },
        ],
      },
    ]);
  });

  it('has no items where nothing was said', () => {
    expect(answered(completion({ content: '' }))).toMatchObject({ status: 'completed', output: [] });
  });

  it('keeps citations and log probabilities with the text', () => {
    const citation = { url: 'https://example.com/', title: 'Пример', start_index: 0, end_index: 2 };
    const body = completion({ content: 'Да', annotations: [{ type: 'url_citation', url_citation: citation }] });
    const [choice] = body['choices'] as JsonObject[];
    const token = { token: 'Да', logprob: -0.1, bytes: null, top_logprobs: [] };
    const alternatives = [{ token: 'Да', logprob: -0.1, bytes: [208, 148, 208, 176] }];
    const logprobs = { content: [{ ...token, top_logprobs: alternatives }], refusal: null };
    expect(answered({ ...body, choices: [{ ...choice, logprobs }] })['output']).toMatchObject([
      {
        content: [
          {
            text: 'Да',
            annotations: [{ type: 'url_citation', ...citation }],
            logprobs: [{ token: 'Да', logprob: -0.1, bytes: [], top_logprobs: alternatives }],
          },
        ],
      },
    ]);
  });

  it('reads the list of parts in which Mistral’s reasoning models answer', () => {
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
      { type: 'text', text: 'Да.' },
    ];
    expect(answered(completion({ content }))['output']).toMatchObject([
      { type: 'reasoning', content: [{ text: 'Hm.' }] },
      { type: 'message', content: [{ text: 'Да.' }] },
    ]);
  });

  it('gives calls ids of their own where the provider gave none, or one twice', () => {
    const call = { type: 'function', function: { name: 'f', arguments: '{}' } };
    const calls = [{ ...call, id: '' }, call, { ...call, id: 'c' }, { ...call, id: 'c' }];
    const { output } = answered(completion({ tool_calls: calls }));
    expect(output).toMatchObject(
      [0, 1, 2, 3].map((index) => ({ call_id: index === 2 ? 'c' : `call_${HEX}_${index}` })),
    );
  });

  it('writes arguments as text where a server sent them as an object', () => {
    const calls = [{ id: 'c', type: 'function', function: { name: 'f', arguments: { a: 'я' } } }];
    expect(answered(completion({ tool_calls: calls }))['output']).toMatchObject([{ arguments: '{"a":"я"}' }]);
  });

  it('has no usage where the provider reported none, and a sum where it reported no total', () => {
    expect(answered(completion({ content: 'x' }))).not.toHaveProperty('usage');
    const usage = { prompt_tokens: 3, completion_tokens: 4, prompt_tokens_details: null };
    expect(answered(completion({ content: 'x' }, 'stop', { usage }))['usage']).toEqual({
      input_tokens: 3,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens: 4,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 7,
    });
  });

  it.each<JsonObject>([
    {},
    { choices: [] },
    { choices: [null] },
    { choices: [{ index: 0 }] },
    { error: { code: 1 } },
    completion({ content: 7 }),
    completion({ tool_calls: {} }),
    completion({ tool_calls: ['c'] }),
    completion({ content: 'Half' }, 'error'),
  ])('cannot be made of %j', (body) => {
    const { answer } = responsesToChat({ input: 'x' }, OPTIONS);
    expect(() => answer(body)).toThrow(ProviderInvalidAnswer);
  });
});
