import type Anthropic from '@anthropic-ai/sdk';
import type { JsonObject } from '@parsimony/contract';
import { InvalidRequest, UnsupportedParameter } from '@parsimony/contract';
import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { openAiSchemaCheck } from '../../../test/openai-schema.js';
import { CHAT_QUESTION, OPTIONS } from '../../../test/questions.js';
import { refusalOf } from '../../../test/refusal-of.js';
import { chatToMessages } from './chat-to-messages.js';
import { DEFAULT_MAX_TOKENS } from './max-tokens.js';

const checkSchema = openAiSchemaCheck();

function requestOf(changes: JsonObject): JsonObject {
  return chatToMessages({ ...CHAT_QUESTION, ...changes }, OPTIONS).request;
}

function messagesOf(...messages: JsonObject[]): JsonObject {
  const { system, messages: translated } = requestOf({ messages });
  return { system, messages: translated };
}

const asked = { role: 'user', content: 'Какая погода в Москве?' };
const weatherSchema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

describe('the request of a chat completion', () => {
  it('is carried over whole', () => {
    const chat = {
      model: 'anthropic/claude-haiku-4-5',
      messages: [
        { role: 'system', content: 'Отвечай кратко.' },
        { role: 'developer', content: [{ type: 'text', text: 'Celsius.' }] },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Что на картинках? 🖼️' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'auto' } },
            { type: 'image_url', image_url: { url: 'https://example.org/cat.webp' } },
            { type: 'file', file: { filename: 'отчёт.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } },
          ],
        },
        {
          role: 'assistant',
          content: null,
          refusal: null,
          tool_calls: [
            { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Москва"}' } },
            { id: 'call_2', type: 'function', function: { name: 'weather', arguments: '' } },
          ],
        },
        { role: 'tool', tool_call_id: 'call_1', content: '+3 °C' },
        { role: 'tool', tool_call_id: 'call_2', content: [{ type: 'text', text: 'which city?' }] },
        { role: 'user', content: 'И завтра?' },
      ],
      tools: [
        {
          type: 'function',
          function: { name: 'weather', description: 'Погода', parameters: weatherSchema, strict: true },
        },
        { type: 'function', function: { name: 'now' } },
      ],
      tool_choice: 'required',
      parallel_tool_calls: false,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'forecast', description: 'A forecast', schema: weatherSchema, strict: true },
      },
      reasoning_effort: 'high',
      max_completion_tokens: 500,
      stop: ['КОНЕЦ'],
      safety_identifier: 'user-7',
      service_tier: 'default',
      stream: true,
      stream_options: { include_usage: true },
    } satisfies OpenAI.ChatCompletionCreateParamsStreaming;
    const expected = {
      model: 'a-model',
      max_tokens: 500,
      system: [
        { type: 'text', text: 'Отвечай кратко.' },
        { type: 'text', text: 'Celsius.' },
      ],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Что на картинках? 🖼️' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
            { type: 'image', source: { type: 'url', url: 'https://example.org/cat.webp' } },
            {
              type: 'document',
              title: 'отчёт.pdf',
              source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' },
            },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'tool_use', id: 'call_1', name: 'weather', input: { city: 'Москва' } },
            { type: 'tool_use', id: 'call_2', name: 'weather', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'call_1', content: '+3 °C' },
            { type: 'tool_result', tool_use_id: 'call_2', content: 'which city?' },
          ],
        },
        { role: 'user', content: 'И завтра?' },
      ],
      tools: [
        { name: 'weather', description: 'Погода', input_schema: { ...weatherSchema, type: 'object' }, strict: true },
        { name: 'now', input_schema: { type: 'object', properties: {} } },
      ],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
      thinking: { type: 'adaptive' },
      output_config: {
        effort: 'high',
        format: { type: 'json_schema', schema: { title: 'forecast', description: 'A forecast', ...weatherSchema } },
      },
      stop_sequences: ['КОНЕЦ'],
      metadata: { user_id: 'user-7' },
      service_tier: 'standard_only',
      stream: true,
    } satisfies Anthropic.MessageCreateParamsStreaming;
    checkSchema('CreateChatCompletionRequest', chat);
    expect(chatToMessages(chat, OPTIONS).request).toEqual(expected);
  });

  it('of the least becomes the least', () => {
    expect(requestOf({})).toEqual({
      model: 'a-model',
      max_tokens: DEFAULT_MAX_TOKENS,
      messages: [{ role: 'user', content: 'Name a prime number.' }],
    });
  });

  it.each([
    ['temperature', { temperature: 0.3, top_p: 0.9 }, { temperature: 0.3, top_p: 0.9 }],
    ['a deprecated limit', { max_tokens: 7 }, { max_tokens: 7 }],
    ['two limits that agree', { max_tokens: 7, max_completion_tokens: 7 }, { max_tokens: 7 }],
    ['a single stop', { stop: 'END' }, { stop_sequences: ['END'] }],
    ['a deprecated user', { user: 'u' }, { metadata: { user_id: 'u' } }],
    ['no thinking', { reasoning_effort: 'none' }, { thinking: { type: 'disabled' } }],
    ['no stops, no tools', { stop: [], tools: [], tool_choice: 'none', parallel_tool_calls: false }, {}],
    ['a text as the format', { response_format: { type: 'text' } }, {}],
    ['hints about the cache', { prompt_cache_key: 'k', prompt_cache_retention: '24h' }, {}],
  ])('with %s', (_name, changes, expected) => {
    expect(requestOf(changes)).toEqual({ max_tokens: DEFAULT_MAX_TOKENS, ...requestOf({}), ...expected });
  });

  it.each([
    ['none', { type: 'none' }],
    ['auto', { type: 'auto', disable_parallel_tool_use: true }],
    [undefined, { type: 'auto', disable_parallel_tool_use: true }],
    [
      { type: 'function', function: { name: 'now' } },
      { type: 'tool', name: 'now', disable_parallel_tool_use: true },
    ],
  ])('with the tool choice %j and one call at a time', (choice, expected) => {
    const tools = [{ type: 'function', function: { name: 'now' } }];
    const { tool_choice: translated } = requestOf({ tools, tool_choice: choice, parallel_tool_calls: false });
    expect(translated).toEqual(expected);
  });

  it('marks what the caller wants to be cached', () => {
    const part = (breakpoint: JsonObject): JsonObject => ({
      type: 'text',
      text: 't',
      prompt_cache_breakpoint: breakpoint,
    });
    const content = [part({ mode: 'explicit' }), part({ mode: 'explicit', ttl: '12h' })];
    expect(messagesOf({ role: 'user', content }).messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 't', cache_control: { type: 'ephemeral' } },
          { type: 'text', text: 't', cache_control: { type: 'ephemeral', ttl: '1h' } },
        ],
      },
    ]);
  });
});

