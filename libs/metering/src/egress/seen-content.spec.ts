import type { Call, Operation, ReplyAnswer, ReplyDelta } from '@parsimony/contract';
import { anEmbeddingsCall } from '@parsimony/testkit';
import { describe, expect, it } from 'vitest';
import { askedText, seenText } from './seen-content.js';

function delta(...chunks: ReplyDelta['chunks']): ReplyDelta {
  return { type: 'delta', chunks };
}

function answer(body: ReplyAnswer['body']): ReplyAnswer {
  return { type: 'answer', body };
}

describe('seenText of a chat', () => {
  it('is all text of all choices, with the functions that were called', () => {
    const called = [{ index: 0, function: { name: 'now', arguments: '{"zone":' } }, { function: { arguments: '1}' } }];
    const events: (ReplyDelta | ReplyAnswer)[] = [
      delta({ choices: [{ index: 0, delta: { role: 'assistant', content: 'Two' } }] }, { choices: [] }),
      delta({
        choices: [
          { index: 0, delta: { tool_calls: called } },
          { index: 1, delta: { content: 'три' } },
        ],
      }),
      answer({ choices: [{ message: { content: '!', tool_calls: null } }] }),
    ];
    expect(seenText('chat.completions', events)).toBe('Twonow{"zone":1}три!');
  });

  it('reads what it can of what is broken', () => {
    const broken: ReplyDelta = {
      type: 'delta',
      get chunks(): never {
        throw new SyntaxError('not JSON');
      },
    };
    const odd = delta({}, { choices: 'x' }, { choices: [null, 1, {}, { delta: null }, { delta: { content: 5 } }] });
    const whole = delta({ choices: [{ delta: { content: 'ok', tool_calls: [7, {}] } }] });
    expect(seenText('chat.completions', [broken, odd, whole])).toBe('ok');
  });
});

/** An answer whole, and the same in the events of a stream. */
const ANSWERS: readonly [Operation, ReplyAnswer, readonly ReplyDelta[], string][] = [
  [
    'responses',
    answer({
      object: 'response',
      output: [
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'not billed as such' }] },
        {
          type: 'message',
          content: [
            { type: 'output_text', text: 'Два 😀' },
            { type: 'refusal', refusal: 'No.' },
          ],
        },
        { type: 'function_call', name: 'now', arguments: '{}' },
        { type: 'custom_tool_call', name: 'run', input: 'ls' },
      ],
    }),
    [
      delta({ type: 'response.created', response: { output: [] } }),
      delta(
        { type: 'response.reasoning_summary_text.delta', delta: 'not billed as such' },
        { type: 'response.output_text.delta', delta: 'Два ' },
        { type: 'response.output_text.delta', delta: '😀' },
        { type: 'response.output_text.done', text: 'Два 😀' },
        { type: 'response.refusal.delta', delta: 'No.' },
      ),
      delta({ type: 'response.output_item.added', item: { type: 'function_call', name: 'now', arguments: '' } }),
      delta({ type: 'response.function_call_arguments.delta', delta: '{}' }),
      delta({ type: 'response.function_call_arguments.done', arguments: '{}' }),
      delta({ type: 'response.output_item.added', item: { type: 'custom_tool_call', name: 'run', input: '' } }),
      delta({ type: 'response.custom_tool_call_input.delta', delta: 'ls' }),
      delta({ type: 'response.completed', response: { output: [{ content: [{ text: 'Два 😀' }] }] } }),
    ],
    'Два 😀No.now{}runls',
  ],
  [
    'messages',
    answer({
      type: 'message',
      content: [
        { type: 'thinking', thinking: 'Hm. ', signature: 'c2ln' },
        { type: 'text', text: 'Два 😀' },
        { type: 'tool_use', id: 't', name: 'now', input: { zone: 1 } },
      ],
    }),
    [
      delta({ type: 'message_start', message: { content: [], usage: { input_tokens: 9 } } }),
      delta({ type: 'content_block_start', content_block: { type: 'thinking', thinking: '' } }),
      delta({ type: 'content_block_delta', delta: { type: 'thinking_delta', thinking: 'Hm. ' } }),
      delta({ type: 'content_block_delta', delta: { type: 'signature_delta', signature: 'c2ln' } }),
      delta({ type: 'content_block_delta', delta: { type: 'text_delta', text: 'Два 😀' } }),
      delta({ type: 'content_block_start', content_block: { type: 'tool_use', name: 'now', input: {} } }),
      delta({ type: 'content_block_delta', delta: { type: 'input_json_delta', partial_json: '{"zone":1}' } }),
      delta({ type: 'message_delta', delta: { stop_reason: 'tool_use' } }, { type: 'message_stop' }),
    ],
    'Hm. Два 😀now{"zone":1}',
  ],
  [
    'audio.transcriptions',
    answer({ text: 'Раз, два.' }),
    [
      delta({ type: 'transcript.text.delta', delta: 'Раз, ' }, { type: 'transcript.text.delta', delta: 'два.' }),
      delta({ type: 'transcript.text.done', text: 'Раз, два.' }),
    ],
    'Раз, два.',
  ],
  ['embeddings', answer({ data: [{ embedding: [0.1] }] }), [], ''],
  ['moderations', answer({ results: [{ flagged: false }] }), [], ''],
];

describe.each(ANSWERS)('seenText of %s', (operation, whole, stream, text) => {
  it('is the same whole and in parts', () => {
    expect(seenText(operation, [whole])).toBe(text);
    expect(seenText(operation, stream)).toBe(text);
  });

  it('is nothing of what has another form', () => {
    const odd = [null, 1, 'x', [], [null], {}].map((value) => ({
      content: value,
      output: value,
      delta: value,
      text: null,
    }));
    expect(seenText(operation, [delta(...odd), ...odd.map(answer)])).toBe('');
  });
});

describe('askedText', () => {
  it.each([
    ['text', 'text', 0],
    [['one', 'два'], 'one\nдва', 0],
    [[1, 2, 3], '', 3],
    [[[1, 2], [3]], '', 3],
  ])('of %j', (input, text, tokens) => {
    expect(askedText(anEmbeddingsCall({ body: { model: 'm', input } }))).toEqual({ text, tokens });
  });

  it('of a moderation, with its pictures left out', () => {
    const input = [
      { type: 'text', text: 'Плохо?' },
      { type: 'image_url', image_url: { url: 'x' } },
    ];
    const call = { ...anEmbeddingsCall(), operation: 'moderations', body: { model: 'm', input } } as Call;
    expect(askedText(call)).toEqual({ text: 'Плохо?', tokens: 0 });
  });
});
