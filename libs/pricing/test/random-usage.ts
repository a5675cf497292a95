import type { Usage } from '@parsimony/contract';
import type { TokenBounds } from '../src/index.js';

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

/** Some split of all these tokens among the buckets. */
export function splitUsage(random: () => number, { inputTokens, outputTokens }: TokenBounds): Usage {
  const [cachedInput, cacheWrite, inputAudio, input] = split(random, inputTokens, 4);
  const [reasoning, outputAudio, output] = split(random, outputTokens, 3);
  return {
    input: input ?? 0,
    cachedInput: cachedInput ?? 0,
    cacheWrite: cacheWrite ?? 0,
    inputAudio: inputAudio ?? 0,
    output: output ?? 0,
    reasoning: reasoning ?? 0,
    outputAudio: outputAudio ?? 0,
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
