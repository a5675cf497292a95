import { InvalidRequest, UnsupportedParameter } from '@parsimony/contract';
import type { Json, JsonObject } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { chatRequest } from './chat-request.js';

function refusal(body: JsonObject): unknown {
  try {
    return chatRequest({ input: 'x', ...body }, 'm');
  } catch (error) {
    return error;
  }
}

function userPart(part: JsonObject): JsonObject {
  return { input: [{ role: 'user', content: [{ type: 'input_text', text: 'x' }, part] }] };
}

function item(value: Json): JsonObject {
  return { input: [{ role: 'user', content: 'x' }, value] };
}

const BUILT_IN_TOOLS = [
  'web_search',
  'web_search_preview',
  'file_search',
  'code_interpreter',
  'computer_use_preview',
  'mcp',
  'image_generation',
  'local_shell',
  'shell',
  'apply_patch',
  'custom',
  'namespace',
  'tool_search',
];

describe('what chat completions has no counterpart for', () => {
  it.each<[param: string, body: JsonObject]>([
    ['background', { background: true }],
    ['store', { store: true }],
    ['previous_response_id', { previous_response_id: 'resp_1' }],
    ['conversation', { conversation: 'conv_1' }],
    ['prompt', { prompt: { id: 'pmpt_1' } }],
    ['truncation', { truncation: 'auto' }],
    ['max_tool_calls', { max_tool_calls: 3 }],
    ['moderation', { moderation: { model: 'omni-moderation-latest' } }],
    ['context_management', { context_management: [{ type: 'compaction' }] }],
    ['include[1]', { include: ['message.output_text.logprobs', 'reasoning.encrypted_content'] }],
    ['reasoning.summary', { reasoning: { summary: 'detailed' } }],
    ['reasoning.mode', { reasoning: { mode: 'pro' } }],
    ['text.format.type', { text: { format: { type: 'grammar' } } }],
    ['text.format.regex', { text: { format: { type: 'text', regex: '.' } } }],
    ['stream_options.include_obfuscation', { stream_options: { include_obfuscation: true } }],
    ['tools[0].output_schema', { tools: [{ type: 'function', name: 'f', output_schema: {} }] }],
    ['tools[0].defer_loading', { tools: [{ type: 'function', name: 'f', defer_loading: true }] }],
    ['tool_choice.type', { tool_choice: { type: 'web_search_preview' } }],
    ['tool_choice.tools[0].type', { tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'mcp' }] } }],
    ...BUILT_IN_TOOLS.map((type): [string, JsonObject] => ['tools[0].type', { tools: [{ type }] }]),
    ['input[0].content[1].type', userPart({ type: 'input_audio' })],
    ['input[0].content[1].file_id', userPart({ type: 'input_image', file_id: 'file-1' })],
    ['input[0].content[1].detail', userPart({ type: 'input_image', image_url: 'https://x', detail: 'original' })],
    ['input[0].content[1].file_id', userPart({ type: 'input_file', file_id: 'file-1' })],
    ['input[0].content[1].file_url', userPart({ type: 'input_file', file_url: 'https://x' })],
    ['input[1].content[0].type', item({ role: 'system', content: [{ type: 'input_image', image_url: 'https://x' }] })],
    ['input[1].phase', item({ role: 'assistant', content: 'x', phase: 'commentary' })],
    ['input[1].id', item({ id: 'msg_1' })],
    ['input[1].type', item({ type: 'item_reference', id: 'msg_1' })],
    ['input[1].type', item({ type: 'web_search_call', id: 'ws_1', status: 'completed' })],
    ['input[1].type', item({ type: 'computer_call_output', call_id: 'c', output: {} })],
    ['input[1].namespace', item({ type: 'function_call', call_id: 'c', name: 'f', arguments: '', namespace: 'n' })],
    [
      'input[1].output[0].type',
      item({ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_image', image_url: 'https://x' }] }),
    ],
    ['input[1].encrypted_content', item({ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' })],
    ['input[1].summary', item({ type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'x' }] })],
    ['input[1].id', item({ type: 'reasoning', id: 'rs_1', summary: [] })],
  ])('%s is refused by name (%j)', (param, body) => {
    const error = refusal(body);
    expect(error).toBeInstanceOf(UnsupportedParameter);
    expect(error).toMatchObject({ param });
  });

  it.each<[param: string, body: JsonObject]>([
    ['new_parameter', { new_parameter: null }],
    ['constructor', { constructor: 1 }],
    ['__proto__', JSON.parse('{"__proto__":{"temperature":1}}') as JsonObject],
    ['text.toString', { text: { toString: 1 } }],
    ['reasoning.budget', { reasoning: { budget: 1 } }],
    ['stream_options.include_usage', { stream_options: { include_usage: true } }],
    ['tools[0].cache_control', { tools: [{ type: 'function', name: 'f', cache_control: {} }] }],
    ['input[1].cache_control', item({ role: 'user', content: 'x', cache_control: {} })],
    ['input[0].content[1].crop', userPart({ type: 'input_image', image_url: 'https://x', crop: [] })],
    ['text.format.regex', { text: { format: { type: 'json_schema', name: 'n', schema: {}, regex: '.' } } }],
  ])('the unknown %s is refused by name', (param, body) => {
    const error = refusal(body);
    expect(error).toBeInstanceOf(UnsupportedParameter);
    expect(error).toMatchObject({ param });
  });
});

describe('what is no request', () => {
  it.each<[param: string, body: JsonObject]>([
    ['input', { input: undefined }],
    ['input', { input: [] }],
    ['input', { input: 7 }],
    ['input[1]', item('x')],
    ['input[1].content', item({ role: 'user' })],
    ['input[1].role', item({ role: 'robot', content: 'x' })],
    ['input[1].type', item({ type: 7 })],
    ['input[1].call_id', item({ type: 'function_call_output', output: 'x' })],
    ['input[1].output', item({ type: 'function_call_output', call_id: 'c', output: 7 })],
    ['input[1].arguments', item({ type: 'function_call', call_id: 'c', name: 'f', arguments: {} })],
    ['input[0].content[1].type', userPart({ text: 'x' })],
    ['input[0].content[1].image_url', userPart({ type: 'input_image' })],
    ['input[0].content[1].file_data', userPart({ type: 'input_file', filename: 'x' })],
    ['instructions', { instructions: 7 }],
    ['temperature', { temperature: 'hot' }],
    ['max_output_tokens', { max_output_tokens: 1.5 }],
    ['top_logprobs', { top_logprobs: 21 }],
    ['metadata', { metadata: [] }],
    ['stream', { stream: 'yes' }],
    ['tools', { tools: {} }],
    ['tools[0].name', { tools: [{ type: 'function' }] }],
    ['tools[0].strict', { tools: [{ type: 'function', name: 'f', strict: 1 }] }],
    ['tool_choice', { tool_choice: 7 }],
    ['parallel_tool_calls', { parallel_tool_calls: 1 }],
    ['text', { text: 'json' }],
    ['text.format.schema', { text: { format: { type: 'json_schema', name: 'n' } } }],
    ['reasoning.effort', { reasoning: { effort: 1 } }],
  ])('%s (%j)', (param, body) => {
    const error = refusal(body);
    expect(error).toBeInstanceOf(InvalidRequest);
    expect(error).toMatchObject({ param });
  });
});
