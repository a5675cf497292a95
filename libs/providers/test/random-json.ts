import type { Json } from '@parsimony/contract';

/** A seeded generator of numbers from 0 to 1 (mulberry32): a failure can be repeated. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const NASTY = [
  '',
  '"',
  '\\',
  '\\"',
  '}{',
  '],[',
  ':,',
  '\n\t',
  '\u0000',
  'ключ',
  '日本',
  '😀',
  '__proto__',
  ' ',
  '\ud800',
];

/** Any JSON value, nested at most `depth` deep. */
function randomJson(random: () => number, depth: number): Json {
  const kind = Math.floor(random() * (depth > 0 ? 7 : 5));
  if (kind === 0) return null;
  if (kind === 1) return random() < 0.5;
  if (kind === 2) return (random() - 0.5) * 10 ** Math.floor(random() * 20);
  if (kind < 5) return randomText(random);
  const length = Math.floor(random() * 5);
  if (kind === 5) return Array.from({ length }, () => randomJson(random, depth - 1));
  return randomObject(random, depth - 1, length);
}

export function randomObject(random: () => number, depth: number, members: number): Record<string, Json> {
  const object: Record<string, Json> = {};
  for (let index = 0; index < members; index++) {
    const value = randomJson(random, depth);
    // Not by assignment, for which `__proto__` would be no member.
    Object.defineProperty(object, randomText(random), { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

function randomText(random: () => number): string {
  const parts = Array.from({ length: 1 + Math.floor(random() * 3) }, () => NASTY[Math.floor(random() * NASTY.length)]);
  return parts.join(random() < 0.5 ? '' : 'a');
}