describe('the conversation', () => {
  const answered = { role: 'assistant', content: 'Дождь.' };
  const system = { role: 'system', content: 'Now in English.' };

  it('keeps a system message in the middle where it stands', () => {
    expect(messagesOf(asked, system, answered, asked, system)).toEqual({
      system: undefined,
      messages: [asked, system, answered, asked, system],
    });
  });

  it('merges system messages in a row', () => {
    const both = { role: 'system', content: [system, system].map(({ content }) => ({ type: 'text', text: content })) };
    expect(messagesOf(system, system, asked, system, system).system).toEqual(both.content);
    expect(messagesOf(system, system, asked, system, system).messages).toEqual([asked, both]);
  });

  it.each([
    ['behind an answer', [asked, answered, system, asked], 'messages[2].role'],
    ['before a question', [asked, system, asked], 'messages[1].role'],
  ])('refuses a system message %s, which Anthropic does not take', (_name, messages, param) => {
    expect(refusalOf(() => messagesOf(...messages))).toEqual({ class: UnsupportedParameter, param });
  });

  it('leaves out what says nothing', () => {
    const empty = [
      { role: 'system', content: '' },
      asked,
      { role: 'assistant', content: '' },
      { role: 'user', content: '' },
    ];
    expect(messagesOf(...empty)).toEqual({ system: undefined, messages: [asked] });
    expect(
      messagesOf({
        role: 'user',
        content: [
          { type: 'text', text: '' },
          { type: 'text', text: 'x' },
        ],
      }).messages,
    ).toEqual([{ role: 'user', content: 'x' }]);
  });

  it('takes an answer back as a client of OpenAI holds it, with a refusal as the words that it is', () => {
    const answer = {
      role: 'assistant',
      content: 'Нет.',
      refusal: 'I cannot.',
      annotations: [],
      audio: null,
      function_call: null,
      reasoning_content: 'Хм…',
    };
    expect(messagesOf(asked, answer, asked).messages).toEqual([
      asked,
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Нет.' },
          { type: 'text', text: 'I cannot.' },
        ],
      },
      asked,
    ]);
  });

  it('decodes a text file', () => {
    const data = Buffer.from('Привет 👋').toString('base64');
    const file = { type: 'file', file: { file_data: `data:text/plain;charset=utf-8;base64,${data}` } };
    expect(messagesOf({ role: 'user', content: [file] }).messages).toEqual([
      {
        role: 'user',
        content: [{ type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Привет 👋' } }],
      },
    ]);
  });
});

