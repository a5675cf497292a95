import { hash } from 'node:crypto';
import type { WitnessOptions } from './witness-options.js';

/** What refuses a smaller answer is no cap: OpenAI's own least is 16. */
const SMALLEST_ANSWER = 16;
const PROMPT_WORDS = { least: 5, most: 300 } as const;
const WORDS = 'who pays for a call that nobody counted кто платит за вызов которого никто не считал'.split(' ');

/** A chat completion of a size that nobody can foresee. */
export interface PlannedCall {
  readonly body: string;
  readonly stream: boolean;
}

/**
 * A call of one caller: a function of seed, caller and index alone, so that it is the same whatever the others do. No two
 * of a run are alike, or a cache would answer them for nothing.
 */
export function planCall(options: WitnessOptions, caller: number, index: number): PlannedCall {
  const { seed, model, largestAnswer, streams } = options;
  const drawn = hash('sha256', `${seed}/${caller}/${index}`, 'buffer');
  const draw = (place: number): number => drawn.readUInt32BE(place * 4) / 2 ** 32;
  const between = (least: number, most: number, place: number): number =>
    least + Math.floor(draw(place) * (most - least + 1));
  const first = between(0, WORDS.length - 1, 0);
  const count = between(PROMPT_WORDS.least, PROMPT_WORDS.most, 1);
  const words = Array.from({ length: count }, (_, word) => WORDS[(first + word) % WORDS.length]);
  const stream = draw(2) < streams;
  return {
    stream,
    body: JSON.stringify({
      model,
      messages: [{ role: 'user', content: `${seed}/${caller}/${index}: ${words.join(' ')}` }],
      max_tokens: between(SMALLEST_ANSWER, largestAnswer, 3),
      ...(stream && { stream: true }),
    }),
  };
}
