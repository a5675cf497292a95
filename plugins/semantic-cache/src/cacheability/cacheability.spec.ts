import type { Call, JsonObject, TranscriptionCall } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { aChat, aMessage, aModeration, anEmbedding, aResponse } from '../../test/calls.js';
import { configuration } from '../configuration.js';
import { cacheability } from './cacheability.js';
import { uncacheableInWords, type Uncacheable } from './uncacheable.js';

function whyNot(call: Call, config: JsonObject = {}): Uncacheable | undefined {
  return cacheability(configuration.parse(config))(call);
}

const FUNCTION = { type: 'function', function: { name: 'get_order' } };

function aTranscription(): TranscriptionCall {
  const body = { model: 'whisper-1' };
  const { received: _, ...call } = aChat();
  return {
    ...call,
    operation: 'audio.transcriptions',
    stream: false,
    body,
    received: { bytes: Buffer.alloc(1), body },
  };
}

describe('answers that may be kept', () => {
  it.each<[string, Call]>([
    ['a chat', aChat()],
    ['at the limit of temperature', aChat({ temperature: 1 })],
    ['without a temperature', aChat({ temperature: null })],
    ['with functions', aChat({ tools: [FUNCTION] })],
    [
      'with an image by its address',
      aChat({
        messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://e.x/a.png' } }] }],
      }),
    ],
    ['that is not stored', aChat({ store: false })],
    ['asked afresh', aChat({}, { cache: 'refresh' })],
    [
      'a response',
      aResponse({
        store: false,
        background: false,
        previous_response_id: null,
        tools: [{ type: 'function', name: 'f' }],
      }),
    ],
    [
      'a message with tools that the caller runs',
      aMessage({ tools: [{ name: 'f' }, { type: 'bash_20250124', name: 'bash' }], mcp_servers: [] }),
    ],
    ['an embedding', anEmbedding()],
    ['a moderation', aModeration()],
  ])('%s', (_, call) => expect(whyNot(call)).toBeUndefined());
});

describe('answers that may not be kept', () => {
  it.each<[string, Call, Uncacheable]>([
    ['the caller says so', aChat({}, { cache: 'no-store' }), 'no-store'],
    ['sound', aTranscription(), 'operation'],
    ['hot', aChat({ temperature: 1.01 }), 'temperature'],
    ['a temperature that is none', aChat({ temperature: 'hot' }), 'temperature'],
    ['a hot response', aResponse({ temperature: 2 }), 'temperature'],
    ['stored at the provider', aChat({ store: true }), 'stateful'],
    ['a response in a conversation', aResponse({ conversation: 'conv_1' }), 'stateful'],
    ['a response to a response', aResponse({ previous_response_id: 'resp_1' }), 'stateful'],
    ['a response in the background', aResponse({ background: true }), 'stateful'],
    ['a response that is stored', aResponse({ store: true }), 'stateful'],
    ['a prompt that lies at the provider', aResponse({ prompt: { id: 'pmpt_1' } }), 'stateful'],
    ['a container', aMessage({ container: 'container_1' }), 'stateful'],
    ['an answer in sound', aChat({ modalities: ['text', 'audio'] }), 'audio-answer'],
    ['a search by OpenAI', aChat({ web_search_options: {} }), 'provider-tools'],
    ['a search in a response', aResponse({ tools: [{ type: 'web_search' }] }), 'provider-tools'],
    ['tools of a server', aResponse({ tools: [{ type: 'mcp', server_url: 'https://e.x' }] }), 'provider-tools'],
    [
      'a search by Anthropic',
      aMessage({ tools: [{ type: 'web_search_20250305', name: 'web_search' }] }),
      'provider-tools',
    ],
    ['servers that Anthropic calls', aMessage({ mcp_servers: [{ url: 'https://e.x' }] }), 'provider-tools'],
  ])('%s', (_, call, reason) => {
    expect(whyNot(call)).toBe(reason);
    expect(uncacheableInWords(reason)).toMatch(/^not cached: /);
  });

  it('calls without a temperature, where the tenant wants less than what models take', () => {
    expect(whyNot(aChat(), { maxTemperature: 0.5 })).toBe('temperature');
    expect(whyNot(aChat({ temperature: 0.5 }), { maxTemperature: 0.5 })).toBeUndefined();
    expect(whyNot(anEmbedding(), { maxTemperature: 0 })).toBeUndefined();
  });
});

describe('volatile tools', () => {
  const config = { volatileTools: ['get_time', 'weather.*'] };
  const chat = (name: string): Call =>
    aChat({
      messages: [
        { role: 'user', content: 'Сколько времени?' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'call_1', type: 'function', function: { name, arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'call_1', content: '12:00' },
      ],
    });
  const response = (name: string): Call =>
    aResponse({
      input: [
        { role: 'user', content: 'Сколько времени?' },
        { type: 'function_call', call_id: 'call_1', name, arguments: '{}' },
        { type: 'function_call_output', call_id: 'call_1', output: '12:00' },
      ],
    });
  const message = (name: string): Call =>
    aMessage({
      messages: [
        { role: 'user', content: 'Сколько времени?' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name, input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: '12:00' }] },
      ],
    });

  it.each([chat, response, message])('are found by name and by pattern: %s', (conversation) => {
    for (const name of ['get_time', 'weather.now']) expect(whyNot(conversation(name), config)).toBe('volatile-tools');
    for (const name of ['get_order', 'get_time_zone', 'weather'])
      expect(whyNot(conversation(name), config)).toBeUndefined();
    expect(whyNot(conversation('get_time'))).toBeUndefined();
  });

  it('that were called and have not answered yet make no answer volatile', () => {
    const { messages } = chat('get_time').body as { messages: readonly JsonObject[] };
    expect(whyNot(aChat({ messages: messages.slice(0, 2) }), config)).toBeUndefined();
  });

  it('counts a result as volatile whose call is not there', () => {
    expect(whyNot(aChat({ messages: [{ role: 'tool', tool_call_id: 'lost', content: '12:00' }] }), config)).toBe(
      'volatile-tools',
    );
  });

  it('knows results of the old kind, of custom tools and of shells', () => {
    expect(whyNot(aChat({ messages: [{ role: 'function', name: 'get_time', content: '12:00' }] }), config)).toBe(
      'volatile-tools',
    );
    const custom = (name: string): Call =>
      aResponse({
        input: [
          { type: 'custom_tool_call', call_id: 'c', name, input: '' },
          { type: 'custom_tool_call_output', call_id: 'c', output: '' },
        ],
      });
    expect(whyNot(custom('get_time'), config)).toBe('volatile-tools');
    expect(whyNot(custom('get_order'), config)).toBeUndefined();
    const shell = aResponse({
      input: [
        { type: 'local_shell_call', call_id: 'c', action: {} },
        { type: 'local_shell_call_output', call_id: 'c', output: '' },
      ],
    });
    expect(whyNot(shell, config)).toBeUndefined();
    expect(whyNot(shell, { volatileTools: ['local_shell'] })).toBe('volatile-tools');
  });
});
