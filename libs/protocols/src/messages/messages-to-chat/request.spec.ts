import type Anthropic from '@anthropic-ai/sdk';
import type { JsonObject } from '@parsimony/contract';
import { InvalidRequest, UnsupportedParameter } from '@parsimony/contract';
import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { openAiSchemaCheck } from '../../../test/openai-schema.js';
import { MESSAGES_QUESTION, OPTIONS } from '../../../test/questions.js';
import { refusalOf } from '../../../test/refusal-of.js';
import { messagesToChat } from './messages-to-chat.js';

const checkSchema = openAiSchemaCheck();

function requestOf(changes: JsonObject): JsonObject {
  return messagesToChat({ ...MESSAGES_QUESTION, ...changes }, OPTIONS).request;
}

const asked = { role: 'user', content: 'Какая погода в Москве?' };

function messagesOf(...messages: JsonObject[]): unknown {
  return requestOf({ messages: [...messages, asked] })['messages'];
}

const weatherSchema = {
  type: 'object' as const,
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

describe('the request of a message', () => {
  it('is carried over whole', () => {
    const messages = {
      model: 'openai/gpt-4.1-mini',
      max_tokens: 500,
      system: [
        { type: 'text', text: 'Отвечай кратко.', cache_control: { type: 'ephemeral', ttl: '1h' } },
        { type: 'text', text: 'Celsius.' },
      ],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Что на картинках? 🖼️', citations: null },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
            { type: 'image', source: { type: 'url', url: 'https://example.org/cat.webp' } },
            {
              type: 'document',
              title: 'отчёт.pdf',
              source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' },
              citations: { enabled: false },
            },
            { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Привет' } },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Хм…', signature: 'c2lnbmVk' },
            { type: 'text', text: 'Смотрю.' },
            { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Москва' }, caller: { type: 'direct' } },
            { type: 'tool_use', id: 'toolu_2', name: 'weather', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'toolu_1', content: '+3 °C', is_error: false },
            {
              type: 'tool_result',
              tool_use_id: 'toolu_2',
              content: [{ type: 'text', text: 'какой город?' }],
              is_error: true,
            },
            { type: 'text', text: 'И завтра?' },
          ],
        },
        { role: 'system', content: 'Now in English.' },
      ],
      tools: [
        {
          name: 'weather',
          description: 'Погода',
          input_schema: weatherSchema,
          strict: true,
          eager_input_streaming: true,
        },
        { type: 'custom', name: 'now', input_schema: { type: 'object' }, cache_control: { type: 'ephemeral' } },
      ],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
      thinking: { type: 'adaptive' },
      output_config: {
        effort: 'high',
        format: { type: 'json_schema', schema: { title: 'forecast', ...weatherSchema } },
      },
      stop_sequences: ['КОНЕЦ'],
      metadata: { user_id: 'user-7' },
      service_tier: 'standard_only',
      stream: true,
    } satisfies Anthropic.MessageCreateParamsStreaming;
    const expected = {
      model: 'a-model',
      max_completion_tokens: 500,
      messages: [
        {
          role: 'system',
          content: [
            { type: 'text', text: 'Отвечай кратко.' },
            { type: 'text', text: 'Celsius.' },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Что на картинках? 🖼️' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
            { type: 'image_url', image_url: { url: 'https://example.org/cat.webp' } },
            { type: 'file', file: { filename: 'отчёт.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } },
            { type: 'file', file: { filename: 'document.txt', file_data: 'data:text/plain;base64,0J/RgNC40LLQtdGC' } },
          ],
        },
        {
          role: 'assistant',
          content: 'Смотрю.',
          tool_calls: [
            { id: 'toolu_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Москва"}' } },
            { id: 'toolu_2', type: 'function', function: { name: 'weather', arguments: '{}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'toolu_1', content: '+3 °C' },
        { role: 'tool', tool_call_id: 'toolu_2', content: 'Error: какой город?' },
        { role: 'user', content: 'И завтра?' },
        { role: 'system', content: 'Now in English.' },
      ],
      tools: [
        {
          type: 'function',
          function: { name: 'weather', description: 'Погода', parameters: weatherSchema, strict: true },
        },
        { type: 'function', function: { name: 'now', parameters: { type: 'object' } } },
      ],
      tool_choice: 'required',
      parallel_tool_calls: false,
      reasoning_effort: 'high',
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'forecast', schema: { title: 'forecast', ...weatherSchema }, strict: true },
      },
      stop: ['КОНЕЦ'],
      safety_identifier: 'user-7',
      service_tier: 'default',
      stream: true,
      stream_options: { include_usage: true },
    } satisfies OpenAI.ChatCompletionCreateParamsStreaming;
    expect(messagesToChat(messages, OPTIONS).request).toEqual(expected);
    checkSchema('CreateChatCompletionRequest', expected);
  });

  it('of the least becomes the least', () => {
    expect(requestOf({})).toEqual({
      model: 'a-model',
      max_completion_tokens: 100,
      messages: [{ role: 'user', content: 'Name a prime number.' }],
    });
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['temperature', { temperature: 0.3, top_p: 0.9 }, { temperature: 0.3, top_p: 0.9 }],
    [
      'a system prompt',
      { system: 'Да.' },
      { messages: [{ role: 'system', content: 'Да.' }, ...(MESSAGES_QUESTION['messages'] as [])] },
    ],
    ['an empty system prompt', { system: '' }, {}],
    ['an effort alone', { output_config: { effort: 'max' } }, { reasoning_effort: 'max' }],
    ['no thinking', { thinking: { type: 'disabled' } }, { reasoning_effort: 'none' }],
    ['as much thinking as the model likes', { thinking: { type: 'adaptive', display: 'summarized' } }, {}],
    ['a mark for the cache', { cache_control: { type: 'ephemeral' } }, {}],
    [
      'nulls',
      { container: null, top_k: null, output_config: { effort: null, format: null }, metadata: { user_id: null } },
      {},
    ],
    ['a tier', { service_tier: 'auto' }, { service_tier: 'auto' }],
    ['no tools', { tools: [], tool_choice: { type: 'auto' } }, {}],
  ])('with %s', (_name, changes, expected) => {
    expect(requestOf(changes)).toEqual({ ...requestOf({}), ...expected });
  });

  it('hashes an identifier that is too long for OpenAI, always alike', () => {
    const userId = `user_${'a'.repeat(80)}`;
    const { safety_identifier: hashed } = requestOf({ metadata: { user_id: userId } });
    expect(hashed).toMatch(/^[0-9a-f]{64}$/);
    expect(requestOf({ metadata: { user_id: userId } })['safety_identifier']).toBe(hashed);
    expect(requestOf({ metadata: { user_id: `${userId}b` } })['safety_identifier']).not.toBe(hashed);
  });

  it.each([
    ['Прогноз погоды', 'answer'],
    [undefined, 'answer'],
    ['a'.repeat(65), 'answer'],
    ['Weather_report-1', 'Weather_report-1'],
  ])('names a format titled %j %s', (title, name) => {
    const format = { type: 'json_schema', schema: { ...weatherSchema, title } };
    expect(requestOf({ output_config: { format } })['response_format']).toMatchObject({ json_schema: { name } });
  });

  it.each([
    [{ type: 'auto' }, 'auto'],
    [{ type: 'none' }, 'none'],
    [{ type: 'any' }, 'required'],
    [
      { type: 'tool', name: 'now' },
      { type: 'function', function: { name: 'now' } },
    ],
  ] satisfies [Anthropic.ToolChoice, OpenAI.ChatCompletionToolChoiceOption][])(
    'with the tool choice %j',
    (choice, expected) => {
      const tools = [{ name: 'now', input_schema: { type: 'object' } }];
      const { tool_choice: translated, parallel_tool_calls: parallel } = requestOf({ tools, tool_choice: choice });
      expect({ translated, parallel }).toEqual({ translated: expected, parallel: undefined });
    },
  );
});

describe('the conversation', () => {
  it('leaves out the thinking that Anthropic sealed, and gives back that which a chat showed', () => {
    const sealed = [
      { type: 'thinking', thinking: 'Secret', signature: 'c2lnbmVk' },
      { type: 'redacted_thinking', data: 'ZW5jcnlwdGVk' },
    ];
    const shown = { type: 'thinking', thinking: 'Хм…', signature: '' };
    const said = { type: 'text', text: 'Дождь.' };
    expect(messagesOf({ role: 'assistant', content: [...sealed, shown, said] })).toEqual([
      { role: 'assistant', content: 'Дождь.', reasoning_content: 'Хм…' },
      asked,
    ]);
  });

  it('says texts first, then calls', () => {
    const call = { type: 'tool_use', id: 't', name: 'now', input: {} };
    const content = [{ type: 'text', text: 'a' }, call, { type: 'text', text: 'b' }];
    expect(messagesOf({ role: 'assistant', content })).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
        tool_calls: [{ id: 't', type: 'function', function: { name: 'now', arguments: '{}' } }],
      },
      asked,
    ]);
  });

  it('tells of a tool that failed, with or without words', () => {
    const result = (content?: JsonObject[]): JsonObject => ({
      type: 'tool_result',
      tool_use_id: 't',
      content,
      is_error: true,
    });
    const lines = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ];
    expect(messagesOf({ role: 'user', content: [result(), result(lines)] })).toEqual([
      { role: 'tool', tool_call_id: 't', content: 'Error: ' },
      { role: 'tool', tool_call_id: 't', content: [{ type: 'text', text: 'Error: ' }, ...lines] },
      asked,
    ]);
  });
});

