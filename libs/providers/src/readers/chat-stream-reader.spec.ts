import { NO_USAGE, ProviderInvalidAnswer, ProviderStreamCut } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { wireOf } from '../../test/pull.js';
import type { ProviderEvent } from '../provider-adapter.js';
import { ChatStreamReader } from './chat-stream-reader.js';
import { usageReaders } from './usage-readers.js';

const USAGE = { prompt_tokens: 10, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 3 } };
const BUCKETS = { ...NO_USAGE, input: 7, cachedInput: 3, output: 4 };
const { ofChatUsage } = usageReaders('by-total');
const DONE = 'data: [DONE]\n\n';

function chunk(content: string, usage?: unknown): string {
  return `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta: { content } }], ...(usage !== undefined && { usage }) })}\n\n`;
}

function usageEvent(usage: unknown = USAGE): string {
  return `data: ${JSON.stringify({ id: 'c', choices: [], usage })}\n\n`;
}

interface Read {
  readonly events: ProviderEvent[];
  readonly wire: string;
  /** The last event, which says that the answer is whole. */
  readonly finish: ProviderEvent | undefined;
}

function read(chunks: readonly (string | Buffer)[], keepUsageEvent = false): Read {
  const reader = new ChatStreamReader('sample', keepUsageEvent, ofChatUsage);
  const events: ProviderEvent[] = [];
  const emit = (event: ProviderEvent): void => void events.push(event);
  for (const part of chunks) reader.read(Buffer.from(part), emit);
  reader.finish(emit);
  return { events, wire: wireOf(events), finish: events.at(-1) };
}

describe('the usage', () => {
  const stream = [chunk('Two'), chunk('.'), usageEvent(), DONE];

  it('is taken out of what the caller sees, who has not asked for it', () => {
    const { wire, finish } = read(stream);
    expect(wire).toBe(chunk('Two') + chunk('.'));
    expect(finish).toEqual({ type: 'finish', usage: BUCKETS });
  });

  it('stays where the caller has asked', () => {
    const { wire, finish } = read(stream, true);
    expect(wire).toBe(chunk('Two') + chunk('.') + usageEvent());
    expect(finish).toEqual({ type: 'finish', usage: BUCKETS });
  });

  it('is the same however the bytes were cut', () => {
    const bytes = Buffer.from(stream.join('').replaceAll('Two', 'Два 😀'));
    const expected = (chunk('Two') + chunk('.')).replaceAll('Two', 'Два 😀');
    for (let at = 0; at <= bytes.length; at++) {
      const { wire, finish } = read([bytes.subarray(0, at), bytes.subarray(at)]);
      expect(wire).toBe(expected);
      expect(finish).toEqual({ type: 'finish', usage: BUCKETS });
    }
    expect(read(Array.from(bytes, (byte) => Buffer.of(byte))).wire).toBe(expected);
  });

  it('counts within the last chunk that has content, which stays', () => {
    const { wire, finish } = read([chunk('Two'), chunk('.', USAGE), DONE]);
    expect(wire).toBe(chunk('Two') + chunk('.', USAGE));
    expect(finish).toEqual({ type: 'finish', usage: BUCKETS });
  });

  it('is the last one where a provider repeats a growing one: never a sum', () => {
    const { finish } = read([
      chunk('Two', { prompt_tokens: 10, completion_tokens: 1 }),
      chunk('.', { prompt_tokens: 10, completion_tokens: 2 }),
      usageEvent(),
      DONE,
    ]);
    expect(finish).toEqual({ type: 'finish', usage: BUCKETS });
  });

  it('is found with spaces around its colon, and beside null usages', () => {
    const spaced = usageEvent().replace('"usage":', '"usage" : ');
    const { wire, finish } = read([chunk('Two', null) + chunk('.', null) + spaced, DONE]);
    expect(wire).toBe(chunk('Two', null) + chunk('.', null));
    expect(finish).toEqual({ type: 'finish', usage: BUCKETS });
  });

  it('is null where none was reported, or one that cannot be true', () => {
    expect(read([chunk('Two', null), DONE]).finish).toEqual({ type: 'finish', usage: null });
    const absurd = usageEvent({ prompt_tokens: -1, completion_tokens: 4 });
    expect(read([chunk('Two'), absurd, DONE])).toMatchObject({
      wire: chunk('Two'),
      finish: { type: 'finish', usage: null },
    });
  });

  it('is not what a caller talks about', () => {
    const talk = chunk('say "usage": {"prompt_tokens": 5}') + chunk('usage');
    expect(read([talk, DONE])).toMatchObject({ wire: talk, finish: { usage: null } });
  });

  it('stays null for a first event without choices, which Azure sends', () => {
    const filter = 'data: {"choices":[],"prompt_filter_results":[],"usage":null}\n\n';
    expect(read([filter + chunk('Two'), DONE]).wire).toBe(filter + chunk('Two'));
  });
});

