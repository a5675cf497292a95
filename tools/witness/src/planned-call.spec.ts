import { expect, it } from 'vitest';
import { planCall } from './planned-call.js';
import { DEFAULT_OPTIONS, type WitnessOptions } from './witness-options.js';

const OPTIONS: WitnessOptions = {
  ...DEFAULT_OPTIONS,
  baseUrls: [],
  key: '',
  billUrl: '',
  cap: 1n,
  largestAnswer: 100,
};
const calls = (options = OPTIONS) => Array.from({ length: 500 }, (_, index) => planCall(options, index % 7, index));
const wishes = (options = OPTIONS) =>
  calls(options).map(({ body }) => JSON.parse(body) as { max_tokens: number; messages: [{ content: string }] });

it('is the same for the same seed, and another for another', () => {
  expect(calls()).toEqual(calls());
  expect(calls({ ...OPTIONS, seed: 2 })).not.toEqual(calls());
});

it('asks for every size, and never twice the same', () => {
  const sizes = wishes().map((wish) => wish.max_tokens);
  expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([16, 100]);
  const prompts = wishes().map(({ messages }) => messages[0].content);
  expect(new Set(prompts).size).toBe(500);
  const lengths = prompts.map((prompt) => prompt.split(' ').length);
  expect(Math.max(...lengths) - Math.min(...lengths)).toBeGreaterThan(250);
});

it('streams as often as it is told', () => {
  const streams = (share: number) => calls({ ...OPTIONS, streams: share }).filter(({ stream }) => stream).length;
  expect([streams(0), streams(1)]).toEqual([0, 500]);
  expect(Math.abs(streams(0.25) - 125)).toBeLessThan(40);
});
