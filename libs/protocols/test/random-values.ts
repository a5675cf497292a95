import fc from 'fast-check';
import type { JsonObject } from '@parsimony/contract';

/** Text that says something, in any script. */
export const someText = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 10 }),
  fc.constantFrom('Какая погода в Москве?', '👩‍🚀🚀 поехали', '{"not":"parsed"}', 'data:text/plain,hello', '\u2028\n'),
);

export const someName = fc.stringMatching(/^[a-zA-Z0-9_-]{1,24}$/);

/** As a parser gives it: no -0, and integer-like members first. */
export const someObject = fc
  .dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 })
  .map((value) => reparse(value) as JsonObject);

export const someSchema = fc
  .dictionary(someName, fc.constant({ type: 'string' }), { maxKeys: 3 })
  .map((properties) => ({
    type: 'object',
    properties: reparse(properties) as JsonObject,
    required: Object.keys(properties),
    additionalProperties: false,
  }));

export const someBase64 = fc.base64String({ maxLength: 40 });

export const someCount = fc.integer({ min: 0, max: 1_000_000 });

/** Lengths of the pieces that texts are cut into, over and over. */
export const someCuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

/** Leaves members out, or keeps them. */
export function optional<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined });
}

export function reparse(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** The pieces of a text; characters may be cut in two, as providers do. */
export function cutText(text: string, cuts: readonly number[]): string[] {
  const pieces: string[] = [];
  let at = 0;
  for (let index = 0; at < text.length; index++) {
    const end = at + (cuts[index % cuts.length] ?? 1);
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}
