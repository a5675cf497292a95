import { EmbedderUnavailable, type Json } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { vectorsOf } from './embedding-answer.js';

const base64 = (...numbers: number[]) => Buffer.from(Float32Array.from(numbers).buffer).toString('base64');
const entry = (index: Json, embedding: Json) => ({ object: 'embedding', index, embedding });

describe('vectorsOf', () => {
  it('reads vectors in base64 and as numbers, makes them 1 long and puts them into order', () => {
    const vectors = vectorsOf({ data: [entry(1, base64(0, -2)), entry(0, [3, 4])] }, 2, 2);
    expect(vectors).toEqual([Float32Array.of(0.6, 0.8), Float32Array.of(0, -1)]);
  });

  it.each<[string, Json | undefined, string]>([
    ['no data', undefined, 'it has no list `data`'],
    ['an object for data', {}, 'it has no list `data`'],
    ['a vector too few', [entry(0, [1, 0])], '1 vectors for 2 texts'],
    ['a vector too many', [0, 1, 2].map((index) => entry(index, [1, 0])), '3 vectors for 2 texts'],
    ['an index twice', [entry(0, [1, 0]), entry(0, [1, 0])], '0 is not the index of another text'],
    ['an index past the end', [entry(0, [1, 0]), entry(2, [1, 0])], '2 is not the index'],
    ['a negative index', [entry(0, [1, 0]), entry(-1, [1, 0])], '-1 is not the index'],
    ['half an index', [entry(0, [1, 0]), entry(0.5, [1, 0])], '0.5 is not the index'],
    ['an index in quotes', [entry(0, [1, 0]), entry('1', [1, 0])], '"1" is not the index'],
    ['no object', [entry(0, [1, 0]), null], 'an entry is no object'],
    ['no vector', [entry(0, [1, 0]), entry(1, null)], 'an entry has no vector'],
    ['another size', [entry(0, [1, 0]), entry(1, [1, 0, 0])], 'a vector has 3 numbers instead of 2'],
    ['another size in base64', [entry(0, [1, 0]), entry(1, base64(1))], 'a vector has 1 numbers instead of 2'],
    ['half a number', [entry(0, [1, 0]), entry(1, 'AAAAAAA=')], 'a vector has half a number'],
    ['null for a number', [entry(0, [1, 0]), entry(1, [1, null])], 'what is no number'],
    ['not a number', [entry(0, [1, 0]), entry(1, base64(1, NaN))], 'has no direction'],
    ['an endless number', [entry(0, [1, 0]), entry(1, base64(1, Infinity))], 'has no direction'],
    ['zeros', [entry(0, [1, 0]), entry(1, [0, 0])], 'has no direction'],
  ])('refuses %s', (_, data, why) => {
    expect(() => vectorsOf({ ...(data === undefined ? {} : { data }) }, 2, 2)).toThrow(EmbedderUnavailable);
    expect(() => vectorsOf({ ...(data === undefined ? {} : { data }) }, 2, 2)).toThrow(why);
  });
});