describe('what Messages cannot carry', () => {
  it.each<[string, JsonObject]>([
    ['n', { n: 2 }],
    ['logprobs', { logprobs: true }],
    ['top_logprobs', { top_logprobs: 3 }],
    ['logit_bias', { logit_bias: { '50256': -100 } }],
    ['seed', { seed: 7 }],
    ['presence_penalty', { presence_penalty: 0.1 }],
    ['frequency_penalty', { frequency_penalty: -1 }],
    ['store', { store: true }],
    ['metadata', { metadata: { a: 'b' } }],
    ['modalities', { modalities: ['text', 'audio'] }],
    ['audio', { audio: { voice: 'alloy', format: 'mp3' } }],
    ['prediction', { prediction: { type: 'content', content: 'x' } }],
    ['verbosity', { verbosity: 'low' }],
    ['web_search_options', { web_search_options: {} }],
    ['functions', { functions: [{ name: 'f' }] }],
    ['function_call', { function_call: 'auto' }],
    ['moderation', { moderation: { model: 'omni' } }],
    ['temperature', { temperature: 1.1 }],
    ['reasoning_effort', { reasoning_effort: 'minimal' }],
    ['response_format.type', { response_format: { type: 'json_object' } }],
    ['service_tier', { service_tier: 'flex' }],
    ['stop[1]', { stop: ['a', '\n'] }],
    ['stream_options.include_obfuscation', { stream: true, stream_options: { include_obfuscation: true } }],
    ['user', { user: 'a', safety_identifier: 'b' }],
    ['tool_choice.type', { tool_choice: { type: 'allowed_tools', allowed_tools: {} } }],
    ['tools[0].type', { tools: [{ type: 'custom', custom: { name: 'c' } }] }],
    [
      'tools[0].function.parameters.type',
      { tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'array' } } }] },
    ],
    ['a_field_of_2031', { a_field_of_2031: 1 }],
    ['__proto__', JSON.parse('{"__proto__": 1}') as JsonObject],
    ['constructor', { constructor: 1 }],
    ['messages[0].name', { messages: [{ ...asked, name: 'Anna' }] }],
    ['messages[0].role', { messages: [{ role: 'function', name: 'f', content: '1' }, asked] }],
    [
      'messages[0].content[0].type',
      { messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: {} }] }] },
    ],
    ['messages[0].content[0].type', { messages: [{ role: 'system', content: [{ type: 'image_url' }] }, asked] }],
    [
      'messages[0].content[0].file.file_id',
      { messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'f' } }] }] },
    ],
    ['messages[0].content[0].file.file_data', filePart('data:image/tiff;base64,AAAA')],
    ['messages[0].content[0].image_url.detail', imagePart('https://example.org/a.png', 'low')],
    ['messages[0].content[0].image_url.url', imagePart('http://example.org/a.png')],
    ['messages[0].content[0].image_url.url', imagePart('data:image/tiff;base64,AAAA')],
    ['messages[0].content[0].image_url.url', imagePart('data:image/png,AAAA')],
    ['messages[1]', { messages: [asked, { role: 'assistant', content: 'Дождь' }] }],
    ['messages[0].tool_calls[0].type', { messages: [{ role: 'assistant', tool_calls: [{ type: 'custom' }] }, asked] }],
  ])('%s is refused by name', (param, changes) => {
    expect(refusalOf(() => requestOf(changes))).toEqual({ class: UnsupportedParameter, param });
  });

  it.each<[string | null, JsonObject]>([
    ['messages', { messages: 'hello' }],
    ['messages', { messages: [] }],
    ['messages', { messages: [{ role: 'system', content: 'alone' }] }],
    ['messages[0]', { messages: [null] }],
    ['messages[0].role', { messages: [{ content: 'x' }] }],
    ['messages[0].content', { messages: [{ role: 'user' }] }],
    ['messages[0].content[0].text', { messages: [{ role: 'user', content: [{ type: 'text' }] }] }],
    ['messages[0].tool_call_id', { messages: [{ role: 'tool', content: 'x' }] }],
    ['messages[0].tool_calls[0].function.arguments', callWith('{"city":')],
    ['messages[0].tool_calls[0].function.arguments', callWith('[1]')],
    ['messages[0].tool_calls[0].function.arguments', callWith('{"a":'.repeat(5000) + '1' + '}'.repeat(5000))],
    ['messages[0].content[0].file.file_data', filePart('JVBERi0=')],
    ['max_tokens', { max_tokens: 1, max_completion_tokens: 2 }],
    ['max_completion_tokens', { max_completion_tokens: 0 }],
    ['temperature', { temperature: -1 }],
    ['temperature', { temperature: '1' }],
    ['top_p', { top_p: 2 }],
    ['stream', { stream: 'yes' }],
    ['stop', { stop: 5 }],
    ['stop[0]', { stop: [5] }],
    ['tool_choice', { tool_choice: 'required' }],
    ['tool_choice', { tool_choice: 'perhaps' }],
    ['response_format.json_schema.schema', { response_format: { type: 'json_schema', json_schema: { name: 'x' } } }],
    [null, { tools: JSON.parse('['.repeat(9999) + ']'.repeat(9999)) as JsonObject[] }],
  ])('%s that is wrong in its own protocol is told so', (param, changes) => {
    expect(refusalOf(() => requestOf(changes))).toEqual({ class: InvalidRequest, param });
  });
});

function imagePart(url: string, detail?: string): JsonObject {
  return { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url, detail } }] }] };
}

function filePart(fileData: string): JsonObject {
  return { messages: [{ role: 'user', content: [{ type: 'file', file: { file_data: fileData } }] }] };
}

function callWith(text: string): JsonObject {
  const call = { id: 'c', type: 'function', function: { name: 'f', arguments: text } };
  return { messages: [{ role: 'assistant', tool_calls: [call] }, asked] };
}
