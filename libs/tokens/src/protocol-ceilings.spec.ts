import type { GenerationCall, Json, JsonObject, MessagesBody, ResponsesBody } from '@parsimony/contract';
import { describe, expect, test } from 'vitest';
import { randomNumbers, randomText } from '../test/random-text.js';
import { countTokens } from './count-tokens.js';
import { imageCeiling } from './image-ceiling.js';
import { LARGEST_CONTEXT_TOKENS } from './largest-context.js';
import { messagesCeiling } from './messages-ceiling.js';
import { outputCeiling } from './output-ceiling.js';
import { responsesCeiling } from './responses-ceiling.js';
import { searchCeiling } from './search-ceiling.js';

const MODEL = 'gpt-4o';

function bytesOf(body: object): number {
  return Buffer.byteLength(JSON.stringify(body));
}

function responses(fields: Partial<ResponsesBody> = {}): ResponsesBody {
  return { model: MODEL, input: 'Привет', ...fields };
}

function messages(content: Json, fields: Partial<MessagesBody> = {}): MessagesBody {
  return { model: MODEL, max_tokens: 100, messages: [{ role: 'user', content }], ...fields };
}

const item = (fields: JsonObject): ResponsesBody => responses({ input: [fields] });

/** The ceiling with the length of the body known, and measured. */
function ceilingsOf(body: ResponsesBody | MessagesBody): number[] {
  const ceiling = 'messages' in body && Array.isArray(body.messages) ? messagesCeiling : responsesCeiling;
  return [undefined, bytesOf(body)].map((bytes) => ceiling(body as MessagesBody & ResponsesBody, bytes));
}

test('is never below the count of the texts, in whichever place they stand', () => {
  const random = randomNumbers(9);
  for (let round = 0; round < 100; round++) {
    const text = randomText(random, Math.ceil(random() * 400));
    const tokens = countTokens(text, MODEL);
    const bodies = [
      responses({ input: text }),
      responses({ instructions: text }),
      item({ role: 'user', content: [{ type: 'input_text', text }] }),
      item({ type: 'function_call_output', call_id: 'c', output: text }),
      messages(text),
      messages([{ type: 'text', text }]),
      messages('Hi', { system: [{ type: 'text', text, cache_control: { type: 'ephemeral' } }] }),
      messages([{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text }] }]),
      messages([{ type: 'document', source: { type: 'text', media_type: 'text/plain', data: text } }]),
    ];
    for (const body of bodies) for (const ceiling of ceilingsOf(body)) expect(ceiling).toBeGreaterThanOrEqual(tokens);
  }
});

