import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../../test/random-json.js';
import { eventData, eventsData, splitEvents, SseSplitter } from './sse-splitter.js';

const STREAMS = {
  'line feeds': 'data: {"a":"é"}\n\n: comment\n\nevent: x\ndata: 日本 😀\n\ndata: [DONE]\n\n',
  'carriage returns': 'data: {"a":"é"}\r\n\r\n: comment\r\n\r\nevent: x\r\ndata: 日本 😀\r\n\r\ndata: [DONE]\r\n\r\n',
  both: 'data: 1\r\n\r\ndata: 2\n\ndata: 3\r\n\r\ndata: 4\n\n',
  'more blank lines than needed': '\n\ndata: 1\n\n\ndata: 2\n\n\n\n\r\n\r\ndata: 3\n\n',
  'no end': 'data: 1\n\ndata: unfinished 😀\n',
};

function pushAll(chunks: readonly Buffer[]): { readonly pieces: Buffer[]; readonly rest: Buffer } {
  const splitter = new SseSplitter();
  const pieces = chunks.flatMap((chunk) => splitter.push(chunk) ?? []);
  return { pieces, rest: splitter.rest() };
}

function expectSame(stream: Buffer, chunks: readonly Buffer[]): void {
  const { pieces, rest } = pushAll(chunks);
  const whole = pushAll([stream]);
  expect(Buffer.concat(pieces).equals(Buffer.concat(whole.pieces))).toBe(true);
  expect(rest.equals(whole.rest)).toBe(true);
  // Every piece is made of whole events.
  for (const piece of pieces) expect(piece.toString('latin1')).toMatch(/\n\r?\n$/);
}

describe.each(Object.entries(STREAMS))('SseSplitter, with %s', (_, text) => {
  const stream = Buffer.from(text);

  it('gives the same bytes wherever the stream is cut in two, or in three', () => {
    for (let first = 0; first <= stream.length; first++) {
      expectSame(stream, [stream.subarray(0, first), stream.subarray(first)]);
      for (let second = first; second <= stream.length; second++) {
        expectSame(stream, [stream.subarray(0, first), stream.subarray(first, second), stream.subarray(second)]);
      }
    }
  });

  it('gives the same bytes one by one', () =>
    expectSame(
      stream,
      Array.from(stream, (byte) => Buffer.of(byte)),
    ));

  it('gives the same bytes in any chunks', () => {
    const random = randomNumbers(42);
    const long = Buffer.concat(Array.from({ length: 20 }, () => stream));
    for (let round = 0; round < 300; round++) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < long.length;) {
        const end = at + 1 + Math.floor(random() * 40);
        chunks.push(long.subarray(at, end));
        at = end;
      }
      expectSame(long, chunks);
    }
  });
});

describe('SseSplitter', () => {
  it('never holds a whole event back', () => {
    const splitter = new SseSplitter();
    expect(splitter.push(Buffer.from('data: 1\n\n'))?.toString()).toBe('data: 1\n\n');
    expect(splitter.push(Buffer.from('data: 2\r\n\r\nda'))?.toString()).toBe('data: 2\r\n\r\n');
    expect(splitter.push(Buffer.from('ta: 3\n'))).toBeUndefined();
    expect(splitter.heldBytes).toBe(8);
    expect(splitter.push(Buffer.from('\n'))?.toString()).toBe('data: 3\n\n');
    expect(splitter.heldBytes).toBe(0);
  });

  it('passes the bytes on as they came, uncopied, where events come whole', () => {
    const chunk = Buffer.from('data: 1\n\ndata: 2\n\n');
    expect(new SseSplitter().push(chunk)?.buffer).toBe(chunk.buffer);
  });

  it('takes time in proportion to an event that comes in many chunks', () => {
    const splitter = new SseSplitter();
    const chunk = Buffer.alloc(1024, 'x');
    const began = performance.now();
    for (let bytes = 0; bytes < 8 << 20; bytes += chunk.length) splitter.push(chunk);
    expect(splitter.push(Buffer.from('\n\n'))?.length).toBe((8 << 20) + 2);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

describe('splitEvents and eventData', () => {
  it('part whole events and read their data', () => {
    const events = splitEvents(Buffer.from('data: 1\n\n: c\n\nevent: e\ndata:2\ndata: 3\n\ndata: 4\r\n\r\n'));
    expect(events.map(String)).toEqual(['data: 1\n\n', ': c\n\n', 'event: e\ndata:2\ndata: 3\n\n', 'data: 4\r\n\r\n']);
    expect(events.map(eventData)).toEqual(['1', '', '2\n3', '4']);
  });

  it.each(['\n\n', '\r\n\r\n'])('take time in proportion to the bytes, events ended by %j', (blank) => {
    const bytes = Buffer.from(`data: 1${blank}`.repeat(200_000));
    const began = performance.now();
    expect(splitEvents(bytes)).toHaveLength(200_000);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it('know lines that end in either way, and data that looks like a field', () => {
    expect(eventData(Buffer.from('event: e\r\ndata: a: b\r\ndata:  c\r\n\r\n'))).toBe('a: b\n c');
    expect(eventData(Buffer.from('data\ndatabase: 1\n data: 2\n\n'))).toBe('');
  });
});

describe('eventsData', () => {
  it.each(Object.entries(STREAMS))('reads the same as event by event, with %s', (_, text) => {
    const bytes = Buffer.from(text);
    expect(eventsData(bytes)).toEqual(splitEvents(bytes).map(eventData));
  });

  it('reads nothing from nothing', () => expect(eventsData(Buffer.alloc(0))).toEqual([]));
});
