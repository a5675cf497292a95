import { describe, expect, it } from 'vitest';
import { parsePrompts } from './prompt.js';

describe('parsePrompts', () => {
  it('reads texts and ignores other fields and empty lines', () => {
    expect(parsePrompts('{"id":1,"prompt":"What is this?"}\n\n{"prompt":"Что это?"}\n', 'x')).toEqual([
      { text: 'What is this?', language: 'en' },
      { text: 'Что это?', language: 'ru' },
    ]);
  });

  it.each(['{"text":"x"}', '{"prompt":7}', '{"prompt":""}', 'null', '{"prompt":"cut off'])(
    'names the line that is no prompt: %s',
    (line) => expect(() => parsePrompts(`{"prompt":"x"}\n${line}`, 'some.jsonl')).toThrow('some.jsonl, line 2'),
  );
});