describe('what is only referred to has the largest context as its ceiling', () => {
  test.each<[string, ResponsesBody | MessagesBody]>([
    ['an earlier response', responses({ previous_response_id: 'resp_1' })],
    ['a conversation', responses({ conversation: { id: 'conv_1' } })],
    ['a prompt that is stored', responses({ prompt: { id: 'pmpt_1' } })],
    ['an item', item({ type: 'item_reference', id: 'msg_1' })],
    ['a file', item({ role: 'user', content: [{ type: 'input_file', file_id: 'file-1' }] })],
    [
      'a file that a function found',
      item({ type: 'function_call_output', output: [{ type: 'input_file', file_id: 'f' }] }),
    ],
    ['what a search finds', responses({ tools: [{ type: 'web_search' }] })],
    ['what a server says', responses({ tools: [{ type: 'mcp', server_label: 's' }] })],
    [
      'a PDF',
      messages([{ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBE' } }]),
    ],
    [
      'a PDF in a result',
      messages([{ type: 'tool_result', content: [{ type: 'document', source: { type: 'url', url: 'x' } }] }]),
    ],
    ['an uploaded document', messages([{ type: 'document', source: { type: 'file', file_id: 'file_1' } }])],
    ["Anthropic's search", messages('Hi', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] })],
    ["Anthropic's servers", messages('Hi', { mcp_servers: [{ type: 'url', url: 'https://example.org' }] })],
  ])('%s', (_, body) => {
    for (const ceiling of ceilingsOf(body)) expect(ceiling).toBeGreaterThan(LARGEST_CONTEXT_TOKENS);
  });

  test('and nothing else', () => {
    const tools = [
      { type: 'function', name: 'now', parameters: {} },
      { name: 'now', input_schema: {} },
    ];
    const bodies = [
      responses({ tools, previous_response_id: null, conversation: null }),
      item({ role: 'user', content: [{ type: 'input_image', file_id: 'file-1' }] }),
      messages([{ type: 'document', source: { type: 'content', content: 'Текст' } }], { tools }),
      messages('Hi', { tools: [{ type: 'bash_20250124', name: 'bash' }] }),
    ];
    for (const body of bodies) for (const ceiling of ceilingsOf(body)) expect(ceiling).toBeLessThan(20_000);
  });
});

describe('an image costs its ceiling, whatever the size of its data', () => {
  test.each<[string, (data: string) => ResponsesBody | MessagesBody]>([
    [
      'in a response',
      (data) => item({ content: [{ type: 'input_image', image_url: `data:image/png;base64,${data}` }] }),
    ],
    [
      'as a screenshot',
      (data) => item({ type: 'computer_call_output', output: { type: 'computer_screenshot', image_url: data } }),
    ],
    [
      'in a message',
      (data) => messages([{ type: 'image', source: { type: 'base64', media_type: 'image/png', data } }]),
    ],
    [
      'in a result',
      (data) => messages([{ type: 'tool_result', content: [{ type: 'image', source: { type: 'base64', data } }] }]),
    ],
  ])('%s', (_, bodyWith) => {
    const [small, large] = [bodyWith('AAAA'), bodyWith('A'.repeat(1_000_000))].map(ceilingsOf);
    expect(large).toEqual(small);
    for (const ceiling of small ?? []) {
      expect(ceiling).toBeGreaterThan(imageCeiling(MODEL));
      expect(ceiling).toBeLessThan(imageCeiling(MODEL) + 500);
    }
  });
});

const of = (operation: GenerationCall['operation'], body: JsonObject): GenerationCall =>
  ({ operation, body: { model: MODEL, messages: [], ...body } }) as unknown as GenerationCall;

describe('outputCeiling', () => {
  test.each<[GenerationCall['operation'], JsonObject, number]>([
    ['chat.completions', {}, 16_384],
    ['chat.completions', { max_tokens: 100 }, 100],
    ['chat.completions', { max_tokens: 100, max_completion_tokens: 50 }, 50],
    ['chat.completions', { max_tokens: null, n: null }, 16_384],
    ['chat.completions', { max_tokens: 100, n: 3 }, 300],
    ['chat.completions', { n: 2 }, 32_768],
    ['responses', {}, 16_384],
    ['responses', { max_output_tokens: null }, 16_384],
    ['responses', { max_output_tokens: 70, max_tokens: 5 }, 70],
    ['messages', { max_tokens: 4096, thinking: { type: 'enabled', budget_tokens: 2048 } }, 4096],
  ])('%s %j: %d', (operation, body, tokens) => {
    expect(outputCeiling(of(operation, body), 16_384)).toBe(tokens);
  });
});

describe('searchCeiling', () => {
  test.each<[GenerationCall['operation'], JsonObject, number]>([
    ['chat.completions', {}, 0],
    ['chat.completions', { web_search_options: {} }, 20],
    ['responses', { tools: [{ type: 'function', name: 'web_search' }] }, 0],
    ['responses', { tools: [{ type: 'web_search_preview' }] }, 20],
    ['responses', { tools: [{ type: 'web_search' }], max_tool_calls: 3 }, 3],
    ['messages', { tools: [{ name: 'web_search', input_schema: {} }] }, 0],
    ['messages', { tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: 5 }] }, 5],
    ['messages', { tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: null }] }, 20],
    ['messages', { tools: 'none' }, 0],
  ])('%s %j: %d', (operation, body, searches) => {
    expect(searchCeiling(of(operation, body))).toBe(searches);
  });
});
