import { describe, expect, it } from 'vitest';
import { VectorCache } from './vector-cache.js';

/** Room for two vectors of 25 numbers: 100 bytes each, and 400 for what is around them. */
const TWO = 1_000;
const aVector = (value: number) => new Float32Array(25).fill(value);

describe('VectorCache', () => {
  it('gives up who was not asked for longest', () => {
    const cache = new VectorCache(TWO);
    cache.set('a', aVector(1));
    cache.set('b', aVector(2));
    expect(cache.get('a')).toEqual(aVector(1));
    cache.set('c', aVector(3));
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([aVector(1), undefined, aVector(3)]);
  });

  it('counts a vector once that is set again', () => {
    const cache = new VectorCache(TWO);
    cache.set('a', aVector(1));
    for (let round = 0; round < 10; round++) cache.set('b', aVector(round));
    expect(cache.get('a')).toEqual(aVector(1));
    expect(cache.get('b')).toEqual(aVector(9));
  });

  it('keeps nothing that is larger than itself', () => {
    const cache = new VectorCache(TWO);
    cache.set('a', aVector(1));
    cache.set('large', new Float32Array(1_000));
    expect([cache.get('a'), cache.get('large')]).toEqual([undefined, undefined]);
    cache.set('b', aVector(2));
    expect(cache.get('b')).toEqual(aVector(2));
  });
});
