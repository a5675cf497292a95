import { describe, expect, it } from 'vitest';
import { seededRandom } from '../statistics/seeded-random.js';
import { atRate } from './at-rate.js';
import { readAnswer } from './cached-call.js';
import { parseEventLoopDelay } from './event-loop.js';
import { nearVector } from './near-vector.js';
import { partsOf } from './parts.js';
import { englishQuestion, sameQuestion, WORDINGS } from './questions.js';
import { zipfDraws } from './zipf.js';

describe('questions', () => {
  it('are all different, in both languages and in all wordings', () => {
    const texts = Array.from({ length: 4_000 }, (_, index) => sameQuestion(index)).flat();
    expect(texts).toHaveLength(4_000 * WORDINGS);
    expect(new Set(texts).size).toBe(texts.length);
    expect(sameQuestion(0)[0]).toMatch(/^How do I /);
    expect(sameQuestion(1)[0]).toMatch(/^Как /);
  });

  it('stay different where the words are used up', () => {
    const texts = Array.from({ length: 20_000 }, (_, index) => englishQuestion(index));
    expect(new Set(texts).size).toBe(texts.length);
  });
});

describe('zipfDraws', () => {
  it('draws the first twice as often as the second, and the same again for the same seed', () => {
    const draws = zipfDraws(50, 30_000, 4);
    const times = (item: number): number => draws.filter((each) => each === item).length;
    expect(times(0) / times(1)).toBeCloseTo(2, 0);
    expect(times(0) / times(9)).toBeGreaterThan(8);
    expect(Math.min(...draws)).toBe(0);
    expect(Math.max(...draws)).toBe(49);
    expect(zipfDraws(50, 30_000, 4)).toEqual(draws);
  });
});

describe('nearVector', () => {
  const random = seededRandom(1);
  const centre = nearVector(Float32Array.from([1, ...Array<number>(127).fill(0)]), 0.1, random);

  it.each([0.5, 0.8, 0.99])('has length 1 and the similarity %d', (similarity) => {
    const near = nearVector(centre, similarity, random);
    const dot = (one: Float32Array, other: Float32Array): number =>
      one.reduce((sum, component, index) => sum + component * (other[index] ?? 0), 0);
    expect(dot(near, near)).toBeCloseTo(1, 5);
    expect(dot(near, centre)).toBeCloseTo(similarity, 5);
  });
});

describe('atRate', () => {
  it('begins in time, also where work takes longer than the time between', async () => {
    const begun: number[] = [];
    const { promise: released, resolve } = Promise.withResolvers<void>();
    const startedAt = performance.now();
    await atRate([1, 2, 3, 4, 5], 100, new AbortController().signal, async (item) => {
      begun.push(performance.now() - startedAt);
      if (item === 5) resolve();
      await released;
    });
    expect(begun).toHaveLength(5);
    for (const [index, at] of begun.entries()) expect(at).toBeGreaterThanOrEqual(10 * index - 2);
  });

  it('throws what work throws, and ends at the signal', async () => {
    const { signal } = new AbortController();
    await expect(atRate([1, 2], 1_000, signal, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(atRate([1, 2], 1, AbortSignal.abort(), () => Promise.resolve())).rejects.toThrow(/abort/i);
  });
});

describe('readAnswer', () => {
  it('reads a whole answer', () => {
    const body = JSON.stringify({ id: 'chatcmpl-1', choices: [{ message: { content: 'Привет' } }] });
    expect(readAnswer(body)).toEqual({ id: 'chatcmpl-1', text: 'Привет' });
  });

  it('reads a stream, and nothing of one that did not come to its end', () => {
    const chunk = (content: string): string =>
      `data: ${JSON.stringify({ id: 'chatcmpl-2', choices: [{ delta: { content } }] })}\n\n`;
    const events = `${chunk('При')}${chunk('вет')}data: {"id":"chatcmpl-2","choices":[]}\n\n`;
    expect(readAnswer(`${events}: x-parsimony-cost-usd: 0\n\ndata: [DONE]\n\n`)).toEqual({
      id: 'chatcmpl-2',
      text: 'Привет',
    });
    expect(readAnswer(events)).toEqual({ id: '', text: '' });
  });
});

describe('parseEventLoopDelay', () => {
  it('takes off the time between two timers', () =>
    expect(parseEventLoopDelay('a 1\nparsimony_nodejs_eventloop_lag_p99_seconds 0.0125\nb 2\n')).toBeCloseTo(2.5, 9));

  it('does not take a missing gauge for rest', () =>
    expect(() => parseEventLoopDelay('a 1\n')).toThrow('no event-loop'));
});

describe('partsOf', () => {
  it('leaves out what needs a harness where there is none', () => {
    expect(partsOf(undefined, true)).toContain('exact');
    expect(partsOf(undefined, false)).not.toContain('exact');
    expect(partsOf('flight, savings', false)).toEqual(['flight', 'savings']);
  });

  it('refuses what cannot be measured', () => {
    expect(() => partsOf('exact', false)).toThrow('--harness DIR is missing');
    expect(() => partsOf('speed', true)).toThrow("--only: there is no 'speed'");
  });
});
