import type { Usage } from '@parsimony/contract';
import type { UsageBounds } from '../src/index.js';

/** A repeatable source of numbers in [0, 1): mulberry32. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Some split of all these tokens among the buckets, and some of the units that the bounds allow. */
export function splitUsage(random: () => number, bounds: UsageBounds): Usage {
  const { inputTokens, outputTokens, characters = 0, seconds = 0, searches = 0 } = bounds;
  const [cachedInput, cacheWrite, cacheWriteLong, inputAudio, input] = split(random, inputTokens, 5);
  const [reasoning, outputAudio, output] = split(random, outputTokens, 3);
  return {
    input: input ?? 0,
    cachedInput: cachedInput ?? 0,
    cacheWrite: cacheWrite ?? 0,
    cacheWriteLong: cacheWriteLong ?? 0,
    inputAudio: inputAudio ?? 0,
    output: output ?? 0,
    reasoning: reasoning ?? 0,
    outputAudio: outputAudio ?? 0,
    characters: Math.floor(random() * (characters + 1)),
    seconds: Math.floor(random() * (seconds + 1)),
    searches: Math.floor(random() * (searches + 1)),
  };
}

function split(random: () => number, total: number, parts: number): number[] {
  const sizes: number[] = [];
  let left = total;
  for (let part = 1; part < parts; part++) {
    // A third of the buckets stays empty, as most buckets of real calls do.
    const size = random() < 1 / 3 ? 0 : Math.floor(random() * (left + 1));
    sizes.push(size);
    left -= size;
  }
  return [...sizes, left];
}
