import type { JsonObject, ReplyEvent } from '@parsimony/contract';
import { expect, it } from 'vitest';
import { contentOf } from './content-of.js';

function streamed(...chunks: JsonObject[]): ReplyEvent[] {
  return chunks.map((chunk) => ({ type: 'delta', chunks: [chunk] }));
}

function whole(body: JsonObject): ReplyEvent[] {
  return [{ type: 'answer', body }];
}

const CALL = { name: 'set_theme', arguments: { dark: true } };

it('reads chat completions, whole and streamed alike', () => {
  const tool = { id: 'c1', function: { name: 'set_theme', arguments: '{"dark":true}' } };
  const body = { choices: [{ message: { content: 'Тёмная тема', tool_calls: [tool] } }] };
  const expected = { text: 'Тёмная тема', calls: [CALL] };
  expect(contentOf('chat.completions', whole(body))).toEqual(expected);
  const chunk = (delta: JsonObject): JsonObject => ({ choices: [{ index: 0, delta }] });
  const part = (name: string | undefined, args: string): JsonObject =>
    chunk({ tool_calls: [{ index: 0, function: { ...(name && { name }), arguments: args } }] });
  const stream = streamed(
    chunk({ role: 'assistant', content: 'Тёмная ' }),
    chunk({ content: 'тема' }),
    part('set_theme', '{"dark"'),
    part(undefined, ':true}'),
    { choices: [], usage: { prompt_tokens: 3 } },
  );
  expect(contentOf('chat.completions', stream)).toEqual(expected);
});

it('reads Responses, whole and by the last event of a stream', () => {
  const response = {
    output: [
      { type: 'reasoning', summary: [] },
      { type: 'message', content: [{ type: 'output_text', text: 'Done' }] },
      { type: 'function_call', name: 'set_theme', arguments: '{"dark":true}' },
    ],
  };
  const expected = { text: 'Done', calls: [CALL] };
  expect(contentOf('responses', whole(response))).toEqual(expected);
  const stream = streamed(
    { type: 'response.output_text.delta', delta: 'Do' },
    { type: 'response.completed', response },
  );
  expect(contentOf('responses', stream)).toEqual(expected);
});

it("reads Anthropic's messages, whole and streamed alike, without thoughts", () => {
  const body = {
    content: [
      { type: 'thinking', thinking: 'Hm' },
      { type: 'text', text: 'Done' },
      { type: 'tool_use', name: 'set_theme', input: { dark: true } },
    ],
  };
  const expected = { text: 'Done', calls: [CALL] };
  expect(contentOf('messages', whole(body))).toEqual(expected);
  const stream = streamed(
    { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm' } },
    { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'Done' } },
    { type: 'content_block_start', index: 2, content_block: { type: 'tool_use', name: 'set_theme', input: {} } },
    { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '{"dark":true}' } },
    { type: 'message_stop' },
  );
  expect(contentOf('messages', stream)).toEqual(expected);
});

it('reads nothing in what has no text', () => {
  expect(contentOf('embeddings', whole({ data: [] }))).toEqual({ text: '', calls: [] });
  expect(contentOf('chat.completions', whole({ choices: 'none' }))).toEqual({ text: '', calls: [] });
});
