import { expect, test } from 'vitest';
import { StreamedAnswer } from './streamed-answer.js';

test('puts text, tool calls, choices and usage together', () => {
  const answer = new StreamedAnswer();
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'gpt-4.1' };
  const chunk = (index: number, delta: object, finish_reason: string | null = null) =>
    answer.add({ ...head, choices: [{ index, delta: { ...delta }, finish_reason }] });
  chunk(1, { role: 'assistant', content: 'Да' });
  chunk(0, { role: 'assistant', content: null });
  const call = (index: number, part: object) => chunk(0, { tool_calls: [{ index, ...part }] });
  call(0, { id: 'call_a', type: 'function', function: { name: 'weather', arguments: '' } });
  call(0, { function: { arguments: '{"city":' } });
  call(1, { id: 'call_b', type: 'function', function: { name: 'time', arguments: '{}' } });
  call(0, { function: { arguments: '"Пермь"}' } });
  chunk(1, { content: '.' }, 'stop');
  chunk(0, {}, 'tool_calls');
  answer.add({ ...head, choices: [], usage: { prompt_tokens: 3 } });
  expect(answer.toCompletion()).toEqual({
    ...head,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: null,
          refusal: null,
          tool_calls: [
            { id: 'call_a', type: 'function', function: { name: 'weather', arguments: '{"city":"Пермь"}' } },
            { id: 'call_b', type: 'function', function: { name: 'time', arguments: '{}' } },
          ],
        },
        finish_reason: 'tool_calls',
      },
      { index: 1, message: { role: 'assistant', content: 'Да.', refusal: null }, finish_reason: 'stop' },
    ],
    usage: { prompt_tokens: 3 },
  });
});