describe('what chat completions cannot carry', () => {
  const user = (block: JsonObject): JsonObject => ({ messages: [{ role: 'user', content: [block] }] });
  const assistant = (block: JsonObject): JsonObject => ({ messages: [{ role: 'assistant', content: [block] }, asked] });
  const tool = (changes: JsonObject): JsonObject => ({
    tools: [{ name: 't', input_schema: { type: 'object' }, ...changes }],
  });
  const pdf = { type: 'base64', media_type: 'application/pdf', data: '' };

  it.each<[string, JsonObject]>([
    ['top_k', { top_k: 5 }],
    ['container', { container: 'c' }],
    ['context_management', { context_management: { edits: [] } }],
    ['diagnostics', { diagnostics: { previous_message_id: null } }],
    ['inference_geo', { inference_geo: 'eu' }],
    ['speed', { speed: 'fast' }],
    ['mcp_servers', { mcp_servers: [{ type: 'url', url: 'https://example.org', name: 'm' }] }],
    ['a_field_of_2031', { a_field_of_2031: 1 }],
    ['__proto__', JSON.parse('{"__proto__": 1}') as JsonObject],
    ['max_tokens', { max_tokens: 0 }],
    ['stop_sequences[4]', { stop_sequences: ['a', 'b', 'c', 'd', 'e'] }],
    ['thinking.budget_tokens', { thinking: { type: 'enabled', budget_tokens: 2048 } }],
    ['thinking.type', { thinking: { type: 'between_tools' } }],
    ['output_config.effort', { thinking: { type: 'disabled' }, output_config: { effort: 'low' } }],
    ['output_config.task_budget', { output_config: { task_budget: {} } }],
    ['output_config.format.type', { output_config: { format: { type: 'grammar' } } }],
    ['metadata.team', { metadata: { team: 'a' } }],
    ['tools[0].type', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
    ['tools[0].defer_loading', tool({ defer_loading: true })],
    ['tools[0].input_examples', tool({ input_examples: [{}] })],
    ['tools[0].allowed_callers', tool({ allowed_callers: ['code_execution_20250825'] })],
    ['messages[0]', { messages: [{ role: 'assistant', content: 'The best answer is (' }] }],
    ['messages[0].content[0].type', user({ type: 'search_result', source: 's', title: 't', content: [] })],
    ['messages[0].content[0].type', user({ type: 'container_upload', file_id: 'f' })],
    ['messages[0].content[0].source.type', user({ type: 'image', source: { type: 'file', file_id: 'f' } })],
    [
      'messages[0].content[0].source.type',
      user({ type: 'document', source: { type: 'url', url: 'https://example.org' } }),
    ],
    ['messages[0].content[0].source.type', user({ type: 'document', source: { type: 'content', content: 'x' } })],
    ['messages[0].content[0].citations', user({ type: 'document', source: pdf, citations: { enabled: true } })],
    ['messages[0].content[0].context', user({ type: 'document', source: pdf, context: 'x' })],
    [
      'messages[0].content[0].transformations',
      user({ type: 'image', source: pdf, transformations: { oversized_image: 'error' } }),
    ],
    ['messages[0].content[0].toolset_name', user({ type: 'tool_result', tool_use_id: 't', toolset_name: 'computer' })],
    [
      'messages[0].content[0].content[0].type',
      user({ type: 'tool_result', tool_use_id: 't', content: [{ type: 'image', source: pdf }] }),
    ],
    ['messages[0].content[0].type', assistant({ type: 'server_tool_use', id: 's', name: 'web_search', input: {} })],
    [
      'messages[0].content[0].caller',
      assistant({
        type: 'tool_use',
        id: 't',
        name: 'n',
        input: {},
        caller: { type: 'code_execution_20260120', tool_id: 's' },
      }),
    ],
    [
      'messages[0].content[0].citations',
      assistant({ type: 'text', text: 'x', citations: [{ type: 'char_location' }] }),
    ],
  ])('%s is refused by name', (param, changes) => {
    expect(refusalOf(() => requestOf(changes))).toEqual({ class: UnsupportedParameter, param });
  });

  it.each<[string | null, JsonObject]>([
    ['max_tokens', { max_tokens: null }],
    ['max_tokens', { max_tokens: 1.5 }],
    ['messages', { messages: [] }],
    ['messages[0]', { messages: ['x'] }],
    ['messages[0].role', { messages: [{ role: 'tool', content: 'x' }] }],
    ['messages[0].content', { messages: [{ role: 'user' }] }],
    [
      'messages[0].content[1]',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }, { type: 'tool_result' }] }] },
    ],
    ['messages[0].content[0].input', assistant({ type: 'tool_use', id: 't', name: 'n', input: '{}' })],
    ['messages[0].content[0].signature', assistant({ type: 'thinking', thinking: 'x' })],
    ['system', { system: 5 }],
    ['temperature', { temperature: 1.5 }],
    ['thinking.display', { thinking: { type: 'adaptive', display: 'loud' } }],
    ['output_config.effort', { output_config: { effort: 'minimal' } }],
    ['service_tier', { service_tier: 'flex' }],
    ['stop_sequences[0]', { stop_sequences: [1] }],
    ['tool_choice', { tool_choice: { type: 'any' } }],
    ['tool_choice.type', { tool_choice: { type: 'perhaps' } }],
    ['tools[0].input_schema', tool({ input_schema: undefined })],
    [null, { system: JSON.parse('['.repeat(9999) + ']'.repeat(9999)) as JsonObject[] }],
  ])('%s that is wrong in its own protocol is told so', (param, changes) => {
    expect(refusalOf(() => requestOf(changes))).toEqual({ class: InvalidRequest, param });
  });
});
