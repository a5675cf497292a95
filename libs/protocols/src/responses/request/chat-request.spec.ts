import type { JsonObject } from '@parsimony/contract';
import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { openAiSchemaCheck } from '../../../test/openai-schema.js';
import { chatRequest } from './chat-request.js';

type Ask = OpenAI.Responses.ResponseCreateParams;
type ChatAsk = OpenAI.Chat.ChatCompletionCreateParams;

const check = openAiSchemaCheck();

/** Translates a request as the official client's types know it, and holds the outcome against the official schema. */
function translated(ask: Ask): JsonObject {
  const request = chatRequest(ask as unknown as JsonObject, 'gemma-3');
  check('CreateChatCompletionRequest', request);
  return request;
}

const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';

const WEATHER = {
  type: 'object',
  properties: { город: { type: 'string' } },
  required: ['город'],
  additionalProperties: false,
};

describe('chatRequest', () => {
  it('makes of a text one message of the user', () => {
    expect(translated({ model: 'economy', input: 'Привет 👋' })).toEqual({
      model: 'gemma-3',
      messages: [{ role: 'user', content: 'Привет 👋' }],
    } satisfies ChatAsk);
  });

  it('carries every parameter that both protocols have', () => {
    const ask: Ask = {
      model: 'openai/gpt-4.1',
      instructions: 'Отвечай кратко.',
      input: [{ role: 'user', content: 'Погода?' }],
      stream: true,
      stream_options: { include_obfuscation: false },
      max_output_tokens: 256,
      temperature: 0.3,
      top_p: 0.9,
      top_logprobs: 2,
      include: ['message.output_text.logprobs'],
      metadata: { feature: 'search' },
      user: 'u-1',
      safety_identifier: 's-1',
      prompt_cache_key: 'k-1',
      prompt_cache_retention: '24h',
      service_tier: 'flex',
      store: false,
      background: false,
      truncation: 'disabled',
      previous_response_id: null,
      text: {
        format: { type: 'json_schema', name: 'weather', schema: WEATHER, strict: true, description: 'Погода' },
        verbosity: 'low',
      },
      reasoning: { effort: 'high', summary: 'auto' },
      tools: [
        { type: 'function', name: 'weather', description: 'Погода в городе', parameters: WEATHER, strict: true },
        { type: 'function', name: 'now', parameters: null, strict: null },
      ],
      tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'weather' }] },
      parallel_tool_calls: false,
    };
    expect(translated(ask)).toEqual({
      model: 'gemma-3',
      messages: [
        { role: 'system', content: 'Отвечай кратко.' },
        { role: 'user', content: 'Погода?' },
      ],
      stream: true,
      stream_options: { include_usage: true, include_obfuscation: false },
      max_completion_tokens: 256,
      temperature: 0.3,
      top_p: 0.9,
      logprobs: true,
      top_logprobs: 2,
      user: 'u-1',
      safety_identifier: 's-1',
      prompt_cache_key: 'k-1',
      prompt_cache_retention: '24h',
      service_tier: 'flex',
      store: false,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'weather', schema: WEATHER, strict: true, description: 'Погода' },
      },
      verbosity: 'low',
      reasoning_effort: 'high',
      tools: [
        {
          type: 'function',
          function: { name: 'weather', description: 'Погода в городе', parameters: WEATHER, strict: true },
        },
        { type: 'function', function: { name: 'now' } },
      ],
      tool_choice: {
        type: 'allowed_tools',
        allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'weather' } }] },
      },
      parallel_tool_calls: false,
    } satisfies ChatAsk);
  });

  it('carries texts, images and files of a user, in order', () => {
    const ask: Ask = {
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'Что здесь?', prompt_cache_breakpoint: { mode: 'explicit' } },
            { type: 'input_image', image_url: 'https://example.com/cat.png', detail: 'low' },
            { type: 'input_image', image_url: PIXEL, detail: 'auto' },
            { type: 'input_file', filename: 'счёт.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' },
          ],
        },
      ],
    };
    expect(translated(ask)['messages']).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Что здесь?', prompt_cache_breakpoint: { mode: 'explicit' } },
          { type: 'image_url', image_url: { url: 'https://example.com/cat.png', detail: 'low' } },
          { type: 'image_url', image_url: { url: PIXEL, detail: 'auto' } },
          { type: 'file', file: { filename: 'счёт.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } },
        ],
      },
    ] satisfies ChatAsk['messages']);
  });

  it('gathers what the model answered in one message, with its calls right before their results', () => {
    const ask: Ask = {
      input: [
        { role: 'developer', content: [{ type: 'input_text', text: 'Be brief.' }] },
        { role: 'user', content: 'Погода в Осло и Риме?' },
        {
          type: 'reasoning',
          id: 'rs_1',
          summary: [],
          content: [{ type: 'reasoning_text', text: 'Two cities.' }],
          status: 'completed',
        },
        {
          type: 'message',
          id: 'msg_1',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text: 'Смотрю…', annotations: [], logprobs: [] }],
        },
        { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'weather', arguments: '{"город":"Осло"}' },
        { type: 'function_call', id: 'fc_2', call_id: 'c2', name: 'weather', arguments: '{"город":"Рим"}' },
        { type: 'function_call_output', call_id: 'c1', output: '−3 °C' },
        { type: 'function_call_output', call_id: 'c2', output: [{ type: 'input_text', text: '18 °C' }] },
        { role: 'assistant', content: 'Осло −3, Рим 18.' },
        { role: 'assistant', content: 'Ещё?' },
        { role: 'user', content: 'Нет' },
      ],
    };
    expect(translated(ask)['messages']).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Погода в Осло и Риме?' },
      {
        role: 'assistant',
        content: 'Смотрю…',
        reasoning_content: 'Two cities.',
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"город":"Осло"}' } },
          { id: 'c2', type: 'function', function: { name: 'weather', arguments: '{"город":"Рим"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: '−3 °C' },
      { role: 'tool', tool_call_id: 'c2', content: '18 °C' },
      { role: 'assistant', content: 'Осло −3, Рим 18.' },
      { role: 'assistant', content: 'Ещё?' },
      { role: 'user', content: 'Нет' },
    ]);
  });

  it('keeps what the model said between its calls and their results in the message of the calls', () => {
    const ask: Ask = {
      input: [
        { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' },
        { role: 'assistant', content: 'One moment.' },
        {
          type: 'message',
          id: 'msg_2',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'refusal', refusal: 'No more.' }],
        },
        { type: 'function_call_output', call_id: 'c1', output: '1' },
      ],
    };
    expect(translated(ask)['messages']).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'One moment.' },
          { type: 'refusal', refusal: 'No more.' },
        ],
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: '1' },
    ] satisfies ChatAsk['messages']);
  });

  it('has no content in a message that only calls', () => {
    const ask: Ask = { input: [{ type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' }] };
    expect(translated(ask)['messages']).toMatchObject([{ role: 'assistant', content: null }]);
  });

  it.each([
    [{ type: 'text' }, undefined],
    [{ type: 'json_object' }, { type: 'json_object' }],
  ] as const)('text.format %j', (format, expected) => {
    expect(translated({ input: 'x', text: { format } })['response_format']).toEqual(expected);
  });

  it.each([
    ['auto', 'auto'],
    ['required', 'required'],
    [
      { type: 'function', name: 'f' },
      { type: 'function', function: { name: 'f' } },
    ],
  ] as const)('tool_choice %j', (choice, expected) => {
    const tools: OpenAI.Responses.Tool[] = [{ type: 'function', name: 'f', parameters: {}, strict: false }];
    expect(translated({ input: 'x', tools, tool_choice: choice })['tool_choice']).toEqual(expected);
  });

  it('leaves out tool options that chat completions refuses without tools', () => {
    const request = translated({ input: 'x', tools: [], tool_choice: 'auto', parallel_tool_calls: true });
    expect(request).toEqual({ model: 'gemma-3', messages: [{ role: 'user', content: 'x' }] });
  });

  it('asks for log probabilities where only they are included', () => {
    const request = translated({ input: 'x', include: ['message.output_text.logprobs'] });
    expect(request).toMatchObject({ logprobs: true });
    expect(request).not.toHaveProperty('top_logprobs');
  });

  it('takes null for absent', () => {
    const parameters = [
      'instructions',
      'temperature',
      'metadata',
      'store',
      'text',
      'reasoning',
      'tools',
      'tool_choice',
    ];
    const nothing = Object.fromEntries(
      [...parameters, 'include', 'prompt', 'user', 'stream'].map((name) => [name, null]),
    );
    expect(chatRequest({ ...nothing, input: 'x' }, 'm')).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'x' }],
    });
  });
});
