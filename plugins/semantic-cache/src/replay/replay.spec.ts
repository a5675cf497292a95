import { NO_USAGE } from '@parsimony/contract';
import type { ReplyDelta, ReplyEvent } from '@parsimony/contract';
import { aCall, aDelta, anAnswer, anAnswerTo, anEnd, aStart } from '@parsimony/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAnswer, encodeAnswer } from './encoded-answer.js';
import { replay } from './replay.js';
import { LONGEST_ANSWER_BYTES, ReplyRecorder, type RecordedReply } from './reply-recorder.js';
import { chunksOf } from './server-sent-chunks.js';

const call = aCall();

function record(events: readonly ReplyEvent[]): RecordedReply | undefined {
  const recorder = new ReplyRecorder();
  const recorded = events.map((event) => recorder.add(event));
  expect(recorded.slice(0, -1).every((each) => each === undefined)).toBe(true);
  return recorded.at(-1);
}

function given(recorded: RecordedReply | undefined): readonly ReplyEvent[] {
  if (!recorded) throw new Error('nothing was recorded');
  const decision = { plugin: 'semantic-cache', summary: 'a hit', detail: { cause: 'exact' } };
  return replay({ entry: recorded, target: recorded.target, cache: 'exact', decision, saved: 5n });
}

const wires = (events: readonly ReplyEvent[]): (string | undefined)[] =>
  events.flatMap((event) =>
    event.type === 'delta' || event.type === 'answer' ? [event.wire && Buffer.from(event.wire).toString()] : [],
  );

describe('a recorded reply', () => {
  it.each([true, false])('is given again in the same pieces, with its usage and at no cost (stream: %s)', (stream) => {
    const events = anAnswerTo({ ...call, stream });
    const again = given(record(events));
    expect(wires(again)).toEqual(wires(events));
    expect(again.map(({ type }) => type)).toEqual(['start', 'decision', ...events.slice(1).map(({ type }) => type)]);
    expect(again[0]).toEqual({ type: 'start', target: call.target, cache: 'exact' });
    expect(again[1]).toMatchObject({ saved: 5n });
    expect(again.at(-1)).toEqual({ ...anEnd(), cost: 0n });
  });

  it('parses what it bears only for who looks', () => {
    const events = anAnswerTo(call);
    for (const [index, event] of given(record(events))
      .filter(({ type }) => type === 'delta')
      .entries())
      expect((event as ReplyDelta).chunks).toEqual((events[index + 1] as ReplyDelta).chunks);
    const whole = anAnswer(call, 'да');
    const [, , answer] = given(record([aStart(call), whole, anEnd()]));
    expect(answer).toMatchObject({ body: whole.body });
  });

  it('keeps the end mark where it was, and leaves the bytes off events that had none', () => {
    const { wire: _, ...changed } = aDelta(call, 'изменено');
    const last: ReplyDelta = { ...aDelta(call, 'конец'), final: true };
    const again = given(record([aStart(call), changed, last, anEnd()]));
    expect(again[2]).not.toHaveProperty('wire');
    expect((again[2] as ReplyDelta).chunks).toEqual(changed.chunks);
    expect(again[2]).not.toHaveProperty('final');
    expect(again[3]).toHaveProperty('final', true);
  });

  it('gives any bytes back as they were', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 8 }), (pieces) => {
        const events = pieces.map((wire): ReplyDelta => ({ type: 'delta', chunks: [], wire }));
        const back = decodeAnswer(encodeAnswer(events, pieces));
        expect(back.map(({ wire }) => [...(wire ?? [])])).toEqual(pieces.map((piece) => [...piece]));
      }),
    );
  });
});

describe('what is not recorded', () => {
  const stop = (reason: string): ReplyEvent => {
    const chunk = { choices: [{ index: 0, delta: {}, finish_reason: reason }] };
    return { type: 'delta', chunks: [chunk], wire: Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`) };
  };

  it.each<[string, readonly ReplyEvent[]]>([
    ['what a budget has cut', [{ ...aStart(call), maxTokens: 16 }, aDelta(call, 'да'), anEnd()]],
    ['what is another question’s', [{ ...aStart(call), cache: 'semantic' }, aDelta(call, 'да'), anEnd()]],
    ['what a filter has cut', [aStart(call), aDelta(call, 'да'), stop('content_filter'), anEnd()]],
    [
      'what a filter has cut, without bytes',
      [aStart(call), { type: 'delta', chunks: [{ finish_reason: 'content_filter' }] }, anEnd()],
    ],
    ['a refusal of Anthropic', [aStart(call), { type: 'answer', body: { stop_reason: 'refusal' } }, anEnd()]],
    [
      'a response that failed',
      [aStart(call), { type: 'answer', body: { object: 'response', status: 'failed' } }, anEnd()],
    ],
    ['an answer that was not begun', [anEnd()]],
    ['what did not end', [aStart(call), aDelta(call, 'да')]],
    ['what is too long', [aStart(call), aDelta(call, 'a'.repeat(LONGEST_ANSWER_BYTES)), anEnd()]],
  ])('%s', (_, events) => expect(record(events)).toBeUndefined());

  it.each(['stop', 'length', 'tool_calls'])('but an answer that ended with %s is', (reason) => {
    expect(record([aStart(call), stop(reason), anEnd()])).toBeDefined();
  });

  it('but a text that speaks of filters is', () => {
    const text = 'It says "finish_reason":"content_filter" and "status": "failed".';
    expect(record([aStart(call), aDelta(call, text), anEnd()])).toBeDefined();
    expect(record([aStart({ ...call, stream: false }), anAnswer(call, text), anEnd()])).toBeDefined();
  });

  it('lets go of what it has, once it gives up', () => {
    const recorder = new ReplyRecorder();
    recorder.add(aStart(call));
    recorder.add(aDelta(call, 'a'.repeat(LONGEST_ANSWER_BYTES)));
    expect(recorder.givenUp).toBe(true);
    expect(recorder.add({ ...anEnd(), usage: NO_USAGE })).toBeUndefined();
  });
});

describe('chunksOf', () => {
  it('reads events with any line ends, of several lines, beside comments and the end mark', () => {
    const wire = 'event: a\ndata: {"a":1}\n\n: ping\n\ndata: {"b":\r\ndata: "да"}\r\n\r\ndata: [DONE]\n\n';
    expect(chunksOf(Buffer.from(wire))).toEqual([{ a: 1 }, { b: 'да' }]);
  });

  it('says where an event is broken', () => expect(() => chunksOf(Buffer.from('data: {"a"\n\n'))).toThrow(SyntaxError));
});