describe('the end', () => {
  it.each([
    'data: [DONE]\n\n',
    'data:[DONE]\n\n',
    'data: [DONE]\r\n\r\n',
    'data: [DONE]\n',
    'data: [DONE]',
    'data:[DONE]\r\n',
  ])('is %j', (done) => {
    expect(read([chunk('Two'), done])).toMatchObject({ wire: chunk('Two'), finish: { type: 'finish' } });
    expect(read([chunk('Two') + usageEvent() + done])).toMatchObject({
      wire: chunk('Two'),
      finish: { type: 'finish', usage: BUCKETS },
    });
  });

  it('is not what an answer talks about', () => {
    const talk = chunk('data: [DONE]') + chunk('\n\ndata: [DONE]\n\n') + chunk('[DONE]');
    expect(read([talk, chunk('more'), DONE]).wire).toBe(talk + chunk('more'));
    expect(() => read([talk])).toThrow(ProviderStreamCut);
  });

  it('hides what comes behind it', () => {
    expect(read([chunk('Two') + DONE + chunk('late'), chunk('later')]).wire).toBe(chunk('Two'));
  });

  it.each([
    ['nothing', ''],
    ['a chunk', chunk('Two')],
    ['half a chunk', chunk('Two') + chunk('half').slice(0, 20)],
    ['the usage', chunk('Two') + usageEvent()],
    ['half an end', `${chunk('Two')}data: [DON`],
  ])('that does not come after %s is a cut stream', (_, text) => {
    expect(() => read([text])).toThrow(ProviderStreamCut);
  });
});

describe('what is no answer', () => {
  it.each([
    ['a page', '<html><head><title>502 Bad Gateway</title></head>\n\n</html>\n\n'],
    ['a page with data in it', '<img src="data:image/png;base64,AA">\n\n'],
    ['a page as an event', 'data: <html><title>502 Bad Gateway</title></html>\n\n'],
    ['a text as an event', 'data: upstream connect error\n\n'],
    ['JSON that breaks off', 'data: {"choices":[],"usage":{"prompt\n\n'],
    ['an error without an event', '{"error":{"message":"no"}}\n\n'],
  ])('is refused: %s', (_, text) => {
    expect(() => read([text, DONE])).toThrow(ProviderInvalidAnswer);
  });

  it('is refused where it never ends', () => {
    const reader = new ChatStreamReader('sample', false, ofChatUsage);
    const part = Buffer.alloc(1 << 16, 'x');
    let bytes = 0;
    const readOn = (): void => {
      for (; bytes < 64 << 20; bytes += part.length) reader.read(part, () => undefined);
    };
    expect(readOn).toThrow(ProviderInvalidAnswer);
    expect(bytes).toBeLessThan(10 << 20);
  });
});

describe('keep-alives', () => {
  it.each([
    ': ping\n\n',
    ':\n\n',
    '\n\n',
    '\r\n\r\n',
    'event: ping\n\n',
    'retry: 3000\r\n\r\n',
    'id: 7\n\n',
    ': data: x\n\n',
  ])('%j passes, alone or in company', (ping) => {
    expect(read([ping, chunk('Two'), ping, DONE]).wire).toBe(ping + chunk('Two') + ping);
    expect(read([ping + chunk('Two') + ping + DONE]).wire).toBe(ping + chunk('Two') + ping);
  });
});

describe('a delta', () => {
  it('is parsed only when somebody looks, comments left out', () => {
    const [delta] = read([`: ping\n\n${chunk('Two')}`, DONE]).events;
    expect(delta).toMatchObject({ type: 'delta', chunks: [{ id: 'c', choices: [{ delta: { content: 'Two' } }] }] });
    const [broken] = read(['data: {"choices": oops}\n\n', DONE]).events;
    expect(() => broken?.type === 'delta' && broken.chunks).toThrow(SyntaxError);
  });

  it("carries the provider's bytes uncopied", () => {
    const bytes = Buffer.from(chunk('Two') + chunk('.'));
    const reader = new ChatStreamReader('sample', false, ofChatUsage);
    const events: ProviderEvent[] = [];
    reader.read(bytes, (event) => events.push(event));
    expect(events).toHaveLength(1);
    expect(events[0]).toHaveProperty('wire.buffer', bytes.buffer);
  });
});
