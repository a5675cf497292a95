import type { ReplyAnswer, ReplyDelta } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { embeddedText, seenText } from './seen-content.js';

function delta(...chunks: ReplyDelta['chunks']): ReplyDelta {
  return { type: 'delta', chunks };
}

describe('seenText', () => {
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
      { type: 'answer', body: { choices: [{ message: { content: '!', tool_calls: null } }] } },
    ];
    expect(seenText(events)).toBe('Twonow{"zone":1}три!');
  });

  it('reads what it can of what is broken', () => {
    const broken: ReplyDelta = {
      type: 'delta',
      get chunks(): never {
        throw new SyntaxError('not JSON');
      },
    };
    const odd = delta({}, { choices: 'x' }, { choices: [null, 1, {}, { delta: null }, { delta: { content: 5 } }] });
    expect(seenText([broken, odd, delta({ choices: [{ delta: { content: 'ok', tool_calls: [7, {}] } }] })])).toBe('ok');
  });
});

describe('embeddedText', () => {
  it.each([
    ['text', 'text'],
    [['one', 'two'], 'one\ntwo'],
    [[1, 2, 3], ''],
    [[[1, 2], [3]], ''],
  ])('of %j', (input, text) => expect(embeddedText({ model: 'm', input })).toBe(text));
});
