import { ProviderInvalidAnswer } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import type { ProviderEvent } from '../provider-adapter.js';
import { usageReaders } from './usage-readers.js';
import { WholeReader } from './whole-reader.js';

const { ofChat } = usageReaders('inside');

function read(...parts: readonly string[]): ProviderEvent[] {
  const reader = new WholeReader('sample', ofChat);
  const events: ProviderEvent[] = [];
  for (const part of parts) reader.read(Buffer.from(part, 'latin1'));
  reader.finish((event) => events.push(event));
  return events;
}

describe('WholeReader', () => {
  it("gives the answer with the provider's own bytes, and its usage", () => {
    const json = '{ "id":"c", "usage": {"prompt_tokens":10,"completion_tokens":4}, "big": 12345678901234567890 }';
    const whole = read(json);
    expect(whole).toEqual([
      { type: 'answer', body: JSON.parse(json), wire: Buffer.from(json) },
      { type: 'finish', usage: expect.objectContaining({ input: 10, output: 4 }) },
    ]);
    expect(read(...json)).toEqual(whole);
  });

  it('puts letters together that were cut in the middle', () => {
    const latin1 = Buffer.from('{"text":"Два 😀"}').toString('latin1');
    expect(read(...latin1)[0]).toMatchObject({ body: { text: 'Два 😀' } });
  });

  it('takes an answer behind blank lines, and one without usage', () => {
    expect(read('\n\n', '{"id":"c"}')).toMatchObject([{ body: { id: 'c' } }, { usage: null }]);
  });

  it.each(['', 'null', '[]', '"text"', '7', '{"half":', '<html></html>', '{}{}'])('refuses %j', (text) => {
    expect(() => read(text)).toThrow(ProviderInvalidAnswer);
  });

  it('refuses an answer that does not end', () => {
    const reader = new WholeReader('sample', ofChat);
    const part = Buffer.alloc(1 << 20);
    expect(() => {
      for (let megabytes = 0; megabytes < 100; megabytes++) reader.read(part);
    }).toThrow(ProviderInvalidAnswer);
  });
});
