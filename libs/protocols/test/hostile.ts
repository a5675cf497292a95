import fc from 'fast-check';
import type { Json, JsonObject } from '@parsimony/contract';
import { isJsonObject } from '@parsimony/contract';

/** Values that break careless code: other types, names of methods, `__proto__`, deep nesting. */
const hostileValue: fc.Arbitrary<Json | undefined> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
  fc.constantFrom<Json | undefined>(
    undefined,
    null,
    {},
    [],
    [null],
    [[]],
    '',
    -1,
    1e308,
    'data:image/png;base64,',
    'data:,',
    '{"a":',
    JSON.parse('{"__proto__": {"type": "text"}, "constructor": 1, "toString": null}') as JsonObject,
    JSON.parse('[{"type": "__proto__", "role": "constructor"}]') as Json,
    JSON.parse('['.repeat(20_000) + ']'.repeat(20_000)) as Json,
    '['.repeat(20_000) + ']'.repeat(20_000),
  ),
);

/** A value with something hostile at one place in it, or in place of the whole. */
export function spoiled(valid: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
  return fc
    .tuple(valid, fc.array(fc.nat(), { maxLength: 9 }), hostileValue, fc.constantFrom('replace', 'add'))
    .map(([value, steps, hostile, how]) => {
      const result = spoil(value, steps, hostile, how === 'add');
      // The edge lets nothing but objects in.
      return isJsonObject(result) ? result : {};
    });
}

/** Walks down by the steps, and replaces what stands there, or adds a member beside it. Copies what it passes. */
function spoil(
  value: Json | undefined,
  steps: readonly number[],
  hostile: Json | undefined,
  add: boolean,
): Json | undefined {
  const [step, ...further] = steps;
  if (step === undefined) return hostile;
  if (typeof value !== 'object' || value === null) return hostile;
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    const index = step % (items.length + 1);
    return items.toSpliced(index, 1, spoil(items[index], further, hostile, add) ?? null);
  }
  const object = value as JsonObject;
  const names = Object.keys(object);
  const name = names[step % Math.max(1, names.length)];
  if (name === undefined || (add && further.length === 0)) return { ...object, [`added${step % 3}`]: hostile };
  return { ...object, [name]: spoil(object[name], further, hostile, add) };
}
